from django.db import migrations


def create_accounts(apps, schema_editor):
    user = apps.get_model("accounts", "User")
    for username, name in (("console", "控制台"), ("system", "系统")):
        user.objects.get_or_create(
            username=username, defaults={"kind": "system", "name": name, "is_active": False, "password": "!"}
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create_accounts, migrations.RunPython.noop)]
