"""The desk's addresses."""

from django.urls import path

from storefront_backend.api.desk import builds, imports, orders, photographs, uploads

app_name = "desk-api"
urlpatterns = [
    path("brands/<slug:brand>/uploads/", uploads.uploads, name="uploads"),
    path("uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("uploads/<uuid:upload_id>/parts/", uploads.parts, name="upload-parts"),
    path("uploads/<uuid:upload_id>/complete/", uploads.complete, name="upload-complete"),
    path("brands/<slug:brand>/imports/", imports.imports, name="imports"),
    path("imports/<uuid:run_id>/", imports.run, name="import"),
    path("imports/<uuid:run_id>/pieces/", imports.pieces, name="import-pieces"),
    path("imports/<uuid:run_id>/apply/", imports.apply, name="import-apply"),
    path("imports/<uuid:run_id>/undo/", imports.undo, name="import-undo"),
    path("brands/<slug:brand>/orders/", orders.orders, name="orders"),
    path("brands/<slug:brand>/orders/<str:number>/", orders.order, name="order"),
    path("brands/<slug:brand>/orders/<str:number>/parcels/", orders.send, name="order-send"),
    path("brands/<slug:brand>/orders/<str:number>/refunds/", orders.refund, name="order-refund"),
    path("brands/<slug:brand>/products/<str:code>/builds/", builds.builds, name="builds"),
    path(
        "brands/<slug:brand>/products/<str:code>/photographs/",
        photographs.photographs,
        name="photographs",
    ),
    path(
        "brands/<slug:brand>/products/<str:code>/photographs/order/",
        photographs.order,
        name="photograph-order",
    ),
    path("photographs/<uuid:photograph_id>/", photographs.photograph, name="photograph"),
    path("photographs/<uuid:photograph_id>/retry/", photographs.retry, name="photograph-retry"),
    path("builds/<int:build_id>/", builds.build, name="build"),
    path("builds/<int:build_id>/cancel/", builds.cancel, name="build-cancel"),
    path("builds/<int:build_id>/retry/", builds.retry, name="build-retry"),
    path("builds/<int:build_id>/show/", builds.show, name="build-show"),
    path("builds/<int:build_id>/parts/", builds.parts, name="build-parts"),
]
