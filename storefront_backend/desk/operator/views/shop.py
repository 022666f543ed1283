"""The shop's own settings: deliveries and warehouses, each as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from i18n.locales import text_in
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.models import ShippingMethod, Warehouse
from storefront_backend.desk.operator.acts import key_of, record
from storefront_backend.desk.operator.asking import Question, ask, is_sure
from storefront_backend.desk.operator.seat import OperatorSeat, operator_page, operator_render
from storefront_backend.desk.operator.shop_forms import DeliveryForm, WarehouseForm
from storefront_backend.desk.operator.tables import (
    Cell,
    Column,
    Filter,
    Row,
    Table,
    money,
    table_page,
)
from storefront_backend.desk.pages import filters, paged
from storefront_backend.pricing import relisting


@operator_page("catalog.view_shippingmethod", "GET")
def deliveries(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """The ways into each market."""
    wanted = filters(request, "search", "market")
    rows = ShippingMethod.objects.order_by("market", "price")
    if wanted["search"]:
        rows = rows.filter(carrier__icontains=wanted["search"])
    if wanted["market"]:
        rows = rows.filter(market=wanted["market"])
    page = paged(request, rows)
    may = seat.may("catalog.change_shippingmethod")
    table = Table(
        _("Deliveries"),
        [Column(_("Name")), Column(_("Market")), Column(_("Carrier")),
         Column(_("Price"), number=True), Column(_("Insured up to"), number=True),
         Column(_("Days")), Column(_("State"))],
        [
            Row(
                [
                    Cell(text_in(way.names, seat.language) or way.slug,
                         href=reverse("operator-desk:delivery", args=(way.pk,)) if may else ""),
                    Cell(way.market.upper()),
                    Cell(way.carrier),
                    Cell(money(Money(way.price, way.currency), seat), number=True),
                    Cell(money(Money(way.insured_up_to, way.currency), seat), number=True),
                    Cell(f"{way.min_days}–{way.max_days}"),
                    Cell(_("Offered") if way.is_active else _("Off"), flag=not way.is_active),
                ]
            )
            for way in page
        ],
        _("No deliveries fit."),
        _("A market without a delivery sells nothing."),
    )  # fmt: skip
    markets = {code: code.upper() for code in sorted({row.market for row in rows})}
    said = [Filter("search", _("Carrier")), Filter("market", _("Market"), markets)]
    add = (reverse("operator-desk:delivery-new"), _("Add a delivery")) if may else None
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said, add=add)


@operator_page("catalog.change_shippingmethod", "GET", "POST")
def delivery(
    request: HttpRequest, seat: OperatorSeat, delivery_id: int | None = None
) -> HttpResponse:
    """One way into a market; its market's listings follow, since totals hold the delivery."""
    row = _row(ShippingMethod, delivery_id)
    form = DeliveryForm(request.POST or None, instance=row)
    title = _("Delivery") if row else _("Add a delivery")
    return _edit(request, seat, form, title, ("deliveries", _("Deliveries")), "delivery")


@operator_page("catalog.view_warehouse", "GET")
def warehouses(request: HttpRequest, seat: OperatorSeat) -> HttpResponse:
    """The places that pieces are sent from."""
    wanted = filters(request, "search")
    rows = Warehouse.objects.all()
    if wanted["search"]:
        rows = rows.filter(name__icontains=wanted["search"])
    page = paged(request, rows)
    may = seat.may("catalog.change_warehouse")
    table = Table(
        _("Warehouses"),
        [Column(_("Name")), Column(_("Short name")), Column(_("Country")), Column(_("Bonded"))],
        [
            Row(
                [
                    Cell(each.name,
                         href=reverse("operator-desk:warehouse", args=(each.pk,)) if may else ""),
                    Cell(each.slug),
                    Cell(each.country),
                    Cell(_("Yes") if each.is_bonded else _("No")),
                ]
            )
            for each in page
        ],
        _("There is no warehouse yet."),
    )  # fmt: skip
    said = [Filter("search", _("Name"))]
    add = (reverse("operator-desk:warehouse-new"), _("Add a warehouse")) if may else None
    return table_page(request, seat, table, page=page, wanted=wanted, filters=said, add=add)


@operator_page("catalog.change_warehouse", "GET", "POST")
def warehouse(
    request: HttpRequest, seat: OperatorSeat, warehouse_id: int | None = None
) -> HttpResponse:
    """One place."""
    row = _row(Warehouse, warehouse_id)
    form = WarehouseForm(request.POST or None, instance=row)
    title = _("Warehouse") if row else _("Add a warehouse")
    return _edit(request, seat, form, title, ("warehouses", _("Warehouses")), "warehouse")


def _row[M: Model](model: type[M], pk: int | None) -> M | None:
    if pk is None:
        return None
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise Http404(pk)
    return row


def _edit(
    request: HttpRequest,
    seat: OperatorSeat,
    form: forms.ModelForm[Any],
    title: str,
    back: tuple[str, str],
    kind: str,
) -> HttpResponse:
    """Show the form; ask, with what changes from what to what; save and record."""
    list_name, list_title = back
    place = reverse(f"operator-desk:{list_name}")
    if request.method == "POST" and form.is_valid():
        moves = _changes(form)
        if not moves:
            return redirect(place)
        if not is_sure(request):
            facts = [(label, f"{old or '–'} → {new or '–'}") for label, old, new in moves]
            question = Question(_("Save this?"), "", _("Save"), request.path, facts)
            return ask(request, seat, question)
        is_new = form.instance.pk is None
        with transaction.atomic():
            row = form.save()
            record(
                seat, "create" if is_new else "change", kind, str(row), key=key_of(request),
                before="; ".join(f"{label}: {old}" for label, old, _ in moves if old),
                after="; ".join(f"{label}: {new}" for label, _, new in moves if new),
            )  # fmt: skip
            if isinstance(row, ShippingMethod):
                by = seat.user.get_username()
                relisting.ask([row.market], None, by, wiring.now(), "delivery changed")
        messages.success(request, _("Saved."))
        return redirect(place)
    context = {"title": title, "back": (place, list_title), "form": form, "button": _("Go on")}
    status = 422 if form.errors else 200
    return operator_render(request, seat, "form.html", context, status=status)


def _changes(form: forms.ModelForm[Any]) -> list[tuple[str, object, object]]:
    return [
        (
            str(form.fields[name].label),
            form.get_initial_for_field(form.fields[name], name),
            form.cleaned_data[name],
        )
        for name in form.changed_data
    ]
