from django.db import migrations

from accounts.audit_order import announced_entries


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_append_only_audit")]
    operations = [announced_entries()]
