"""What knows a market and a language as soon as they are added.

Runs in the copy that overlay.py makes, by tests/project/test_adding.py; in the project itself
there is no Vietnam, so pytest does not collect this file.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from catalog_import import check
from catalog_import.columns import column_of
from storefront_backend import wiring
from storefront_backend.catalog.models import Listing, Rate, ShippingMethod
from storefront_backend.demo import shopfitting, stories
from storefront_backend.payments.stripe_provider import stripe_locale
from storefront_backend.saleor import vocabulary
from storefront_backend.saleor.vocabulary import language_code
from storefront_backend.web.papers.type import LATIN, Type
from tests.builders import (
    MARKETS,
    make_delivery,
    make_product,
    make_rates,
    make_shop,
    make_variant,
)
from tests.catalog_import.workbooks import row, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_vietnam() -> str:
    """The slug of a ring that is on sale there: the currency has a rate, the market a delivery."""
    product = make_product(names={"en": "Ring", "vi": "Nhẫn vàng"}, markets=["de", "vn"])
    variant = make_variant(product)
    make_rates()
    make_delivery(("de",))
    first = Rate.objects.filter(kind="exchange")[0]
    Rate.objects.create(
        kind="exchange", code="VND", base="CNY", value=3600, source="test", as_of=first.as_of
    )
    ShippingMethod.objects.create(
        market="vn", slug="insured", names={"en": "Courier"}, carrier="SF", currency="VND",
        price=Decimal(500_000), insured_up_to=Decimal(10**10), min_days=3, max_days=5,
    )  # fmt: skip
    wiring.lister().relist([variant], ["de", "vn"])
    return product.slug


def test_a_sheet_may_name_both(tmp_path: Path) -> None:
    sheet = xlsx(tmp_path / "a.xlsx", row(name_vi="Nhẫn vàng", markets="Vietnam, 德国"))
    result = check(sheet)
    assert [problem for problem in result.problems if problem.is_error] == []
    assert result.products[0].names["vi"] == "Nhẫn vàng"
    assert set(result.products[0].markets) == {"vn", "de"}
    found = [column_of(header) for header in ("Vietnamese name", "越南语名称", "Tiếng Việt name")]
    assert [column.name for column in found if column] == ["name_vi"] * 3


def test_the_entrance_offers_them(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "vi"})
    offers = {each["market"].code: each for _, there in page.context["regions"] for each in there}
    assert offers["vn"]["languages"] == ("vi", "en")
    assert page.context["guess"] == ("vn", "vi")


def test_a_page_speaks_the_language_in_the_market(client: Client, in_vietnam: str) -> None:
    page = client.get(f"/vn/vi/jewellery/{in_vietnam}/")
    assert page.status_code == 200
    html = page.content.decode()
    assert '<html lang="vi" dir="ltr">' in html
    assert "Trang sức" in html
    assert "Nhẫn vàng" in html
    assert 'hreflang="vi-VN"' in html


def test_the_site_maps_list_them(client: Client, in_vietnam: str) -> None:
    assert "sitemap-vn" in client.get("/sitemap.xml").content.decode()
    pages = client.get("/sitemap-vn.xml").content.decode()
    assert f"/vn/vi/jewellery/{in_vietnam}/" in pages


def test_the_price_book_prices_it_with_its_duty_and_tax(in_vietnam: str) -> None:
    listing = Listing.objects.get(market="vn", variant__product__slug=in_vietnam)
    assert listing.is_live
    assert listing.currency == "VND"
    dutiable = listing.goods + listing.shipping
    assert listing.total == (dutiable * Decimal("1.32")).quantize(Decimal(1))


def test_until_its_currency_has_a_rate_it_holds_up_no_other_market() -> None:
    variant = make_shop(make_variant(make_product(markets=[*MARKETS, "vn"])))
    wiring.lister().relist([variant], [*MARKETS, "vn"])
    assert set(variant.listings.values_list("market", flat=True)) == set(MARKETS)


def test_the_api_answers_in_them(client: Client, in_vietnam: str) -> None:
    requested = f"""{{ channels {{ slug currencyCode languages }}
        product(slug: "{in_vietnam}", channel: "vn", languageCode: "vi") {{ name }} }}"""
    answer = client.post("/graphql/", {"query": requested}, content_type="application/json").json()
    vietnam = {"slug": "vn", "currencyCode": "VND", "languages": ["vi", "en"]}
    assert vietnam in answer["data"]["channels"]
    assert answer["data"]["product"]["name"] == "Nhẫn vàng"


def test_saleor_gets_the_language() -> None:
    assert "vi" in vocabulary.TRANSLATED
    assert language_code("vi") == "VI"


def test_stripe_and_django_and_the_papers_speak_the_language() -> None:
    assert stripe_locale("vi") == "vi"
    assert ("vi", "Tiếng Việt") in settings.LANGUAGES
    spelled = Type("vi")._runs("Nhẫn vàng cưới, Hồ Chí Minh")
    assert [face for face, _ in spelled] == [LATIN]


def test_the_demonstration_starts_and_offers_its_pieces_there() -> None:
    book = wiring.rulebook()
    shopfitting.put_deliveries({m: book.market(m).market.currency for m in settings.MARKETS})
    assert all("vn" in piece.markets for piece in stories.pieces().values())
