"""Changes of these rows are kept: by triggers, in tables that are only added to."""

import decimal
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models

from storefront_backend.audit.snapshots import snapshot


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_relisting'),
    ]

    operations = [
        migrations.CreateModel(
            name='BrandEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('slug', models.SlugField(db_index=False, max_length=60)),
                ('names', models.JSONField(default=dict)),
                ('taglines', models.JSONField(blank=True, default=dict)),
                ('stories', models.JSONField(blank=True, default=dict)),
                ('cities', models.JSONField(blank=True, default=dict)),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('legal_name', models.CharField(blank=True, max_length=120)),
                ('address', models.TextField(blank=True)),
                ('shows_price_parts', models.BooleanField(default=False)),
                ('sells_at_metal_value', models.BooleanField(default=False)),
                ('price_move_percent', models.PositiveSmallIntegerField(blank=True, help_text="A sheet's price that moves by more waits to be confirmed. Empty: as the shop.", null=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CollectionEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('names', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MarketPricesEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('market', models.CharField(max_length=2)),
                ('markup', models.DecimalField(decimal_places=4, default=decimal.Decimal, help_text='A share: 0.05 is 5 %.', max_digits=6)),
                ('rounding', models.CharField(choices=[('minor-unit', 'minor-unit'), ('cash', 'cash'), ('whole', 'whole'), ('tens', 'tens'), ('charm', 'charm')], max_length=12)),
                ('cash_step', models.DecimalField(decimal_places=3, default=Decimal('0.05'), help_text='For rounding to cash.', max_digits=8)),
                ('floor', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('ceiling', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('code', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=12)),
                ('names', models.JSONField(default=dict)),
                ('descriptions', models.JSONField(blank=True, default=dict)),
                ('markets', models.JSONField(default=list)),
                ('engraving_max', models.PositiveSmallIntegerField(default=0)),
                ('is_published', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductVariantEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('sku', models.CharField(max_length=80)),
                ('alloy', models.CharField(max_length=24)),
                ('ring_size_mm', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('ring_size_label', models.CharField(blank=True, max_length=16)),
                ('passport', models.JSONField()),
                ('price_formula', models.JSONField()),
                ('made_to_order_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RateTickEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('version', models.CharField(max_length=40)),
                ('state', models.CharField(choices=[('held', 'Held'), ('accepted', 'Accepted'), ('rejected', 'Rejected')], max_length=8)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ShippingMethodEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('market', models.CharField(max_length=2)),
                ('slug', models.SlugField(db_index=False, max_length=40)),
                ('names', models.JSONField(default=dict)),
                ('carrier', models.CharField(max_length=60)),
                ('currency', models.CharField(max_length=3)),
                ('price', models.DecimalField(decimal_places=3, max_digits=14)),
                ('insured_up_to', models.DecimalField(decimal_places=3, max_digits=14)),
                ('min_days', models.PositiveSmallIntegerField()),
                ('max_days', models.PositiveSmallIntegerField()),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StockEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('quantity', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WarehouseEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('slug', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('country', models.CharField(max_length=2)),
                ('is_bonded', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('-pgh_id',),
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brand',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_brandevent" ("address", "cities", "founded", "legal_name", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_move_percent", "sells_at_metal_value", "shows_price_parts", "slug", "stories", "taglines") VALUES (NEW."address", NEW."cities", NEW."founded", NEW."legal_name", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."price_move_percent", NEW."sells_at_metal_value", NEW."shows_price_parts", NEW."slug", NEW."stories", NEW."taglines"); RETURN NULL;', hash='ed82d009deabff6e1278bd1d2605004cd99c5907', operation='INSERT', pgid='pgtrigger_insert_insert_e6d3d', table='catalog_brand', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brand',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."cities" IS DISTINCT FROM (NEW."cities") OR OLD."founded" IS DISTINCT FROM (NEW."founded") OR OLD."legal_name" IS DISTINCT FROM (NEW."legal_name") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."price_move_percent" IS DISTINCT FROM (NEW."price_move_percent") OR OLD."sells_at_metal_value" IS DISTINCT FROM (NEW."sells_at_metal_value") OR OLD."shows_price_parts" IS DISTINCT FROM (NEW."shows_price_parts") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."stories" IS DISTINCT FROM (NEW."stories") OR OLD."taglines" IS DISTINCT FROM (NEW."taglines"))', func='INSERT INTO "catalog_brandevent" ("address", "cities", "founded", "legal_name", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_move_percent", "sells_at_metal_value", "shows_price_parts", "slug", "stories", "taglines") VALUES (NEW."address", NEW."cities", NEW."founded", NEW."legal_name", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."price_move_percent", NEW."sells_at_metal_value", NEW."shows_price_parts", NEW."slug", NEW."stories", NEW."taglines"); RETURN NULL;', hash='33e0dc85a3a735332a78ad4e19e17181cdd99a2b', operation='UPDATE', pgid='pgtrigger_update_update_c06ba', table='catalog_brand', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brand',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_brandevent" ("address", "cities", "founded", "legal_name", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_move_percent", "sells_at_metal_value", "shows_price_parts", "slug", "stories", "taglines") VALUES (OLD."address", OLD."cities", OLD."founded", OLD."legal_name", OLD."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."price_move_percent", OLD."sells_at_metal_value", OLD."shows_price_parts", OLD."slug", OLD."stories", OLD."taglines"); RETURN NULL;', hash='34f162dd859043569c2de3cb71fbe53b5ba7c8d9', operation='DELETE', pgid='pgtrigger_delete_delete_6beb2', table='catalog_brand', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collection',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_collectionevent" ("brand_id", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."brand_id", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."slug"); RETURN NULL;', hash='b27511677b56c1e515e03b69b51b4d4828e671a9', operation='INSERT', pgid='pgtrigger_insert_insert_06a77', table='catalog_collection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collection',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."slug" IS DISTINCT FROM (NEW."slug"))', func='INSERT INTO "catalog_collectionevent" ("brand_id", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."brand_id", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."slug"); RETURN NULL;', hash='4a592931a8e0da6c9ceee4cc9bf949813fca7883', operation='UPDATE', pgid='pgtrigger_update_update_c9df0', table='catalog_collection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collection',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_collectionevent" ("brand_id", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (OLD."brand_id", OLD."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."slug"); RETURN NULL;', hash='a607ead511c13159561b1edc8df6a350b0a5803b', operation='DELETE', pgid='pgtrigger_delete_delete_1515f', table='catalog_collection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketprices',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_marketpricesevent" ("cash_step", "ceiling", "floor", "market", "markup", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rounding") VALUES (NEW."cash_step", NEW."ceiling", NEW."floor", NEW."market", NEW."markup", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."rounding"); RETURN NULL;', hash='4cff41cbdd56aed4b73f7d27bf2d5c3aa5253a4d', operation='INSERT', pgid='pgtrigger_insert_insert_cca3c', table='catalog_marketprices', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketprices',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."cash_step" IS DISTINCT FROM (NEW."cash_step") OR OLD."ceiling" IS DISTINCT FROM (NEW."ceiling") OR OLD."floor" IS DISTINCT FROM (NEW."floor") OR OLD."market" IS DISTINCT FROM (NEW."market") OR OLD."markup" IS DISTINCT FROM (NEW."markup") OR OLD."rounding" IS DISTINCT FROM (NEW."rounding"))', func='INSERT INTO "catalog_marketpricesevent" ("cash_step", "ceiling", "floor", "market", "markup", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rounding") VALUES (NEW."cash_step", NEW."ceiling", NEW."floor", NEW."market", NEW."markup", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."rounding"); RETURN NULL;', hash='bc856338593fae4ccc95aa70fe846d9c316e01e2', operation='UPDATE', pgid='pgtrigger_update_update_da73d', table='catalog_marketprices', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketprices',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_marketpricesevent" ("cash_step", "ceiling", "floor", "market", "markup", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rounding") VALUES (OLD."cash_step", OLD."ceiling", OLD."floor", OLD."market", OLD."markup", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."rounding"); RETURN NULL;', hash='7abde003b635e23215df81adad1754a0a96108aa', operation='DELETE', pgid='pgtrigger_delete_delete_b40cb', table='catalog_marketprices', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_productevent" ("brand_id", "code", "collection_id", "descriptions", "engraving_max", "is_published", "kind", "markets", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."code", NEW."collection_id", NEW."descriptions", NEW."engraving_max", NEW."is_published", NEW."kind", NEW."markets", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='6cf3d1e022a80f9c365e27bc5801dfd2eee07618', operation='INSERT', pgid='pgtrigger_insert_insert_ae3fa', table='catalog_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."collection_id" IS DISTINCT FROM (NEW."collection_id") OR OLD."descriptions" IS DISTINCT FROM (NEW."descriptions") OR OLD."engraving_max" IS DISTINCT FROM (NEW."engraving_max") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."markets" IS DISTINCT FROM (NEW."markets") OR OLD."names" IS DISTINCT FROM (NEW."names"))', func='INSERT INTO "catalog_productevent" ("brand_id", "code", "collection_id", "descriptions", "engraving_max", "is_published", "kind", "markets", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."brand_id", NEW."code", NEW."collection_id", NEW."descriptions", NEW."engraving_max", NEW."is_published", NEW."kind", NEW."markets", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='5b08511db23adf31171f07012d45a2bef7a6db51', operation='UPDATE', pgid='pgtrigger_update_update_580c5', table='catalog_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_productevent" ("brand_id", "code", "collection_id", "descriptions", "engraving_max", "is_published", "kind", "markets", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."brand_id", OLD."code", OLD."collection_id", OLD."descriptions", OLD."engraving_max", OLD."is_published", OLD."kind", OLD."markets", OLD."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='bb1856034292e106b35b84bf4bb5b011888249d3', operation='DELETE', pgid='pgtrigger_delete_delete_a763a', table='catalog_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productvariant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_productvariantevent" ("alloy", "brand_id", "is_active", "made_to_order_days", "passport", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_formula", "product_id", "ring_size_label", "ring_size_mm", "sku") VALUES (NEW."alloy", NEW."brand_id", NEW."is_active", NEW."made_to_order_days", NEW."passport", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."price_formula", NEW."product_id", NEW."ring_size_label", NEW."ring_size_mm", NEW."sku"); RETURN NULL;', hash='d794117f891d90b1cb0fd12ee258735ff7e43c5f', operation='INSERT', pgid='pgtrigger_insert_insert_22421', table='catalog_productvariant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productvariant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."alloy" IS DISTINCT FROM (NEW."alloy") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."made_to_order_days" IS DISTINCT FROM (NEW."made_to_order_days") OR OLD."passport" IS DISTINCT FROM (NEW."passport") OR OLD."price_formula" IS DISTINCT FROM (NEW."price_formula") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."ring_size_label" IS DISTINCT FROM (NEW."ring_size_label") OR OLD."ring_size_mm" IS DISTINCT FROM (NEW."ring_size_mm") OR OLD."sku" IS DISTINCT FROM (NEW."sku"))', func='INSERT INTO "catalog_productvariantevent" ("alloy", "brand_id", "is_active", "made_to_order_days", "passport", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_formula", "product_id", "ring_size_label", "ring_size_mm", "sku") VALUES (NEW."alloy", NEW."brand_id", NEW."is_active", NEW."made_to_order_days", NEW."passport", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."price_formula", NEW."product_id", NEW."ring_size_label", NEW."ring_size_mm", NEW."sku"); RETURN NULL;', hash='3af4e37e7f28a18e755b03a311a9ad2321195554', operation='UPDATE', pgid='pgtrigger_update_update_08d89', table='catalog_productvariant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productvariant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_productvariantevent" ("alloy", "brand_id", "is_active", "made_to_order_days", "passport", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_formula", "product_id", "ring_size_label", "ring_size_mm", "sku") VALUES (OLD."alloy", OLD."brand_id", OLD."is_active", OLD."made_to_order_days", OLD."passport", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."price_formula", OLD."product_id", OLD."ring_size_label", OLD."ring_size_mm", OLD."sku"); RETURN NULL;', hash='a04fccbe62cf590d45df82938de6be7255e9dbee', operation='DELETE', pgid='pgtrigger_delete_delete_0792a', table='catalog_productvariant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratetick',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_ratetickevent" ("decided_by", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version") VALUES (NEW."decided_by", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."state", NEW."version"); RETURN NULL;', hash='b0116d3b23afcc9ceafec9e2968bf063e3773090', operation='INSERT', pgid='pgtrigger_insert_insert_15e50', table='catalog_ratetick', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratetick',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."decided_by" IS DISTINCT FROM (NEW."decided_by") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "catalog_ratetickevent" ("decided_by", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version") VALUES (NEW."decided_by", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."state", NEW."version"); RETURN NULL;', hash='277a1c40a916e2dfaaf03ed714c936699965d1e7', operation='UPDATE', pgid='pgtrigger_update_update_121b3', table='catalog_ratetick', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratetick',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_ratetickevent" ("decided_by", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version") VALUES (OLD."decided_by", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."state", OLD."version"); RETURN NULL;', hash='511a92a169cde48bcd52783acc1c66293e342008', operation='DELETE', pgid='pgtrigger_delete_delete_097b0', table='catalog_ratetick', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shippingmethod',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_shippingmethodevent" ("carrier", "currency", "insured_up_to", "is_active", "market", "max_days", "min_days", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "slug") VALUES (NEW."carrier", NEW."currency", NEW."insured_up_to", NEW."is_active", NEW."market", NEW."max_days", NEW."min_days", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."price", NEW."slug"); RETURN NULL;', hash='67d382ac81ce886e3f66f7c09ebfffc176fe2ca4', operation='INSERT', pgid='pgtrigger_insert_insert_835db', table='catalog_shippingmethod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shippingmethod',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."carrier" IS DISTINCT FROM (NEW."carrier") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."insured_up_to" IS DISTINCT FROM (NEW."insured_up_to") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."market" IS DISTINCT FROM (NEW."market") OR OLD."max_days" IS DISTINCT FROM (NEW."max_days") OR OLD."min_days" IS DISTINCT FROM (NEW."min_days") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."slug" IS DISTINCT FROM (NEW."slug"))', func='INSERT INTO "catalog_shippingmethodevent" ("carrier", "currency", "insured_up_to", "is_active", "market", "max_days", "min_days", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "slug") VALUES (NEW."carrier", NEW."currency", NEW."insured_up_to", NEW."is_active", NEW."market", NEW."max_days", NEW."min_days", NEW."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."price", NEW."slug"); RETURN NULL;', hash='82d4a804c6e527c172e70a9483710a3b21156291', operation='UPDATE', pgid='pgtrigger_update_update_41b21', table='catalog_shippingmethod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shippingmethod',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_shippingmethodevent" ("carrier", "currency", "insured_up_to", "is_active", "market", "max_days", "min_days", "names", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "slug") VALUES (OLD."carrier", OLD."currency", OLD."insured_up_to", OLD."is_active", OLD."market", OLD."max_days", OLD."min_days", OLD."names", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."price", OLD."slug"); RETURN NULL;', hash='909983028b4a1aa6749714da613e45d6b2662874', operation='DELETE', pgid='pgtrigger_delete_delete_99cce', table='catalog_shippingmethod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stock',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_stockevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "variant_id", "warehouse_id") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."quantity", NEW."variant_id", NEW."warehouse_id"); RETURN NULL;', hash='917f093f859146d3f9ae2c36cd41b94d2df527fd', operation='INSERT', pgid='pgtrigger_insert_insert_83c3b', table='catalog_stock', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stock',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."quantity" IS DISTINCT FROM (NEW."quantity") OR OLD."variant_id" IS DISTINCT FROM (NEW."variant_id") OR OLD."warehouse_id" IS DISTINCT FROM (NEW."warehouse_id"))', func='INSERT INTO "catalog_stockevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "variant_id", "warehouse_id") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."quantity", NEW."variant_id", NEW."warehouse_id"); RETURN NULL;', hash='eba24ec071ba6e7b041e5324e0a50004aa66a241', operation='UPDATE', pgid='pgtrigger_update_update_45296', table='catalog_stock', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stock',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_stockevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "variant_id", "warehouse_id") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."quantity", OLD."variant_id", OLD."warehouse_id"); RETURN NULL;', hash='4a658f62a2f9e8f72323f11f09e5bf85050187ff', operation='DELETE', pgid='pgtrigger_delete_delete_d45ee', table='catalog_stock', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warehouse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_warehouseevent" ("country", "is_bonded", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."country", NEW."is_bonded", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."slug"); RETURN NULL;', hash='0a48dfdb59e25d4e4798c572c75c077c2a69a142', operation='INSERT', pgid='pgtrigger_insert_insert_8cf3c', table='catalog_warehouse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warehouse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."is_bonded" IS DISTINCT FROM (NEW."is_bonded") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."slug" IS DISTINCT FROM (NEW."slug"))', func='INSERT INTO "catalog_warehouseevent" ("country", "is_bonded", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."country", NEW."is_bonded", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."slug"); RETURN NULL;', hash='5d3057bb88014ab06fcd0fa2512102508d864795', operation='UPDATE', pgid='pgtrigger_update_update_a584a', table='catalog_warehouse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warehouse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_warehouseevent" ("country", "is_bonded", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (OLD."country", OLD."is_bonded", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."slug"); RETURN NULL;', hash='132df332fb7a2459c00098c802fde1e1daf9063e', operation='DELETE', pgid='pgtrigger_delete_delete_0301d', table='catalog_warehouse', when='AFTER')),
        ),
        migrations.AddField(
            model_name='brandevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='collectionevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='collectionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.collection'),
        ),
        migrations.AddField(
            model_name='marketpricesevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.marketprices'),
        ),
        migrations.AddField(
            model_name='productevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='productevent',
            name='collection',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.collection'),
        ),
        migrations.AddField(
            model_name='productevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='productvariantevent',
            name='brand',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.brand'),
        ),
        migrations.AddField(
            model_name='productvariantevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.productvariant'),
        ),
        migrations.AddField(
            model_name='productvariantevent',
            name='product',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='ratetickevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.ratetick'),
        ),
        migrations.AddField(
            model_name='shippingmethodevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.shippingmethod'),
        ),
        migrations.AddField(
            model_name='stockevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.stock'),
        ),
        migrations.AddField(
            model_name='stockevent',
            name='variant',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.productvariant'),
        ),
        migrations.AddField(
            model_name='stockevent',
            name='warehouse',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.warehouse'),
        ),
        migrations.AddField(
            model_name='warehouseevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='catalog.warehouse'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brandevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b1d8c5311e64b5e28bab0c8449eabe0c05b9ab0a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_95d41', table='catalog_brandevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e8b25f029e4314b080383c4bf2619173fb996f3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_90f85', table='catalog_collectionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketpricesevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='beb15b880d83a72bc2267b03eb55ad2d5ed35405', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_568d1', table='catalog_marketpricesevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='940e6199f2f19bd732620c5d3f2e10c3a68c0d21', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_582f1', table='catalog_productevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productvariantevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f9e78a9e179b4ce75c64197f01dc35715b85018', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b9bf3', table='catalog_productvariantevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratetickevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c792dbbafc47cb214234222e8dc70c6640ff83a4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2fb31', table='catalog_ratetickevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shippingmethodevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0f20acf315a0713088c336aa9280965a9a52aca2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_566b8', table='catalog_shippingmethodevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stockevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ccf43e62e905690960b018941da36a7ee2a25c5e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b1c74', table='catalog_stockevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warehouseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bdd873a510242a43649e985e280c011debb3b3b9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_09c6c', table='catalog_warehouseevent', when='BEFORE')),
        ),
            snapshot('catalog', 'Brand', 'Collection', 'Product', 'ProductVariant', 'Warehouse', 'Stock', 'ShippingMethod', 'MarketPrices', 'RateTick'),
    ]
