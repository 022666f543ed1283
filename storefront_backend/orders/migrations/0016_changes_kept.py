"""Changes of these rows are kept: by triggers, in tables that are only added to."""

import decimal
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from storefront_backend.audit.snapshots import snapshot


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0008_changes_kept'),
        ('orders', '0015_checkout_client_and_left'),
    ]

    operations = [
        migrations.CreateModel(
            name='BrandTermsEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('commission', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=5)),
                ('commission_tax', models.DecimalField(decimal_places=4, default=decimal.Decimal, max_digits=5)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FulfillmentEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('number', models.CharField(max_length=24)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('fulfilled', 'Fulfilled'), ('canceled', 'Canceled')], default='waiting', max_length=9)),
                ('tracking', models.CharField(blank=True, max_length=80)),
                ('carrier', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OrderEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('number', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('unfulfilled', 'Unfulfilled'), ('partially_fulfilled', 'Partially Fulfilled'), ('fulfilled', 'Fulfilled'), ('canceled', 'Canceled'), ('returned', 'Returned')], default='unfulfilled', max_length=20)),
                ('flag', models.CharField(blank=True, choices=[('disputed', 'Disputed'), ('unpaid', 'Unpaid'), ('refunded', 'Refunded'), ('mismatch', 'Mismatch')], max_length=10)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RefundEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('number', models.CharField(max_length=24)),
                ('kind', models.CharField(choices=[('cancellation', 'Cancellation'), ('return', 'Return'), ('allowance', 'Allowance')], max_length=12)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('done', 'Done')], default='asked', max_length=5)),
                ('reason', models.CharField(max_length=200)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('currency', models.CharField(max_length=3)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandterms',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_brandtermsevent" ("brand_id", "commission", "commission_tax", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."commission", NEW."commission_tax", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='00d1c2c0e696d61ade7dc39365f9f51f3a48c9d6', operation='INSERT', pgid='pgtrigger_insert_insert_1f1e8', table='orders_brandterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandterms',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."commission" IS DISTINCT FROM (NEW."commission") OR OLD."commission_tax" IS DISTINCT FROM (NEW."commission_tax"))', func='INSERT INTO "orders_brandtermsevent" ("brand_id", "commission", "commission_tax", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."commission", NEW."commission_tax", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='2dd8bf8eb6d867828b0929d17278ad2b19c54653', operation='UPDATE', pgid='pgtrigger_update_update_9f09e', table='orders_brandterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandterms',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_brandtermsevent" ("brand_id", "commission", "commission_tax", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."brand_id", OLD."commission", OLD."commission_tax", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='11ac2e7e59964f040b4b547926291696bed9e06f', operation='DELETE', pgid='pgtrigger_delete_delete_af275', table='orders_brandterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fulfillment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_fulfillmentevent" ("brand_id", "carrier", "number", "order_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "tracking") VALUES (NEW."brand_id", NEW."carrier", NEW."number", NEW."order_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."state", NEW."tracking"); RETURN NULL;', hash='dd56f5a35c790d2d9c09f1a8a6f4c3e2926f1c98', operation='INSERT', pgid='pgtrigger_insert_insert_e0da9', table='orders_fulfillment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fulfillment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."carrier" IS DISTINCT FROM (NEW."carrier") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."tracking" IS DISTINCT FROM (NEW."tracking"))', func='INSERT INTO "orders_fulfillmentevent" ("brand_id", "carrier", "number", "order_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "tracking") VALUES (NEW."brand_id", NEW."carrier", NEW."number", NEW."order_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."state", NEW."tracking"); RETURN NULL;', hash='77273bb7e9ec243795017d65a8d2a153ae0b6477', operation='UPDATE', pgid='pgtrigger_update_update_9868d', table='orders_fulfillment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fulfillment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_fulfillmentevent" ("brand_id", "carrier", "number", "order_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "tracking") VALUES (OLD."brand_id", OLD."carrier", OLD."number", OLD."order_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."state", OLD."tracking"); RETURN NULL;', hash='a5c0450c4812fd0daa5356482aad70a9b293daf3', operation='DELETE', pgid='pgtrigger_delete_delete_96488', table='orders_fulfillment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='order',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_orderevent" ("flag", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (NEW."flag", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."state"); RETURN NULL;', hash='f7552f7d32564b1ed85f403a171d1cd86fb1d89a', operation='INSERT', pgid='pgtrigger_insert_insert_eb763', table='orders_order', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='order',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."flag" IS DISTINCT FROM (NEW."flag") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "orders_orderevent" ("flag", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (NEW."flag", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."state"); RETURN NULL;', hash='df1b9317ed5c9ef65f92472bbd491a0a86061aeb', operation='UPDATE', pgid='pgtrigger_update_update_d4b84', table='orders_order', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='order',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_orderevent" ("flag", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (OLD."flag", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."state"); RETURN NULL;', hash='81a3e334274a5f32fdcb4e0e5816575197e67ad5', operation='DELETE', pgid='pgtrigger_delete_delete_709b4', table='orders_order', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_refundevent" ("amount", "brand_id", "currency", "kind", "number", "order_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state") VALUES (NEW."amount", NEW."brand_id", NEW."currency", NEW."kind", NEW."number", NEW."order_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."reason", NEW."state"); RETURN NULL;', hash='4ff87e02404241dd0d5dbea630efb6e32362a5c0', operation='INSERT', pgid='pgtrigger_insert_insert_d614b', table='orders_refund', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "orders_refundevent" ("amount", "brand_id", "currency", "kind", "number", "order_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state") VALUES (NEW."amount", NEW."brand_id", NEW."currency", NEW."kind", NEW."number", NEW."order_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."reason", NEW."state"); RETURN NULL;', hash='3fdd9eb53bd9b75a579278e98dab665eb8c9a4fc', operation='UPDATE', pgid='pgtrigger_update_update_7d7b9', table='orders_refund', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refund',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "orders_refundevent" ("amount", "brand_id", "currency", "kind", "number", "order_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state") VALUES (OLD."amount", OLD."brand_id", OLD."currency", OLD."kind", OLD."number", OLD."order_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."reason", OLD."state"); RETURN NULL;', hash='2dcd00cf27d9b38cef1df9b92ff0430348926a63', operation='DELETE', pgid='pgtrigger_delete_delete_2ff9f', table='orders_refund', when='AFTER')),
        ),
        migrations.AddField(
            model_name='brandtermsevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='brandtermsevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='orders.brandterms'),
        ),
        migrations.AddField(
            model_name='fulfillmentevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='fulfillmentevent',
            name='order',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='fulfillmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='orders.fulfillment'),
        ),
        migrations.AddField(
            model_name='orderevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='orders.order'),
        ),
        migrations.AddField(
            model_name='refundevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='refundevent',
            name='order',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='refundevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='orders.refund'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandtermsevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1d9218a2f95717543c61fcd8cb7ea2bd714c011f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_95e51', table='orders_brandtermsevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fulfillmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dc2aabe24d2742e64cbf26303fe3908735cb60c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7d78a', table='orders_fulfillmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orderevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7d910be96f697ed8c0d24b8d8a9b6e268d3d09ae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_39cdb', table='orders_orderevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refundevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='29ba405c161035874c7f64e23203ea9c7b986a84', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4cd81', table='orders_refundevent', when='BEFORE')),
        ),
            snapshot('orders', 'Order', 'Fulfillment', 'Refund', 'BrandTerms'),
    ]
