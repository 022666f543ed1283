"""The letter to a brand's people about pieces that run low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from i18n.locales import language, text_in
from storefront_backend.catalog.models import LowStock, LowStockMail
from storefront_backend.notices.letter import Letter

_LISTED = 40
_KEPT = timedelta(days=30)


def forget_sent(now: datetime) -> int:
    """Delete mails that were done a month ago; returns how many."""
    return LowStockMail.objects.filter(done_at__lt=now - _KEPT).delete()[0]


@dataclass(frozen=True, slots=True)
class RunsLow:
    """Variants whose stock fell to the threshold, once a crossing."""

    public_url: str
    name: str = "low-stock"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Mails that were not sent yet."""
        rows = LowStockMail.objects.filter(done_at=None)
        return list(rows.order_by("at").values_list("pk", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """In the language of the account."""
        row = (
            LowStockMail.objects.filter(pk=key, done_at=None)
            .select_related("brand", "user")
            .first()
        )
        if row is None:
            return None
        with translation.override(language(row.user.language or "en").django):
            return self._letter(row)

    def sent(self, key: int, now: datetime) -> None:
        """It is sent once."""
        LowStockMail.objects.filter(pk=key).update(done_at=now)

    def refused(self, key: int, now: datetime, why: str) -> None:
        """It is not sent; the desk shows what runs low all the same."""
        LowStockMail.objects.filter(pk=key).update(done_at=now, problem=why)

    def _letter(self, row: LowStockMail) -> Letter:
        spoken = row.user.language or "en"
        found = LowStock.objects.filter(brand=row.brand, mailed_with=row.at)
        low = list(found.select_related("variant__product").order_by("variant__sku"))
        brand = text_in(row.brand.names, spoken) or row.brand.slug
        lines = [
            _("%(name)s, %(sku)s: %(n)s in stock")
            % {
                "name": text_in(each.variant.product.names, spoken),
                "sku": each.variant.own_sku or each.variant.sku,
                "n": each.on_hand,
            }
            for each in low[:_LISTED]
        ]
        if (more := len(low) - _LISTED) > 0:
            lines.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
        place = f"{self.public_url.rstrip('/')}/desk/brand/{row.brand.slug}/stock/?low=on"
        said = [
            _("These pieces of %(brand)s run low:") % {"brand": brand},
            "\n".join(lines),
            _("Your stock: %(address)s") % {"address": place},
        ]
        subject = ngettext(
            "%(n)d piece of %(brand)s runs low", "%(n)d pieces of %(brand)s run low", len(low)
        ) % {"n": len(low), "brand": brand}
        return Letter(row.user.email, subject, "\n\n".join(said) + "\n")
