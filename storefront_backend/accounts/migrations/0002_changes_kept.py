"""Changes of these rows are kept: by triggers, in tables that are only added to."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from storefront_backend.audit.snapshots import snapshot


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalog', '0008_changes_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='BrandMembershipEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('member', 'Member'), ('reader', 'Reader')], default='member', max_length=8)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('email', models.EmailField(max_length=254)),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('is_marketer', models.BooleanField(default=False)),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandmembership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_brandmembershipevent" ("brand_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."brand_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='744e87858b23554e9ecfaa538687cfbe7d378899', operation='INSERT', pgid='pgtrigger_insert_insert_637bf', table='accounts_brandmembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandmembership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "accounts_brandmembershipevent" ("brand_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."brand_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='d5f04f0d78715476641170934d74dd9885fcc6b0', operation='UPDATE', pgid='pgtrigger_update_update_ed4ee', table='accounts_brandmembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandmembership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_brandmembershipevent" ("brand_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (OLD."brand_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."role", OLD."user_id"); RETURN NULL;', hash='90b878c267392d5e706103f129b37ee45623c65b', operation='DELETE', pgid='pgtrigger_delete_delete_07f38', table='accounts_brandmembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("email", "is_active", "is_marketer", "is_staff", "is_superuser", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."is_active", NEW."is_marketer", NEW."is_staff", NEW."is_superuser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='772698980a604cca1498a1c5e5a8edcd8c68da3e', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_marketer" IS DISTINCT FROM (NEW."is_marketer") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser"))', func='INSERT INTO "accounts_userevent" ("email", "is_active", "is_marketer", "is_staff", "is_superuser", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."is_active", NEW."is_marketer", NEW."is_staff", NEW."is_superuser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='c88bb80e6e82ce4c521941927f4f0137e4c137ac', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("email", "is_active", "is_marketer", "is_staff", "is_superuser", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."email", OLD."is_active", OLD."is_marketer", OLD."is_staff", OLD."is_superuser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='ef2be6af5523f15bff024f318a816c2411cae59e', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
        ),
        migrations.AddField(
            model_name='brandmembershipevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='brandmembershipevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='accounts.brandmembership'),
        ),
        migrations.AddField(
            model_name='brandmembershipevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='userevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandmembershipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='17989c2bce7e0ebe8bd75923b8322d4f7861e34a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fde25', table='accounts_brandmembershipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE')),
        ),
            snapshot('accounts', 'User', 'BrandMembership'),
    ]
