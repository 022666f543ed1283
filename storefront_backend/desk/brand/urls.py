"""The addresses of a brand's desk, below /desk/."""

from __future__ import annotations

from django.urls import include, path

from storefront_backend.desk.brand.views import (
    brand_page,
    editor,
    entrance,
    history,
    language,
    model,
    orders,
    overview,
    payouts,
    people,
    photographs,
    pieces,
    prices,
    sheet_mending,
    sheets,
    stock,
    texts,
)

_at_a_brand = [
    path("", overview.show, name="overview"),
    path("language/", language.choose, name="language"),
    path("pieces/", pieces.listed, name="pieces"),
    path("pieces/publication/", pieces.publication, name="publication"),
    path("pieces/<int:piece_id>/", pieces.one, name="piece"),
    path("pieces/<int:piece_id>/texts/", editor.texts, name="piece-texts"),
    path(
        "pieces/<int:piece_id>/passport/<int:variant_id>/", editor.passport, name="piece-passport"
    ),
    path("pieces/<int:piece_id>/photographs/", photographs.listed, name="piece-photographs"),
    path(
        "pieces/<int:piece_id>/photographs/<uuid:photograph_id>/",
        photographs.one,
        name="piece-photograph",
    ),
    path("pieces/<int:piece_id>/model/", model.show, name="piece-model"),
    path("pieces/<int:piece_id>/model/parts/", model.parts, name="piece-parts"),
    path("pieces/<int:piece_id>/model/builds/<int:build_id>/", model.build, name="piece-build"),
    path("page/", brand_page.show, name="page"),
    path("page/preview/", brand_page.preview, name="page-preview"),
    path("page/publication/", brand_page.publication, name="page-publication"),
    path("page/film/", brand_page.film, name="page-film"),
    path("page/pictures/", brand_page.pictures, name="page-pictures"),
    path("page/pictures/<uuid:picture_id>/", brand_page.picture, name="page-picture"),
    path("prices/", prices.listed, name="prices"),
    path("stock/", stock.listed, name="stock"),
    path("stock/place/", stock.place, name="stock-place"),
    path("stock/threshold/", stock.threshold, name="stock-threshold"),
    path("sheets/", sheets.listed, name="sheets"),
    path("sheets/catalogue.xlsx", sheets.export, {"kind": "xlsx"}, name="sheet-export-xlsx"),
    path("sheets/catalogue.csv", sheets.export, {"kind": "csv"}, name="sheet-export-csv"),
    path("sheets/template.xlsx", sheets.template, name="sheet-template"),
    path("sheets/<uuid:run_id>/", sheets.one, name="sheet"),
    path("sheets/<uuid:run_id>/columns/", sheet_mending.columns, name="sheet-columns"),
    path("sheets/<uuid:run_id>/cells/", sheet_mending.cells, name="sheet-cells"),
    path("sheets/<uuid:run_id>/marked.xlsx", sheet_mending.workbook, name="sheet-marked"),
    path("sheets/<uuid:run_id>/apply/", sheets.apply, name="sheet-apply"),
    path("sheets/<uuid:run_id>/undo/", sheets.undo, name="sheet-undo"),
    path("history/", history.listed, name="history"),
    path("people/", people.listed, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path(
        "people/invitations/<int:invitation_id>/again/",
        people.send_again,
        name="invitation-again",
    ),
    path(
        "people/invitations/<int:invitation_id>/revoke/",
        people.revoke,
        name="invitation-revoke",
    ),
    path("people/<int:user_id>/role/", people.change_role, name="person-role"),
    path("people/<int:user_id>/remove/", people.remove, name="person-remove"),
    path("texts/", texts.listed, name="texts"),
    path("texts/file/", texts.file, name="texts-file"),
    path("texts/drafts/", texts.draft, name="texts-drafts"),
    path("payouts/", payouts.listed, name="payouts"),
    path("payouts/<int:payout_id>/", payouts.one, name="payout"),
    path("payouts/<int:payout_id>/statement.csv", payouts.file, {"kind": "csv"}, name="payout-csv"),
    path("payouts/<int:payout_id>/statement.pdf", payouts.file, {"kind": "pdf"}, name="payout-pdf"),
    path("orders/", orders.listed, name="orders"),
    path("orders/<slug:number>/", orders.one, name="order"),
    path("orders/<slug:number>/parcel/", orders.send, name="order-send"),
]

app_name = "brand-desk"
urlpatterns = [
    path("", entrance.choose, name="entrance"),
    path("brand/<slug:brand>/", include(_at_a_brand)),
]
