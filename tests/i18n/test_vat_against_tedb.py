"""The VAT rates of our European markets against the Taxes in Europe Database, independently packed.

Other packed tables are no check: one well-known npm table has 18 % for India, 10 % for Thailand and
10 % for Malaysia, none of which is what jewellery bears.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import eu_vat_rates_data
import pytest

from i18n.rulebook import load_rulebook

RULEBOOK = load_rulebook()
EUROPEAN = [m for m in RULEBOOK.markets if eu_vat_rates_data.has_rate(m.country)]


@pytest.mark.parametrize("market", EUROPEAN, ids=lambda market: market.code)
def test_the_standard_rate_is_the_database_s(market: object) -> None:
    published = eu_vat_rates_data.get_standard_rate(market.country)  # type: ignore[attr-defined]
    today = date.fromisoformat(eu_vat_rates_data.data_version)
    rates = {
        tax.terms.rate
        for tax in RULEBOOK.market(market.code).on(today).taxes  # type: ignore[attr-defined]
    }
    assert Decimal(str(published)) / 100 in rates


def test_all_four_of_ours_were_checked() -> None:
    assert {"de", "fr", "gb", "it"} <= {market.code for market in EUROPEAN}
