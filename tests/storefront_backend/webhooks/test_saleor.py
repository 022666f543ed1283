"""What Saleors, and those who pretend to be one, can make us do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.commerce.catalogue import CatalogChange, CatalogChanges
from storefront_backend.jobs.saleor_events import handle_event, process_events
from storefront_backend.jobs.saleor_installation import confirm_installation
from storefront_backend.saleor.transport import Answer, Saleor
from storefront_backend.saleor_rows.models import Conflict, Installation, SaleorEvent
from storefront_backend.saleor_sync.events import Events
from storefront_backend.saleor_sync.projection import Projection
from tests.builders import make_product, make_shop, make_variant
from tests.fakes.saleor_keys import SigningSaleor
from tests.saleor_builders import APP, event_body, make_installation, send_event

pytestmark = pytest.mark.django_db
State = SaleorEvent.State


@pytest.fixture
def saleor() -> SigningSaleor:
    return SigningSaleor()


def stock_event(sku: str, quantity: int, minutes_ago: int = 0) -> bytes:
    variant = {
        "id": f"variant-{sku}",
        "sku": sku,
        "stocks": [{"quantity": quantity, "warehouse": {"slug": "shenzhen"}}],
    }
    issued = timezone.now() - timedelta(minutes=minutes_ago)
    return event_body(issued, productVariant=variant, warehouse={"slug": "shenzhen"})


def done(event: SaleorEvent) -> str:
    state: str = handle_event.func(event.pk)
    return state


def test_a_signed_event_is_written_down_and_done(client: Client, saleor: SigningSaleor) -> None:
    make_installation(saleor)
    variant = make_variant(stock=5)
    assert send_event(client, saleor, "stock", stock_event(variant.sku, 2)) == 202
    assert done(SaleorEvent.objects.get()) == State.DONE
    assert variant.stock.get().quantity == 2


def test_the_same_event_again_is_told_so_and_done_once(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    body = stock_event("sku", 2)
    assert [send_event(client, saleor, "stock", body) for _ in range(3)] == [202, 200, 200]
    assert SaleorEvent.objects.count() == 1


def test_an_older_event_that_comes_late_undoes_nothing(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    variant = make_variant(stock=5)
    newer, older = stock_event(variant.sku, 2), stock_event(variant.sku, 9, minutes_ago=3)
    for body in (newer, older):
        send_event(client, saleor, "stock", body)
    states = [done(event) for event in SaleorEvent.objects.order_by("-issued_at")]
    assert states == [State.DONE, State.STALE]
    assert variant.stock.get().quantity == 2


def test_a_forged_event_is_refused_and_leaves_no_trace(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    body = stock_event("sku", 2)
    forged = saleor.sign(body.replace(b"2", b"3"))
    assert send_event(client, saleor, "stock", body, **{"Saleor-Signature": forged}) == 401
    assert send_event(client, saleor, "stock", body, **{"Saleor-Signature": ""}) == 401
    assert not SaleorEvent.objects.exists()


def test_a_saleor_that_did_not_install_us_is_refused(client: Client, saleor: SigningSaleor) -> None:
    make_installation(saleor)
    stranger = SigningSaleor("https://stranger.test/graphql/")
    assert send_event(client, stranger, "stock", stock_event("sku", 2)) == 403
    assert not SaleorEvent.objects.exists()


def test_one_saleor_cannot_speak_for_another(client: Client, saleor: SigningSaleor) -> None:
    make_installation(saleor)
    other = SigningSaleor("https://other.test/graphql/")
    make_installation(other)
    body = stock_event("sku", 2)
    as_the_first = {"Saleor-Api-Url": saleor.api_url, "Saleor-Signature": other.sign(body)}
    assert send_event(client, other, "stock", body, **as_the_first) == 401
    assert not SaleorEvent.objects.exists()


def test_an_event_for_another_app_of_the_same_saleor_is_refused(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    assert send_event(client, saleor, "stock", event_body(recipient={"id": "QXBwOjk="})) == 403


@pytest.mark.parametrize("moment", [timedelta(days=3), -timedelta(hours=1)])
def test_an_event_of_another_time_is_no_event(
    client: Client, saleor: SigningSaleor, moment: timedelta
) -> None:
    make_installation(saleor)
    assert send_event(client, saleor, "stock", event_body(timezone.now() - moment)) == 400
    assert not SaleorEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"issuedAt": null}', b"\xff\xfe"])
def test_a_signed_body_of_nonsense_is_refused(
    client: Client, saleor: SigningSaleor, body: bytes
) -> None:
    make_installation(saleor)
    assert send_event(client, saleor, "stock", body) == 400


def test_a_new_key_is_fetched_once_and_then_believed(
    client: Client, saleor: SigningSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_installation(saleor, keys_fetched_at=timezone.now() - timedelta(hours=1))
    requested: list[str] = []
    monkeypatch.setattr(wiring, "saleor_keys", lambda url: requested.append(url) or saleor.jwks())
    saleor.rotate()
    assert send_event(client, saleor, "stock", stock_event("a", 1)) == 202
    assert send_event(client, saleor, "stock", stock_event("b", 1)) == 202
    assert requested == [saleor.api_url]


def test_unknown_keys_do_not_make_us_ask_all_day(
    client: Client, saleor: SigningSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_installation(saleor, keys_fetched_at=timezone.now() - timedelta(hours=1))
    requested: list[str] = []
    monkeypatch.setattr(wiring, "saleor_keys", lambda url: requested.append(url) or saleor.jwks())
    forger = SigningSaleor()
    statuses = [send_event(client, forger, "stock", stock_event("a", n)) for n in range(5)]
    assert (statuses, len(requested)) == ([401] * 5, 1)


def test_an_event_that_fails_is_taken_up_again_for_a_while(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    send_event(client, saleor, "stock", stock_event("sku", 2))
    an_hour_ago = timezone.now() - timedelta(hours=1)
    SaleorEvent.objects.update(received_at=an_hour_ago, state=State.FAILED, attempts=7)
    assert process_events() == 1
    SaleorEvent.objects.update(received_at=an_hour_ago, state=State.FAILED, attempts=8)
    assert process_events() == 0


def test_a_saleor_that_does_not_answer_leaves_the_event_to_be_done(
    client: Client, saleor: SigningSaleor
) -> None:
    saleor.api_url = "http://127.0.0.1:1/graphql/"
    make_installation(saleor)
    send_event(client, saleor, "products", event_body(product={"id": "p", "slug": "s"}))
    assert done(SaleorEvent.objects.get()) == State.FAILED
    assert SaleorEvent.objects.get().attempts == 1


class QuietCatalogue:
    """A CatalogEngine in which nothing has changed; it counts its calls."""

    requested = 0

    def changes_since(self, cursor: str) -> CatalogChanges:
        """Nothing new."""
        self.requested += 1
        return CatalogChanges((), cursor)


def test_one_pull_does_for_all_hints_that_came_before_it(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    catalogue = QuietCatalogue()
    events = Events(Projection(lambda row: catalogue, lambda ids: None), wiring.saleor_orders())
    for number in range(5):
        hint = event_body(product={"id": f"p{number}", "slug": "s"})
        send_event(client, saleor, "products", hint)
    assert [events.handle(event.pk) for event in SaleorEvent.objects.all()] == [State.DONE] * 5
    assert catalogue.requested == 1


def test_old_events_are_swept_away(client: Client, saleor: SigningSaleor) -> None:
    make_installation(saleor)
    send_event(client, saleor, "stock", stock_event("sku", 2))
    SaleorEvent.objects.update(received_at=timezone.now() - timedelta(days=5))
    process_events()
    assert not SaleorEvent.objects.exists()


def test_an_unknown_webhook_is_not_found(client: Client, saleor: SigningSaleor) -> None:
    make_installation(saleor)
    assert send_event(client, saleor, "weather", event_body()) == 404


def registered(client: Client, api_url: str, body: Any = None) -> int:
    return client.post(
        "/saleor/register",
        data=body or {"auth_token": "fresh"},
        content_type="application/json",
        headers={"Saleor-Api-Url": api_url},
    ).status_code


def test_only_a_trusted_saleor_may_install_us(
    client: Client, saleor: SigningSaleor, settings: Settings
) -> None:
    settings.SALEOR_TRUSTED_API_URLS = [saleor.api_url]
    assert registered(client, "https://stranger.test/graphql/") == 403
    assert not Installation.objects.exists()
    assert registered(client, saleor.api_url) == 200
    assert Installation.objects.get().state == Installation.State.PENDING


def test_a_token_is_kept_sealed(client: Client, saleor: SigningSaleor, settings: Settings) -> None:
    settings.SALEOR_TRUSTED_API_URLS = [saleor.api_url]
    registered(client, saleor.api_url)
    row = Installation.objects.get()
    assert "fresh" not in row.sealed_token
    assert row.token == "fresh"


def test_a_token_that_its_saleor_does_not_know_replaces_none(
    client: Client, settings: Settings
) -> None:
    unreachable = SigningSaleor("http://127.0.0.1:1/graphql/")
    settings.SALEOR_TRUSTED_API_URLS = [unreachable.api_url]
    working = make_installation(unreachable)
    registered(client, unreachable.api_url, {"auth_token": "planted"})
    pending = Installation.objects.get(state=Installation.State.PENDING)
    assert confirm_installation.func(pending.pk) == "pending"
    working.refresh_from_db()
    assert (working.state, working.token) == (Installation.State.ACTIVE, "a-token")


@pytest.mark.parametrize(
    "body", ["nonsense", {"token": "x"}, {"auth_token": 5}, {"auth_token": "x" * 999}]
)
def test_a_handshake_of_nonsense_is_refused(
    client: Client, saleor: SigningSaleor, settings: Settings, body: Any
) -> None:
    settings.SALEOR_TRUSTED_API_URLS = [saleor.api_url]
    assert registered(client, saleor.api_url, body) == 400
    assert not Installation.objects.exists()


def test_many_planted_tokens_fill_no_table(
    client: Client, saleor: SigningSaleor, settings: Settings
) -> None:
    settings.SALEOR_TRUSTED_API_URLS = [saleor.api_url]
    for number in range(12):
        registered(client, saleor.api_url, {"auth_token": f"t{number}"})
    assert Installation.objects.count() == 5


def test_the_manifest_asks_for_what_the_webhooks_need(client: Client) -> None:
    said = client.get("/saleor/manifest").json()
    assert said["tokenTargetUrl"].endswith("/saleor/register")
    assert {hook["targetUrl"].rsplit("/", 1)[1] for hook in said["webhooks"]} >= {
        "products",
        "translations",
        "stock",
    }
    assert "MANAGE_PRODUCTS" in said["permissions"]


def panel(client: Client, saleor: SigningSaleor, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Saleor-Api-Url": saleor.api_url}
    return client.post("/saleor/panel/product/content", headers=headers).status_code


def test_the_panel_opens_for_nobody_but_a_manager_of_products(
    client: Client, saleor: SigningSaleor
) -> None:
    make_installation(saleor)
    now = timezone.now()
    assert panel(client, saleor, "") == 401
    assert panel(client, saleor, SigningSaleor().token(now, app=APP)) == 401
    assert panel(client, saleor, saleor.token(now, app="QXBwOjk=")) == 401
    assert panel(client, saleor, saleor.token(now, app=APP, permissions=["MANAGE_ORDERS"])) == 403


def test_the_panel_shows_passport_readiness_and_conflicts(
    client: Client, saleor: SigningSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_installation(saleor)
    variant = make_shop(make_variant(make_product(markets=["de"])))
    product = variant.product
    answer = Answer({"product": {"slug": product.slug}}, 1)
    monkeypatch.setattr(Saleor, "run", lambda self, path, **variables: answer)
    Conflict.objects.create(
        api_url=row.api_url, subject=product.slug, field="name:en", ours="<Ours>", kept="ours"
    )
    token = saleor.token(timezone.now(), app=APP, permissions=["MANAGE_PRODUCTS"])
    page = client.post(
        "/saleor/panel/product/content",
        {"product": "UHJvZHVjdDox"},
        headers={"Authorization": f"Bearer {token}", "Saleor-Api-Url": saleor.api_url},
    ).content.decode()
    assert "gold-750-yellow 4 g" in page
    assert "The brand does not offer it here" in page
    assert "&lt;Ours&gt;" in page
    assert "<Ours>" not in page


def test_only_the_dashboards_that_we_name_may_frame_the_panel(
    client: Client, settings: Settings
) -> None:
    policy = client.get("/saleor/panel/product").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


def change(slug: str, field: str, value: str) -> CatalogChange:
    return CatalogChange(slug, field, value, timezone.now())


def test_a_name_from_saleor_becomes_ours_and_settles_the_conflict(saleor: SigningSaleor) -> None:
    product = make_product()
    Conflict.objects.create(
        api_url=make_installation(saleor).api_url,
        subject=product.slug,
        field="name:en",
        kept="theirs",
    )
    assert wiring.saleor_projection().apply([change(product.slug, "name:en", "Kapok ring")]) == 1
    product.refresh_from_db()
    assert product.names["en"] == "Kapok ring"
    assert Conflict.objects.get().resolved_at is not None
    assert wiring.saleor_projection().apply([change(product.slug, "name:en", "Kapok ring")]) == 0


def test_hiding_a_product_in_saleor_takes_it_out_of_that_market() -> None:
    product = make_product(markets=["de", "us"])
    wiring.saleor_projection().apply([change(product.slug, "published:de", "no")])
    product.refresh_from_db()
    assert product.markets == ["us"]


def test_stock_from_saleor_never_breaks_a_promise() -> None:
    variant = make_variant(stock=5)
    variant.stock.update(reserved=3)
    wiring.saleor_projection().apply([change(variant.sku, "stock:shenzhen", "1")])
    assert variant.stock.get().quantity == 3


def test_what_saleor_never_owns_is_never_taken_from_it() -> None:
    variant = make_variant()
    before = variant.passport
    wiring.saleor_projection().apply(
        [change(variant.sku, "passport", "{}"), change("unknown", "name:en", "X")]
    )
    variant.refresh_from_db()
    assert variant.passport == before
