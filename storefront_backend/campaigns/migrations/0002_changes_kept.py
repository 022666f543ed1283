"""Changes of these rows are kept: by triggers, in tables that are only added to."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from storefront_backend.audit.snapshots import snapshot


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0001_initial'),
        ('catalog', '0008_changes_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('names', models.JSONField(default=dict)),
                ('introductions', models.JSONField(blank=True, default=dict)),
                ('markets', models.JSONField(default=list)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PartnerEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('kol', 'KOL'), ('koc', 'KOC')], max_length=3)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoryEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('titles', models.JSONField(default=dict)),
                ('bodies', models.JSONField(default=dict)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "campaigns_campaignevent" ("ends_at", "introductions", "markets", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "starts_at") VALUES (NEW."ends_at", NEW."introductions", NEW."markets", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."slug", NEW."starts_at"); RETURN NULL;', hash='b8ac329ee0e1e06f7ad10934b4da50ad4f87bb37', operation='INSERT', pgid='pgtrigger_insert_insert_5522d', table='campaigns_campaign', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."introductions" IS DISTINCT FROM (NEW."introductions") OR OLD."markets" IS DISTINCT FROM (NEW."markets") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at"))', func='INSERT INTO "campaigns_campaignevent" ("ends_at", "introductions", "markets", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "starts_at") VALUES (NEW."ends_at", NEW."introductions", NEW."markets", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."slug", NEW."starts_at"); RETURN NULL;', hash='1fa48a5c2d30f72f679607f27ed22600d3a8cb31', operation='UPDATE', pgid='pgtrigger_update_update_f2afa', table='campaigns_campaign', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "campaigns_campaignevent" ("ends_at", "introductions", "markets", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "starts_at") VALUES (OLD."ends_at", OLD."introductions", OLD."markets", OLD."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."slug", OLD."starts_at"); RETURN NULL;', hash='f79ae74a99d2418d5fa7a0548ca95a94e490745b', operation='DELETE', pgid='pgtrigger_delete_delete_4123f', table='campaigns_campaign', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "campaigns_partnerevent" ("campaign_id", "code", "is_active", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."campaign_id", NEW."code", NEW."is_active", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='67da4a65a9ad38173803db08398c28cc0e551863', operation='INSERT', pgid='pgtrigger_insert_insert_0d8cc', table='campaigns_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "campaigns_partnerevent" ("campaign_id", "code", "is_active", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."campaign_id", NEW."code", NEW."is_active", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='fc23cae035605af5ae1ecb97936cc47afe229163', operation='UPDATE', pgid='pgtrigger_update_update_afe46', table='campaigns_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "campaigns_partnerevent" ("campaign_id", "code", "is_active", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."campaign_id", OLD."code", OLD."is_active", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='2bcd588339bc4e26a54763af31231d283a51e730', operation='DELETE', pgid='pgtrigger_delete_delete_d3a12', table='campaigns_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='story',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "campaigns_storyevent" ("bodies", "brand_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "titles") VALUES (NEW."bodies", NEW."brand_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."published_at", NEW."slug", NEW."titles"); RETURN NULL;', hash='26e1865a8615965e818a971a914e663603d962d7', operation='INSERT', pgid='pgtrigger_insert_insert_e5d78', table='campaigns_story', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='story',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."bodies" IS DISTINCT FROM (NEW."bodies") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."titles" IS DISTINCT FROM (NEW."titles"))', func='INSERT INTO "campaigns_storyevent" ("bodies", "brand_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "titles") VALUES (NEW."bodies", NEW."brand_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."published_at", NEW."slug", NEW."titles"); RETURN NULL;', hash='acaaafbe20e98da1cd1d698f98477447f3acc39b', operation='UPDATE', pgid='pgtrigger_update_update_70117', table='campaigns_story', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='story',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "campaigns_storyevent" ("bodies", "brand_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "titles") VALUES (OLD."bodies", OLD."brand_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."published_at", OLD."slug", OLD."titles"); RETURN NULL;', hash='911451bd6c62ae533f93f26dbb2dc4eaf80e7de4', operation='DELETE', pgid='pgtrigger_delete_delete_bab82', table='campaigns_story', when='AFTER')),
        ),
        migrations.AddField(
            model_name='campaignevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='partnerevent',
            name='campaign',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='partnerevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='campaigns.partner'),
        ),
        migrations.AddField(
            model_name='storyevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='storyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='campaigns.story'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaignevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cd78d02846c8c3f1cd9afeabc1d0e11b4eea1c90', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6a65a', table='campaigns_campaignevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d23e6eefe4bcfcabb9eeef777b1de865077b5c0d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e6a53', table='campaigns_partnerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0c266fe4b41f43c52b3f4c668902dade0d2d5b5a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4654f', table='campaigns_storyevent', when='BEFORE')),
        ),
            snapshot('campaigns', 'Campaign', 'Partner', 'Story'),
    ]
