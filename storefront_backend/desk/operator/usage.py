"""What a house uses of what it may, in words of the operators' desk."""

from __future__ import annotations

from collections.abc import Callable

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from storefront_backend.catalog.models import Brand
from storefront_backend.desk.operator.tables import Cell, Column, Row, Table
from storefront_backend.pricing.brand_limits import Usage, open_sheets, stored_bytes, variants


def limits_in_words(brand: Brand) -> str:
    """The limits that hold for it."""
    return _("%(variants)s variants, %(storage)s of files, %(sheets)s sheets at once") % {
        "variants": variants(brand).of,
        "storage": filesizeformat(stored_bytes(brand).of),
        "sheets": open_sheets(brand).of,
    }


def usage_table(brand: Brand) -> Table:
    """A row for each limit; one that is nearly reached is marked."""
    used: list[tuple[str, Usage, Callable[[int], str]]] = [
        (_("Variants on sale"), variants(brand), str),
        (_("Files stored"), stored_bytes(brand), filesizeformat),
        (_("Sheets in progress"), open_sheets(brand), str),
    ]
    return Table(
        _("What the house uses"),
        [Column(_("Limit")), Column(_("Used"), number=True), Column(_("May use"), number=True)],
        [
            Row([Cell(name), Cell(say(usage.used), number=True, flag=usage.is_close),
                 Cell(say(usage.of), number=True)])
            for name, usage, say in used
        ],
        "",
    )  # fmt: skip
