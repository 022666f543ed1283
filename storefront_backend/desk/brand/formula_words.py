"""A price formula in words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from i18n.price_formula import Making, PriceFormula


def formula_words(formula: PriceFormula) -> str:
    """The formula as a sum of its parts."""
    if formula.fixed is not None:
        return _("Fixed price %(amount)s") % {"amount": _money(formula.fixed, formula)}
    parts = [_("metal")]
    if formula.loss_percent:
        parts[0] = _("metal and %(percent)s %% loss") % {"percent": _plain(formula.loss_percent)}
    if not formula.making_kind.is_free:
        parts.append(_making(formula))
    named = (
        (formula.stones, _("stones %(amount)s")),
        (formula.setting, _("setting %(amount)s")),
        (formula.finish, _("finish %(amount)s")),
        (formula.engraving, _("engraving %(amount)s")),
    )
    parts += [text % {"amount": _money(amount, formula)} for amount, text in named if amount]
    text = " + ".join(parts)
    if formula.margin_percent:
        margin = _("margin %(percent)s %%") % {"percent": _plain(formula.margin_percent)}
        text = f"({text}) + {margin}"
    return text


def _making(formula: PriceFormula) -> str:
    if formula.making_kind is Making.PERCENT:
        return _("making %(percent)s %% of the metal") % {"percent": _plain(formula.making)}
    amount = _money(formula.making, formula)
    if formula.making_kind is Making.PER_GRAM:
        return _("making %(amount)s a gram") % {"amount": amount}
    return _("making %(amount)s") % {"amount": amount}


def _money(amount: Decimal, formula: PriceFormula) -> str:
    return f"{_plain(amount)} {formula.currency}"


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
