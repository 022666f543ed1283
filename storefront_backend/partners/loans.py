"""Pieces lent to partners: out of stock while they are away, and back when they return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from i18n.money import Money
from storefront_backend.catalog.models import ProductVariant, Stock
from storefront_backend.commerce.errors import InvalidRequest, OutOfStock
from storefront_backend.partners.models import Loan


@dataclass(frozen=True, slots=True)
class Lending:
    """Which piece is lent until when, and for how much it is insured."""

    sku: str
    serial: str
    due_on: date
    insured: Money


def lend(partner_id: int, lending: Lending, today: date) -> Loan:
    """Take the piece out of stock and lend it. Raises InvalidRequest, OutOfStock."""
    variant = ProductVariant.objects.filter(sku=lending.sku).first()
    if variant is None:
        raise InvalidRequest(f"There is no piece {lending.sku}", field="sku")
    if lending.due_on < today:
        raise InvalidRequest("The day to return is in the past", field="due_on")
    if lending.insured.amount <= 0:
        raise InvalidRequest("A loan is insured for what the piece is worth", field="insured")
    if variant.pieces.filter(serial=lending.serial, line__isnull=False).exists():
        raise InvalidRequest(f"{lending.serial} is sold", field="serial")
    try:
        with transaction.atomic():
            stock = _take(variant)
            return Loan.objects.create(
                partner_id=partner_id,
                variant=variant,
                stock=stock,
                serial=lending.serial,
                lent_on=today,
                due_on=lending.due_on,
                insured=lending.insured.amount,
                currency=lending.insured.currency,
            )
    except IntegrityError:
        raise InvalidRequest(f"{lending.serial} is lent already", field="serial") from None


def end_loan(loan_id: int, *, condition: str, at: datetime, to_stock: bool) -> None:
    """The piece has come back; in which condition, and whether it may be sold. Idempotent."""
    with transaction.atomic():
        loan = Loan.objects.select_for_update().get(pk=loan_id)
        if loan.returned_at is not None:
            return
        loan.returned_at, loan.condition = at, condition[:300]
        loan.save(update_fields=("returned_at", "condition"))
        if to_stock and loan.stock_id is not None:
            Stock.objects.filter(pk=loan.stock_id).update(quantity=F("quantity") + 1)


def _take(variant: ProductVariant) -> Stock:
    """One piece that no checkout holds, from the warehouse with most of them."""
    for row in Stock.objects.filter(variant=variant).order_by("-quantity", "pk"):
        # The condition decides the race with a shopper's reservation.
        if Stock.objects.filter(pk=row.pk, quantity__gt=F("reserved")).update(
            quantity=F("quantity") - 1
        ):
            return row
    raise OutOfStock(f"{variant.sku} is not in stock", field="sku")
