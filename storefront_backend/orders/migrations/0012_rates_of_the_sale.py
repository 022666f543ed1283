"""An order and a checkout keep the rates and the tick that their price was made with."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0011_event_mismatch"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkout",
            name="rates",
            field=models.JSONField(blank=True, default=dict),
        ),
        # It was a text that nothing ever wrote.
        migrations.RemoveField(model_name="order", name="rates"),
        migrations.AddField(
            model_name="order",
            name="rates",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
