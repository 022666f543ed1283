"""Back-in-stock notices: who wants to be notified when a piece is back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from i18n.locales import language, text_in
from storefront_backend.catalog.models import ProductVariant
from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.notices.confirmations import page_of, with_stop_link
from storefront_backend.notices.letter import Letter
from storefront_backend.orders.models import BackInStockNotice

_MOST_OPEN = 20  # pieces that one address may wait for


def ask(sku: str, email: str, *, market: str, language: str, now: datetime) -> None:
    """Remember the wish, to be confirmed (notices.confirmations); twice is once, and asks again.

    Says nothing of other notices for the address. Raises NotFound, InvalidRequest.
    """
    email = checked_address(email).lower()
    variant = ProductVariant.objects.filter(sku=sku, is_active=True).first()
    if variant is None:
        raise NotFound(f"There is no {sku}", field="sku")
    open_ones = BackInStockNotice.objects.filter(email=email, sent_at=None)
    if open_ones.exclude(variant=variant).count() >= _MOST_OPEN:
        return
    row, is_new = open_ones.get_or_create(
        variant=variant,
        email=email,
        sent_at=None,
        defaults={"market": market, "language": language},
    )
    if not is_new and row.confirmed_at is None:
        BackInStockNotice.objects.filter(pk=row.pk, confirmed_at=None).update(
            confirm_mailed_at=None, created_at=now
        )


@dataclass(frozen=True, slots=True)
class BackInStock:
    """A piece that somebody wants a notice of is in stock and listed again."""

    public_url: str
    name: str = "back-in-stock"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Notices whose piece is there."""
        waiting = BackInStockNotice.objects.filter(
            Q(variant__stock__quantity__gt=F("variant__stock__reserved")),
            variant__listings__market=F("market"),
            variant__listings__is_live=True,
            confirmed_at__isnull=False,
            sent_at=None,
        )
        return list(waiting.order_by("pk").values_list("pk", flat=True).distinct()[:most])

    def write(self, key: int) -> Letter | None:
        """In the language of the request."""
        notices = BackInStockNotice.objects.select_related("variant__product")
        notice = notices.filter(pk=key, sent_at=None).first()
        if notice is None:
            return None
        product = notice.variant.product
        place = page_of(self.public_url, notice, f"jewellery/{product.slug}/")
        with translation.override(language(notice.language).django):
            name = text_in(product.names, notice.language)
            subject = _("%(name)s is back") % {"name": name}
            text = _("You asked to be told when it is back in stock: %(address)s") % {
                "address": place
            }
        return with_stop_link(self.public_url, notice, Letter(notice.email, subject, text))

    def sent(self, key: int, now: datetime) -> None:
        """It is sent once."""
        BackInStockNotice.objects.filter(pk=key).update(sent_at=now)

    def refused(self, key: int, now: datetime, why: str) -> None:
        """A wish whose address takes no mail is forgotten."""
        BackInStockNotice.objects.filter(pk=key).delete()
