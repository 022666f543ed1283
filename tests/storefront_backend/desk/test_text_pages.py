"""The desk's pages of texts."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from storefront_backend.accounts.models import BrandMembership, User
from storefront_backend.catalog.models import Brand, Product, TextDraft
from storefront_backend.texts.subjects import digest
from tests.builders import make_brand, make_product

pytestmark = pytest.mark.django_db
HERE = "/desk/brand/lotus/texts/"


@pytest.fixture
def piece() -> Product:
    return make_product(make_brand("lotus"), code="R-1", names={"zh-Hans": "木棉戒指"})


def signed_in(piece: Product, role: str = "owner") -> Client:
    user = User.objects.create_user("alice@example.org", "kapok-blossom-9")
    BrandMembership.objects.create(user=user, brand=piece.brand, role=role)
    client = Client()
    client.force_login(user)
    return client


def form(piece: Product, text: str, **more: str) -> dict[str, str]:
    key = f"product:{piece.pk}:names"
    return {
        "to": "ja",
        "text": key,
        f"{key}.text": text,
        f"{key}.seen": digest(""),
        f"{key}.from": "zh-Hans",
        f"{key}.source": digest("木棉戒指"),
        **{f"{key}.{name}": value for name, value in more.items()},
    }


def test_the_counts_by_language(piece: Product) -> None:
    found = signed_in(piece).get(HERE).context["languages"]
    assert {each["code"]: dict(each["counts"])["missing"] for each in found}["ja"] >= 1


def test_a_text_is_written_beside_its_original(piece: Product) -> None:
    alice = signed_in(piece)
    assert "木棉戒指" in alice.get(HERE, {"to": "ja"}).content.decode()
    alice.post(HERE, form(piece, "木綿の指輪"))
    piece.refresh_from_db()
    assert piece.names["ja"] == "木綿の指輪"


def test_a_draft_is_published_only_with_its_box(piece: Product) -> None:
    alice = signed_in(piece)
    alice.post(HERE, form(piece, "[JA]", draft="1"))
    piece.refresh_from_db()
    assert "ja" not in piece.names
    alice.post(HERE, form(piece, "[JA]", draft="1", accept="on"))
    piece.refresh_from_db()
    assert piece.names["ja"] == "[JA]"


def test_a_workbook_goes_out_and_comes_back(piece: Product) -> None:
    alice = signed_in(piece)
    sent = alice.get(f"{HERE}file/", {"to": "ja", "from": "zh-Hans", "as": "xlsx"})
    book = load_workbook(io.BytesIO(sent.content))
    rows = {row[0].value: row for row in book.active.iter_rows(min_row=2)}
    rows[f"product:{piece.pk}:names"][3].value = "木綿の指輪"
    back = io.BytesIO()
    book.save(back)
    back.seek(0)
    back.name = "texts.xlsx"
    page = alice.post(f"{HERE}file/", {"file": back}, follow=True)
    piece.refresh_from_db()
    assert piece.names["ja"] == "木綿の指輪"
    assert "1 text saved." in page.content.decode()


def test_a_reader_reads(piece: Product) -> None:
    carol = signed_in(piece, "reader")
    assert carol.get(HERE, {"to": "ja"}).status_code == 200
    assert carol.post(HERE, form(piece, "木綿の指輪")).status_code == 403


def test_without_a_key_no_machine_is_offered(piece: Product) -> None:
    alice = signed_in(piece)
    assert "DeepL" not in alice.get(HERE, {"to": "ja"}).content.decode()
    alice.post(f"{HERE}drafts/", {"to": "ja"})
    assert not TextDraft.objects.exists()
    assert Brand.objects.count() == 1
