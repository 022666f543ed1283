"""The addresses of a brand's desk, below /desk/."""

from __future__ import annotations

from django.urls import include, path

from storefront_backend.desk.brand.views import (
    entrance,
    history,
    language,
    orders,
    overview,
    pieces,
    sheets,
    texts,
)

_at_a_brand = [
    path("", overview.show, name="overview"),
    path("language/", language.choose, name="language"),
    path("pieces/", pieces.listed, name="pieces"),
    path("pieces/publication/", pieces.publication, name="publication"),
    path("pieces/<int:piece_id>/", pieces.one, name="piece"),
    path("sheets/", sheets.listed, name="sheets"),
    path("sheets/template.xlsx", sheets.template, name="sheet-template"),
    path("sheets/<uuid:run_id>/", sheets.one, name="sheet"),
    path("sheets/<uuid:run_id>/apply/", sheets.apply, name="sheet-apply"),
    path("history/", history.listed, name="history"),
    path("texts/", texts.listed, name="texts"),
    path("texts/file/", texts.file, name="texts-file"),
    path("texts/drafts/", texts.draft, name="texts-drafts"),
    path("orders/", orders.listed, name="orders"),
    path("orders/<slug:number>/", orders.one, name="order"),
    path("orders/<slug:number>/parcel/", orders.send, name="order-send"),
]

app_name = "brand-desk"
urlpatterns = [
    path("", entrance.choose, name="entrance"),
    path("brand/<slug:brand>/", include(_at_a_brand)),
]
