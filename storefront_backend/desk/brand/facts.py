"""What a fact of the passport means for customs, hallmarks and shoppers, and which rule says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront_backend.desk.brand.board import Reason


@dataclass(frozen=True, slots=True)
class Fact:
    """A column as the editor shows it. `of` is the passport's field that says how far it is known.

    `asked_by` are parts of rules' names: the rules that stop a piece for want of it.
    """

    label: str | Promise
    help: str | Promise = ""
    of: str = ""
    asked_by: tuple[str, ...] = ()


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "alloy": Fact(
            _("Alloy"),
            _("Decides the hallmark, the duty and the name that a market allows."),
            "metals",
            ("hallmark", "mark", "naming", "fineness"),
        ),
        "grams": Fact(
            _("Metal, g"),
            _("Without stones. Prices follow it, and hallmarks are needed above a weight."),
            "metals",
            ("hallmark",),
        ),
        "alloy_2": Fact(_("Second alloy"), "", "metals"),
        "grams_2": Fact(_("Second metal, g"), "", "metals"),
        "finish": Fact(_("Finish"), "", "finish"),
        "plating": Fact(
            _("Plating"),
            _("A plated piece may not be called by its plating's metal alone in most markets."),
            "plating",
            ("naming", "vermeil"),
        ),
        "ring_size": Fact(_("Ring size"), "", "ring_size_mm"),
        "ring_size_system": Fact(_("Size system"), "", "ring_size_mm"),
        "inner_diameter_mm": Fact(_("Inner diameter, mm"), "", "dimensions_mm"),
        "width_mm": Fact(_("Width, mm"), "", "dimensions_mm"),
        "height_mm": Fact(_("Height, mm"), "", "dimensions_mm"),
        "depth_mm": Fact(_("Depth, mm"), "", "dimensions_mm"),
        "length_mm": Fact(_("Length, mm"), "", "dimensions_mm"),
        "hallmarks": Fact(
            _("Hallmarks"),
            _("Marks struck into the piece. Some markets let nothing be sold without theirs."),
            "hallmarks",
            ("hallmark", "mark"),
        ),
        "origin": Fact(
            _("Made in"),
            _("The country of the last substantial work. Customs takes duty by it."),
            "origin",
            ("origin", "duty", "customs"),
        ),
        "hs_code": Fact(
            _("Customs code (HS)"),
            _("Six digits or more. 7113.19 is jewellery of gold and platinum, 7113.11 of silver."),
            "hs_code",
            ("hs", "duty", "customs"),
        ),
        "certificates": Fact(
            _("Certificates"),
            _("Papers that travel with the piece."),
            "certificates",
            ("certificate", "paper", "cites"),
        ),
        "substances": Fact(
            _("Substances"),
            _("Contents that laws ask about: nickel, lead, cadmium, coral, ivory."),
            "substances",
            ("nickel", "lead", "cadmium", "restriction", "cites"),
        ),
        "made_to_order_days": Fact(_("Days to make"), _("Empty when it is not made to order.")),
        "kind": Fact(_("Kind")),
        "collection": Fact(_("Collection")),
        "markets": Fact(_("Markets"), _("Codes with commas: us, gb, jp.")),
        "engraving_max": Fact(_("Letters engraved"), _("0 for none.")),
    }
)
STONE_FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "kind": Fact(_("Stone")),
        "count": Fact(_("Number")),
        "carat": Fact(_("Carat together")),
        "origin": Fact(
            _("Origin of the stone"),
            _("Natural, cultured, lab-grown or imitation: the law of every market asks for it."),
        ),
        "treatment": Fact(_("Treatment")),
        "cut": Fact(_("Cut")),
        "report": Fact(_("Report")),
        "country": Fact(_("Mine")),
    }
)


def rules_of(fact: Fact, reasons: Sequence[tuple[str, Reason]]) -> list[tuple[str, Reason]]:
    """The rules that stop this piece somewhere and are about the fact, each market's first."""
    found: dict[str, tuple[str, Reason]] = {}
    for market, reason in reasons:
        words = f"{reason.rule} {reason.need}".casefold()
        if any(part in words for part in fact.asked_by) and reason.url:
            found.setdefault(market, (market, reason))
    return list(found.values())
