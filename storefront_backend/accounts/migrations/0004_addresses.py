"""Every account's address, verified: until now each began with a mail, or with an operator."""

from django.db import migrations


def record(apps, schema_editor):
    user, address = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    known = address.objects.values("user")
    rows = user.objects.exclude(pk__in=known).values_list("pk", "email")
    address.objects.bulk_create(
        (
            address(user_id=pk, email=email.lower(), verified=True, primary=True)
            for pk, email in rows.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0003_people"),
        ("account", "0009_emailaddress_unique_primary_email"),
    )
    operations = (migrations.RunPython(record, migrations.RunPython.noop),)
