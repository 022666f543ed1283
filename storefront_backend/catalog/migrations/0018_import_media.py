"""A run of an import takes in the files that came with its sheet: a phase of its own."""

from __future__ import annotations

from django.db import migrations, models

_PHASES = ("reading", "checking", "planning", "writing", "stock", "media")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_imprint")]

    operations = [
        migrations.AlterField(
            "importrun",
            "phase",
            models.CharField(
                blank=True,
                choices=[(phase, phase.title()) for phase in _PHASES],
                default="",
                max_length=8,
            ),
        ),
    ]
