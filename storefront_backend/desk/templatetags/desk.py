"""What the desk's templates say in the reader's language: money, and the trade's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from i18n import locales
from i18n.money import Money
from storefront_backend.desk import words

register = template.Library()


@register.simple_tag(takes_context=True)
def money(context: dict[str, Any], amount: Money) -> SafeString:
    """An amount, kept on one line."""
    text = locales.format_money(amount, context["language"])
    return format_html('<bdi class="money">{}</bdi>', text)


@register.simple_tag(takes_context=True)
def money_text(context: dict[str, Any], amount: Money) -> str:
    """An amount without markup, for a title."""
    return locales.format_money(amount, context["language"])


@register.simple_tag
def share(value: Decimal) -> str:
    """A move: 0.1 as +10.0 %, none as 0.0 %."""
    percent = (value * 100).quantize(Decimal("0.1"))
    return f"{percent:+} %".replace("-", "−") if percent else "0.0 %"


@register.filter
def word(code: str, of: str) -> str:
    """The word for a code: `{{ product.kind|word:"kind" }}`; without one the code itself."""
    return str(words.WORDS[of].get(code, code))
