"""A key counts for one call about one subject; rows without an answer are not kept any more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0012_rates_of_the_sale")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM orders_idempotentcall WHERE answer IS NULL", migrations.RunSQL.noop
        ),
        migrations.AlterField("idempotentcall", "key", models.CharField(max_length=120)),
        migrations.AlterField("idempotentcall", "answer", models.JSONField()),
        migrations.AddConstraint(
            "idempotentcall",
            models.UniqueConstraint(fields=("subject", "operation", "key"), name="one_answer"),
        ),
    ]
