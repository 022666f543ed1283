"""The addresses of the shop's own desk, below /desk/operator/."""

from __future__ import annotations

from django.urls import path

from storefront_backend.desk.operator.views import acts, language, order_acts, orders, overview

app_name = "operator-desk"
urlpatterns = [
    path("", overview.show, name="overview"),
    path("language/", language.choose, name="language"),
    path("orders/", orders.listed, name="orders"),
    path("orders/<slug:number>/", orders.one, name="order"),
    path("orders/<slug:number>/send/", order_acts.send, name="order-send"),
    path("orders/<slug:number>/cancel/", order_acts.cancel, name="order-cancel"),
    path("orders/<slug:number>/refund/", order_acts.refund, name="order-refund"),
    path("orders/<slug:number>/note/", order_acts.note, name="order-note"),
    path("orders/<slug:number>/letter/", order_acts.letter, name="order-letter"),
    path("orders/<slug:number>/events/", order_acts.check_events, name="order-events"),
    path("acts/", acts.listed, name="acts"),
]
