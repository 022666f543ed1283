"""Which partner an order is from: checked while a code is typed, frozen when the order is made."""

from __future__ import annotations

from datetime import datetime, timedelta

from storefront_backend.campaigns.models import Partner
from storefront_backend.campaigns.timing import is_live
from storefront_backend.commerce.attribution import Person, Touch, Way, self_purchase, winner
from storefront_backend.commerce.commissions import Bearer, Rule, rule_for
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.orders.models import Checkout, Order
from storefront_backend.partners.models import (
    Application,
    AttributedLine,
    Attribution,
    CommissionRule,
    Terms,
)


def active(code: str) -> Partner | None:
    """The partner of that code, while they are one."""
    return Partner.objects.filter(code=code, is_active=True).first() if code else None


def terms_now(now: datetime) -> Terms | None:
    """The terms of today; None: the shop has no programme yet."""
    return Terms.objects.filter(published_at__lte=now).first()


def agreed(partner: Partner) -> Terms | None:
    """The last terms that the partner accepted."""
    found = Application.objects.filter(partner=partner).first()
    last = found.acceptances.select_related("terms").first() if found else None
    return last.terms if last else None


def check_code(checkout: Checkout, code: str) -> None:
    """Raises InvalidRequest where there is no such code, or where it is the shopper's own."""
    partner = active(code)
    if partner is None:
        raise InvalidRequest(f"There is no code {code!r}", field="code")
    if self_purchase(person_of(partner), _shopper(checkout)):
        raise InvalidRequest(
            "A partner's own code does not count for their own purchase",
            field="code",
            hint="Go on without the code.",
        )


def freeze(order: Order, checkout: Checkout, now: datetime) -> Attribution | None:
    """Settle who is paid for the order, inside the sale's transaction; idempotent.

    A partner's name leaves the order where the link's window has passed, or where they bought it
    themselves; the second is kept, with the reason, for the person who pays them.
    """
    partner = active(checkout.partner)
    terms = agreed(partner) if partner else None
    if partner is None or terms is None:
        return None  # a code that only says who sent the shopper: nothing is paid for it
    touch = _touch(checkout, terms, now)
    refusal = self_purchase(person_of(partner), _shopper(checkout)) if touch else None
    if touch is None or refusal:
        order.partner = ""
        order.save(update_fields=("partner",))
    if touch is None:
        return None
    row, new = Attribution.objects.get_or_create(
        order=order,
        defaults={
            "partner": partner,
            "way": touch.way,
            "touched_at": touch.at,
            "refusal": refusal or "",
            "final_after_days": terms.final_after_days,
            "created_at": now,
        },
    )
    if new and not refusal:
        _freeze_rates(row, partner, order)
    return row


def rules() -> list[Rule]:
    """The rates that hold now."""
    return [
        Rule(
            row.pk,
            row.rate,
            Bearer(row.borne_by),
            row.campaign.slug if row.campaign else "",
            row.brand.slug if row.brand else "",
            row.kind,
        )
        for row in CommissionRule.objects.filter(is_active=True).select_related("campaign", "brand")
    ]


def person_of(partner: Partner) -> Person:
    """Who the partner is, as far as the shop knows."""
    row = Application.objects.filter(partner=partner).first()
    return Person(row.user_id, row.email, row.address) if row else Person()


def _shopper(checkout: Checkout) -> Person:
    return Person(checkout.user_id, checkout.email, checkout.shipping_address)


def _touch(checkout: Checkout, terms: Terms, now: datetime) -> Touch | None:
    code = link = None
    if checkout.partner_way == Way.CODE:
        code = Touch(checkout.partner, Way.CODE, now)
    elif checkout.link_at is not None:
        link = Touch(checkout.link_partner, Way.LINK, checkout.link_at)
    return winner(code, link, now=now, window=timedelta(days=terms.window_days))


def _freeze_rates(row: Attribution, partner: Partner, order: Order) -> None:
    known = rules()
    campaign = partner.campaign.slug if partner.campaign and _runs(partner, row, order) else ""
    for line in order.lines.select_related("brand"):
        rule = rule_for(known, campaign=campaign, brand=line.brand.slug, kind=partner.kind)
        if rule is not None:
            AttributedLine.objects.create(
                attribution=row,
                line=line,
                rule_id=rule.id,
                rate=rule.rate,
                borne_by=rule.borne_by,
            )


def _runs(partner: Partner, row: Attribution, order: Order) -> bool:
    campaign = partner.campaign
    return campaign is not None and is_live(campaign, order.market, row.created_at)
