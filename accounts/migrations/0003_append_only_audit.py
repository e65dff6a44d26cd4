from django.db import migrations

from accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_system_accounts")]
    operations = [append_only("accounts_auditentry"), append_only("accounts_auditseal")]
