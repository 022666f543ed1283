"""Who sells: the imprint that every shop has to show (one row), and what it still lacks.

| what the law asks for              | where                                                      |
|------------------------------------|------------------------------------------------------------|
| name, address, mail, how to be     | EU: directive 2000/31/EC, article 5                        |
| reached at once, register, VAT     | (lexparency.org/eu/32000L0031/ART_5); UK: SI 2002/2013,    |
| number                             | regulation 6 (legislation.gov.uk/uksi/2002/2013)           |
| the same with who represents the   | Japan: Act on Specified Commercial Transactions, article   |
| seller; costs beside the price,    | 11 (no-trouble.caa.go.jp/qa/advertising.html)              |
| payment, delivery, returns         |                                                            |

Read on 25 November 2026. The register and the representative are required of every shop, though
not every law asks for both: a shop has one imprint.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked

REQUIRED = ("name", "representative", "address", "country", "register", "email", "phone")
# Texts by language, with the most characters of one.
TEXTS: Mapping[str, int] = MappingProxyType(
    {"addresses": 400, "extra_costs": 2_000, "payment": 2_000, "delivery": 2_000, "returns": 4_000}
)
# What a market's law asks for besides, in its language.
REQUIRED_TEXTS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {"jp": ("ja", ("extra_costs", "payment", "delivery", "returns"))}
)


@tracked(
    "name", "representative", "address", "country", "register", "vat_number", "email", "phone",
    "other_registrations", *TEXTS,
)  # fmt: skip
class Imprint(models.Model):
    """The seller. `address` is as registered; `addresses` say it in other scripts."""

    name = models.CharField(max_length=160, blank=True)
    representative = models.CharField(max_length=160, blank=True)
    address = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)
    register = models.CharField(max_length=200, blank=True)
    vat_number = models.CharField(max_length=40, blank=True)
    other_registrations = models.CharField(max_length=300, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    addresses = models.JSONField(default=dict, blank=True)
    extra_costs = models.JSONField(default=dict, blank=True)
    payment = models.JSONField(default=dict, blank=True)
    delivery = models.JSONField(default=dict, blank=True)
    returns = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_imprint"),)

    def __str__(self) -> str:
        return self.name


def imprint() -> Imprint:
    """The shop's; an empty one, not saved, where it has none yet."""
    return Imprint.objects.filter(pk=1).first() or Imprint(pk=1)


def lacking(row: Imprint, markets: Collection[str]) -> list[str]:
    """What has to be filled in before the shop opens: fields, and texts as "returns.ja"."""
    found = [name for name in REQUIRED if not getattr(row, name)]
    for market, (language, names) in REQUIRED_TEXTS.items():
        if market in markets:
            found += [
                f"{name}.{language}" for name in names if not getattr(row, name).get(language)
            ]
    return found
