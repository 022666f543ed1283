"""Drafts of texts by a machine."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0008_changes_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=12)),
                ('object_id', models.BigIntegerField()),
                ('field', models.CharField(max_length=16)),
                ('language', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('source_language', models.CharField(max_length=10)),
                ('source', models.TextField()),
                ('engine', models.CharField(max_length=20)),
                ('made_at', models.DateTimeField(auto_now=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='text_drafts', to='catalog.brand')),
            ],
            options={
                'ordering': ('subject', 'object_id', 'field', 'language'),
                'constraints': [models.UniqueConstraint(fields=('brand', 'subject', 'object_id', 'field', 'language'), name='one_draft_a_text')],
            },
        ),
    ]
