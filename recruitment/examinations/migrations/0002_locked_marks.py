from django.db import migrations

from foundation.row_guards import guard, same

LOCKED = "(SELECT locked_at FROM examinations_markbatch AS b WHERE b.id = {row}.batch_id) IS NOT NULL"
# Only its confirmation and its end are still to come when a line is set, each once.
SET = same(
    "campaign_id", "exam_category", "value", "document", "attachment_id", "reason", "set_by_id", "set_at"
)
CONFIRMED = same("confirmed_by_id", "confirmed_at")


class Migration(migrations.Migration):
    """Marks that a second person locked never change, no mark slips into a locked batch, no line is edited, and a case
    of misconduct that was decided or dropped stays as it is."""

    dependencies = [("examinations", "0001_initial")]

    operations = [
        guard("examinations_mark", "insert", when=LOCKED.format(row="NEW")),
        guard("examinations_mark", "update", when=f"{LOCKED.format(row='OLD')} OR {LOCKED.format(row='NEW')}"),
        guard("examinations_mark", "delete", when=LOCKED.format(row="OLD")),
        guard("examinations_markbatch", "update", when="OLD.locked_at IS NOT NULL"),
        guard("examinations_markbatch", "delete", when="OLD.locked_at IS NOT NULL"),
        guard(
            "examinations_writtenline", "update",
            when=f"OLD.superseded_at IS NOT NULL OR NOT ({SET}) OR (OLD.confirmed_at IS NOT NULL AND NOT ({CONFIRMED}))",
        ),
        guard("examinations_writtenline", "delete", when="OLD.confirmed_at IS NOT NULL"),
        guard("examinations_conductcase", "update", when="OLD.state <> 'open'"),
        guard("examinations_conductcase", "delete", when="OLD.state <> 'open'"),
    ]
