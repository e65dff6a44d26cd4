from django.db import migrations

from foundation.row_guards import guard, same

SEALED = "OLD.sequence IS NOT NULL"
CONTENT = same(
    "campaign_id", "kind", "title", "intro", "columns", "rows", "rule_set_id", "released_at", "notice_ends_at",
    "prepared_by_id", "reviewed_by_id", "reviewed_at", "release_at", "scheduled_by_id", "released_by_id",
    "supersedes_id", "sequence", "previous_digest", "digest",
)  # fmt: skip
ON_SEALED = 'SELECT sequence FROM publications_publication AS p WHERE p.id = {row}.publication_id'
ENTRY_SEALED = f"({ON_SEALED}) IS NOT NULL"


class Migration(migrations.Migration):
    """A released list never changes; the one thing that may happen to it is its withdrawal."""

    dependencies = [("publications", "0001_initial")]

    operations = [
        guard(
            "publications_publication",
            "update",
            when=f"{SEALED} AND NOT (OLD.state = 'released' AND NEW.state IN ('released', 'withdrawn') AND {CONTENT})",
        ),
        guard("publications_publication", "delete", when=SEALED),
        guard("publications_publicationentry", "insert", when=ENTRY_SEALED.format(row="NEW")),
        guard("publications_publicationentry", "update", when=ENTRY_SEALED.format(row="OLD")),
        guard("publications_publicationentry", "delete", when=ENTRY_SEALED.format(row="OLD")),
    ]
