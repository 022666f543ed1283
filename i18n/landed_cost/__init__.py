"""The full price of a supply in a market: goods, shipping, insurance, duty, tax and fees."""

from __future__ import annotations

from i18n.landed_cost.model import CostLine, Incoterm, LandedCost, Supply, SupplyLine
from i18n.landed_cost.quote import landed_cost

__all__ = ["CostLine", "Incoterm", "LandedCost", "Supply", "SupplyLine", "landed_cost"]
