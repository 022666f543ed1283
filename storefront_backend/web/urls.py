"""The addresses of the shop's pages."""

from __future__ import annotations

from django.urls import include, path, register_converter

from storefront_backend.web.places import LANGUAGES, market_of
from storefront_backend.web.views import (
    account,
    bag,
    campaigns,
    checkout,
    checkout_code,
    engraving,
    entrance,
    houses,
    jewellery,
    law,
    notices,
    order,
    papers,
    partners,
    sandbox,
    seller,
)


class MarketCode:
    """A market that we sell in; any other address is not found."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        """The code itself."""
        if market_of(value) is None:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """The code itself."""
        return value


class LanguageCode:
    """A language of the interface, as Django writes it: "zh-hant"."""

    regex = "[a-z]{2,3}(?:-[a-z0-9]{2,8})*"

    def to_python(self, value: str) -> str:
        """The code itself."""
        if value not in LANGUAGES:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """The same in lower case, from BCP 47."""
        return value.lower()


register_converter(MarketCode, "market")
register_converter(LanguageCode, "language")

_in_a_market = [
    path("", entrance.home, name="home"),
    path("jewellery/", jewellery.piece_list, name="jewellery"),
    path("jewellery/<slug:slug>/", jewellery.product, name="product"),
    path("jewellery/<slug:slug>/engraving/", engraving.preview, name="engraving"),
    path("brands/", houses.brand_list, name="brands"),
    path("brands/<slug:slug>/", houses.brand, name="brand"),
    path("brands/<slug:slug>/preview/", houses.brand_preview, name="brand-preview"),
    path("stories/<slug:slug>/", houses.story, name="story"),
    path("campaigns/<slug:slug>/", campaigns.show, name="campaign"),
    path("what-you-pay/", law.what_you_pay, name="what-you-pay"),
    path("imprint/", seller.show, name="imprint"),
    path("bag/", bag.show, name="bag"),
    path("bag/add/", bag.add, name="bag-add"),
    path("bag/change/", bag.change, name="bag-change"),
    path("bag/checkout/", bag.to_checkout, name="bag-checkout"),
    path("checkout/<uuid:token>/", checkout.contact, name="checkout"),
    path("checkout/<uuid:token>/delivery/", checkout.delivery, name="checkout-delivery"),
    path("checkout/<uuid:token>/review/", checkout.review, name="checkout-review"),
    path("checkout/<uuid:token>/code/", checkout_code.apply, name="checkout-code"),
    path("checkout/<uuid:token>/paid/", checkout.paid, name="checkout-paid"),
    path("order/<uuid:token>/", order.show, name="order"),
    path(
        "order/<uuid:token>/<slug:kind>/<slug:number>.pdf", papers.for_shopper, name="order-paper"
    ),
    path("notices/", notices.ask, name="notice-ask"),
    path("notices/confirm/", notices.confirm, name="notice-confirm"),
    path("notices/stop/", notices.stop, name="notice-stop"),
    path("partners/", partners.join, name="partners"),
    path("account/", account.overview, name="account"),
    path("account/sign-in/", account.sign_in, name="account-sign-in"),
    path("account/register/", account.ask_for_link, name="account-register"),
    path(
        "account/password/",
        account.ask_for_link,
        {"template": "web/forgotten.html"},
        name="account-forgotten",
    ),
    path("account/choose/", account.choose_password, name="account-choose"),
    path("account/sign-out/", account.sign_out, name="account-sign-out"),
]

app_name = "web"
urlpatterns = [
    path("", entrance.chooser, name="chooser"),
    path("sign-in/", account.entry, name="sign-in"),
    path("r/<slug:code>", partners.link, name="partner-link"),
    path("robots.txt", entrance.robots, name="robots"),
    path("sitemap.xml", entrance.sitemap_index, name="sitemap-index"),
    path("sitemap-<market:market>.xml", entrance.sitemap, name="sitemap"),
    path("papers/<slug:kind>/<slug:number>.pdf", papers.for_brand, name="brand-paper"),
    path("pay/sandbox/<slug:provider_id>/", sandbox.pay, name="sandbox"),
    path("<market:market>/<language:language>/", include(_in_a_market)),
]
