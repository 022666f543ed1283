"""The database keeps the ledger: movements balance, and nothing in it is changed or removed."""

from django.db import migrations

_BALANCE = """
CREATE FUNCTION ledger_movement_balances() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM orders_ledgerentry WHERE movement_id = NEW.movement_id
        GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger movement % does not balance', NEW.movement_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT ON orders_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_movement_balances();

CREATE FUNCTION ledger_is_written_once() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is written once; book the reverse instead'
        USING ERRCODE = 'check_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON orders_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER ledger_movement_stays BEFORE UPDATE OR DELETE ON orders_ledgermovement
    FOR EACH ROW EXECUTE FUNCTION ledger_is_written_once();
"""
_UNDO = """
DROP TRIGGER ledger_balances ON orders_ledgerentry;
DROP TRIGGER ledger_entry_stays ON orders_ledgerentry;
DROP TRIGGER ledger_movement_stays ON orders_ledgermovement;
DROP FUNCTION ledger_movement_balances();
DROP FUNCTION ledger_is_written_once();
"""


def complete_orders(apps, schema_editor):
    """Orders from before: each parcel gets its lines, and costs name order lines, not skus."""
    Order = apps.get_model("orders", "Order")
    FulfillmentLine = apps.get_model("orders", "FulfillmentLine")
    for order in Order.objects.prefetch_related("lines", "fulfillments"):
        parcels = {parcel.brand_id: parcel for parcel in order.fulfillments.all()}
        lines = list(order.lines.all())
        FulfillmentLine.objects.bulk_create(
            FulfillmentLine(fulfillment=parcels[line.brand_id], line=line, quantity=line.quantity)
            for line in lines
            if line.brand_id in parcels
        )
        queues = {}
        for line in lines:
            queues.setdefault(line.sku, []).append(str(line.pk))
        seen = {}
        for cost in order.landed["lines"]:
            sku = cost["line_id"]
            if sku in queues:
                at = seen.get((cost["kind"], cost["label"], sku), 0)
                seen[cost["kind"], cost["label"], sku] = at + 1
                cost["line_id"] = queues[sku][min(at, len(queues[sku]) - 1)]
        order.save(update_fields=("landed",))


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_parcels_refunds_ledger")]
    operations = [
        migrations.RunPython(complete_orders, migrations.RunPython.noop),
        migrations.RunSQL(_BALANCE, _UNDO),
    ]
