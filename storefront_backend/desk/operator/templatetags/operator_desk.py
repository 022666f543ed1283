"""Words for codes, for operators' templates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from i18n import locales
from i18n.money import Money
from storefront_backend.desk.operator.words import WORDS

register = template.Library()


@register.filter
def said(code: str, of: str) -> str:
    """The word for a code: `{{ order.flag|said:"flag" }}`; without one the code itself."""
    return str(WORDS[of].get(code, code))


@register.simple_tag(takes_context=True)
def amount(context: dict[str, Any], value: Decimal, currency: str) -> SafeString:
    """A row's amount with its currency, kept on one line."""
    text = locales.format_money(Money(value, currency).quantized(), context["language"])
    return format_html('<bdi class="money">{}</bdi>', text)
