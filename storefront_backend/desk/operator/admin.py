"""What operators decide over and work follows from, in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from storefront_backend.background.models import Failure, StepState
from storefront_backend.catalog.models import RateTick, Repricing
from storefront_backend.desk.operator import saleor
from storefront_backend.desk.operator.builds import BuildAdmin
from storefront_backend.desk.operator.failures import FailureAdmin, StepStateAdmin
from storefront_backend.desk.operator.open_money import OpenMoneyAdmin
from storefront_backend.desk.operator.rates import RateTickAdmin, RepricingAdmin
from storefront_backend.models3d.models import Build
from storefront_backend.orders.models import OpenMoney

__all__ = ["saleor"]  # registers its own

admin.site.register(OpenMoney, OpenMoneyAdmin)
admin.site.register(Build, BuildAdmin)
admin.site.register(RateTick, RateTickAdmin)
admin.site.register(Repricing, RepricingAdmin)
admin.site.register(Failure, FailureAdmin)
admin.site.register(StepState, StepStateAdmin)
