"""Who we are to a Saleor."""

from __future__ import annotations

from dataclasses import dataclass

from storefront_backend.saleor.errors import SaleorForbidden
from storefront_backend.saleor.transport import Saleor, accepted


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as Saleor has it registered; `query` is its subscription."""

    name: str
    is_active: bool
    address: str
    query: str
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Identity:
    """Our app in a Saleor, and that Saleor's version."""

    app_id: str
    identifier: str
    is_active: bool
    app_version: str
    permissions: tuple[str, ...]
    webhooks: tuple[Hook, ...]
    saleor_version: str
    shop_url: str


def identity(saleor: Saleor) -> Identity:
    """Ask with the app's own token. Raises SaleorForbidden when the token is unknown."""
    said = saleor.run("check/identity").data
    app, shop = said.get("app"), said["shop"]
    if app is None:
        raise SaleorForbidden("The token belongs to no app", hint="Install the app again")
    return Identity(
        app_id=app["id"],
        identifier=app["identifier"] or "",
        is_active=bool(app["isActive"]),
        app_version=app["version"] or "",
        permissions=tuple(each["code"] for each in app["permissions"] or ()),
        webhooks=tuple(
            Hook(
                name=each["name"] or "",
                is_active=each["isActive"],
                address=each["targetUrl"],
                query=each["subscriptionQuery"] or "",
                events=frozenset(
                    event["eventType"] for event in [*each["asyncEvents"], *each["syncEvents"]]
                ),
            )
            for each in app["webhooks"] or ()
        ),
        saleor_version=shop["version"],
        shop_url=shop["domain"]["url"],
    )


def signed_in(saleor: Saleor, email: str, password: str) -> Saleor:
    """The Saleor as a person sees it, for minutes. Raises SaleorRefused on a wrong password."""
    payload = accepted(saleor.run("check/sign_in", email=email, password=password), "SignIn")
    return saleor.with_token(payload["token"])
