from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0013_idempotency_keys_a_subject'),
    ]

    operations = [
        migrations.AddField(
            model_name='backinstocknotice',
            name='confirm_mailed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backinstocknotice',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        # Who asked before there was a confirmation keeps what was promised then.
        migrations.RunSQL(
            "UPDATE orders_backinstocknotice SET confirmed_at = created_at",
            migrations.RunSQL.noop,
        ),
    ]
