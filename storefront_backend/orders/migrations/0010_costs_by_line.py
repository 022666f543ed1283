"""Duty and tax of a group of lines, which lay on its first line, are shared among the group.

Until now a charge on all lines of one code (Japan) or heading (the EU's flat duty) named the first
of them, so that a refund of that line gave back everything and a refund of another nothing.

An order on which nothing was given back yet gets the parts, and where brands share it the ledger a
movement that moves the difference between them. An order on which something was given back keeps
the split that it was sold and refunded by: its lines still add up to what was paid, exactly.
"""

from decimal import Decimal

from django.db import migrations

from i18n.landed_cost import LandedCost
from i18n.landed_cost.sharing import apportion
from i18n.money import Money, minor_unit
from storefront_backend.commerce import ledger
from storefront_backend.commerce.shares import Share, shares

# The rules that were charged on a group, and how many digits of the code made one.
GROUPED = {
    "jp.customs.duty-precious": None,
    "jp.customs.duty-imitation": None,
    "jp.tax.consumption-tax": None,
    "jp.tax.local-consumption-tax": None,
    "eu.customs.small-consignment-duty": 6,
}


def share_groups(landed, codes):
    """Write the parts of group charges into a stored landed cost; whether there were any.

    `codes` are the HS codes of its lines by their ids, in their order.
    """
    goods = {l["line_id"]: Decimal(l["amount"]) for l in landed["lines"] if l["kind"] == "goods"}
    unit = minor_unit(landed["currency"])
    named = {(l["rule"], l["line_id"]) for l in landed["lines"]}
    found = False
    for line in landed["lines"]:
        first, rule = line["line_id"], line["rule"]
        if rule not in GROUPED or first not in codes or "parts" in line:
            continue
        digits = GROUPED[rule]
        group = [
            key
            for key, code in codes.items()
            if code[:digits] == codes[first][:digits]
            and (key == first or (rule, key) not in named)
        ]
        if len(group) > 1:
            parts = apportion(Decimal(line["amount"]), [goods[key] for key in group], unit)
            line["parts"] = {key: str(part) for key, part in zip(group, parts)}
            found = True
    return found


def share_orders(apps, schema_editor):
    Order = apps.get_model("orders", "Order")
    for order in Order.objects.filter(market__in=MARKETS, refunds=None).iterator(200):
        lines = list(order.lines.all())
        before = _by_brand(order, lines)
        if share_groups(order.landed, {str(l.pk): l.passport["hs_code"] for l in lines}):
            order.save(update_fields=["landed"])
            _move_between_brands(apps, order, before, _by_brand(order, lines))


def share_checkouts(apps, schema_editor):
    Checkout = apps.get_model("orders", "Checkout")
    waiting = Checkout.objects.filter(market__in=MARKETS, quote__isnull=False)
    for checkout in waiting.exclude(state="completed").iterator(200):
        lines = checkout.lines.select_related("variant")
        if share_groups(checkout.quote, {str(l.pk): l.variant.passport["hs_code"] for l in lines}):
            checkout.save(update_fields=["quote"])


MARKETS = ("jp", "de", "fr", "it")


def _by_brand(order, lines):
    goods = {str(line.pk): Money(line.goods, order.currency) for line in lines}
    each = shares(LandedCost.from_json(order.landed), goods)
    found = {}
    for line in lines:
        zero = Share.zero(order.currency)
        found[line.brand_id] = found.get(line.brand_id, zero) + each[str(line.pk)]
    return found


def _move_between_brands(apps, order, before, after):
    """Book for each brand what its part of the sale is more or less than what was booked."""
    Movement = apps.get_model("orders", "LedgerMovement")
    Entry = apps.get_model("orders", "LedgerEntry")
    for brand, share in after.items():
        sold = Movement.objects.filter(order=order, brand_id=brand, kind="sale").first()
        moved = ledger.sale(f"sale by line {order.number} {brand}", "", share - before[brand])
        if sold is None or not moved.entries:
            continue
        row = Movement.objects.create(
            key=moved.key, kind="sale", brand_id=brand, order=order, booked_at=sold.booked_at,
            note="Duty and tax shared among the lines of one code",
        )
        Entry.objects.bulk_create(
            Entry(
                movement=row, account=entry.account.value, brand_id=brand, order=order,
                currency=entry.amount.currency, amount=entry.amount.amount,
            )
            for entry in moved.entries
        )


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0009_order_mails"),
    ]

    operations = [
        # Code from before reads `line_id` and leaves the parts alone, so nothing is to be undone.
        migrations.RunPython(share_orders, migrations.RunPython.noop),
        migrations.RunPython(share_checkouts, migrations.RunPython.noop),
    ]
