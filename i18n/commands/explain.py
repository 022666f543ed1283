"""`landed-cost explain --market …`: the same quote in sentences."""

from __future__ import annotations

import argparse

from i18n.commands import supply
from i18n.commands.quote import REFUSED, refuse
from i18n.errors import SaleRefused
from i18n.explain import explain
from i18n.locales import language
from i18n.rulebook import load_rulebook
from i18n.translations import translator


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    supply.add_options(parser)
    parser.add_argument("--language", default="en", help="BCP 47, such as zh-Hant")


def run(wanted: argparse.Namespace) -> int:
    """0 with the sentences, 3 with the rule that refuses."""
    chosen = language(wanted.language)
    try:
        cost = supply.calculate(wanted)
    except SaleRefused as refusal:
        refuse(refusal, wanted)
        return REFUSED
    country = load_rulebook().market(wanted.market).market.country
    for sentence in explain(cost, chosen.code, country, translate=translator(chosen.code)):
        print(" ".join(filter(None, (sentence.text, sentence.payer, sentence.caution))))
        if sentence.says:
            print(f"    {sentence.says} {sentence.source.url if sentence.source else ''}")
    return 0
