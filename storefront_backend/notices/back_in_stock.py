"""Who wants to hear when a piece is back, and for whom it is."""

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
from storefront_backend.notices.letter import Letter
from storefront_backend.orders.models import BackInStockNotice


def ask(sku: str, email: str, *, market: str, language: str) -> BackInStockNotice:
    """Remember the wish; twice is once. Raises NotFound, InvalidRequest."""
    address = checked_address(email).lower()
    variant = ProductVariant.objects.filter(sku=sku, is_active=True).first()
    if variant is None:
        raise NotFound(f"There is no {sku}", field="sku")
    return BackInStockNotice.objects.get_or_create(
        variant=variant,
        email=address,
        sent_at=None,
        defaults={"market": market, "language": language},
    )[0]


@dataclass(frozen=True, slots=True)
class BackInStock:
    """A piece that somebody asked after is there and listed again."""

    public_url: str
    name: str = "back-in-stock"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Notices whose piece is there."""
        waiting = BackInStockNotice.objects.filter(
            Q(variant__stock__quantity__gt=F("variant__stock__reserved")),
            variant__listings__market=F("market"),
            variant__listings__is_live=True,
            sent_at=None,
        )
        return list(waiting.order_by("pk").values_list("pk", flat=True).distinct()[:most])

    def write(self, key: int) -> Letter | None:
        """In the language that they asked in."""
        notices = BackInStockNotice.objects.select_related("variant__product")
        notice = notices.filter(pk=key, sent_at=None).first()
        if notice is None:
            return None
        product, spoken = notice.variant.product, language(notice.language)
        place = f"{self.public_url}/{notice.market}/{spoken.django}/jewellery/{product.slug}/"
        with translation.override(spoken.django):
            name = text_in(product.names, notice.language)
            subject = _("%(name)s is back") % {"name": name}
            text = _("You asked to hear when it is here again: %(address)s") % {"address": place}
        return Letter(notice.email, subject, text)

    def told(self, key: int, now: datetime) -> None:
        """It is told once."""
        BackInStockNotice.objects.filter(pk=key).update(sent_at=now)

    def refused(self, key: int, now: datetime, why: str) -> None:
        """A wish whose address takes no mail is forgotten."""
        BackInStockNotice.objects.filter(pk=key).delete()
