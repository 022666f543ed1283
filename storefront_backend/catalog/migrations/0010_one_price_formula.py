from django.db import migrations

# A formula is stored as a sheet's draft always was: percentages, and how the making counts. The
# history is only added to: it keeps the form of its day, and shows this as a change without a person.
FORWARDS = """
UPDATE catalog_productvariant
   SET price_formula = price_formula - ARRAY['making_amount', 'loss', 'margin']
       || jsonb_build_object(
           'making_kind', price_formula -> 'making',
           'making', price_formula -> 'making_amount',
           'loss_percent', trim_scale((price_formula ->> 'loss')::numeric * 100)::text,
           'margin_percent', trim_scale((price_formula ->> 'margin')::numeric * 100)::text
       )
 WHERE price_formula ? 'making_amount'
"""
BACKWARDS = """
UPDATE catalog_productvariant
   SET price_formula = price_formula - ARRAY['making_kind', 'loss_percent', 'margin_percent']
       || jsonb_build_object(
           'making', replace(price_formula ->> 'making_kind', 'metal-value', 'none'),
           'making_amount', price_formula -> 'making',
           'loss', trim_scale((price_formula ->> 'loss_percent')::numeric / 100)::text,
           'margin', trim_scale((price_formula ->> 'margin_percent')::numeric / 100)::text
       )
 WHERE price_formula ? 'making_kind'
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_text_drafts")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
