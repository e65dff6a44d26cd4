from django.db import migrations

from accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("establishment", "0001_initial")]
    operations = [append_only("establishment_slotmovement"), append_only("establishment_staffingchange")]
