"""What operators may look at in an emergency, in Django's admin. The desk is where they work."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model

from storefront_backend.background.models import Failure, StepState
from storefront_backend.catalog.models import RateTick, Repricing, Suspension
from storefront_backend.desk.operator.models import OperatorAct
from storefront_backend.models3d.models import Build
from storefront_backend.orders.admin import ReadOnlyAdmin
from storefront_backend.saleor_rows.models import (
    Conflict,
    Installation,
    Intake,
    PaymentNews,
    SaleorEvent,
    SaleorSale,
)


class InstallationAdmin(ReadOnlyAdmin):
    """Tokens and keys are never shown."""

    exclude = ("sealed_token", "keys")


_RECORDS: tuple[type[Model], ...] = (
    Build, Conflict, Failure, Intake, OperatorAct, PaymentNews, RateTick, Repricing, SaleorEvent,
    SaleorSale, StepState, Suspension,
)  # fmt: skip
admin.site.register(_RECORDS, ReadOnlyAdmin)
admin.site.register(Installation, InstallationAdmin)
