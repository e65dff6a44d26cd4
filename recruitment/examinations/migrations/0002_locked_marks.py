from django.db import migrations

from foundation.row_guards import guard

LOCKED = "(SELECT locked_at FROM examinations_markbatch AS b WHERE b.id = {row}.batch_id) IS NOT NULL"


class Migration(migrations.Migration):
    """Marks that a second person locked never change, and no mark slips into a locked batch."""

    dependencies = [("examinations", "0001_initial")]

    operations = [
        guard("examinations_mark", "insert", when=LOCKED.format(row="NEW")),
        guard("examinations_mark", "update", when=f"{LOCKED.format(row='OLD')} OR {LOCKED.format(row='NEW')}"),
        guard("examinations_mark", "delete", when=LOCKED.format(row="OLD")),
        guard("examinations_markbatch", "update", when="OLD.locked_at IS NOT NULL"),
        guard("examinations_markbatch", "delete", when="OLD.locked_at IS NOT NULL"),
    ]
