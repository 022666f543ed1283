"""Full-text search over products: what is indexed, and how a shopper's words are matched."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from storefront_backend.catalog.models import Product

# "simple" keeps words as they are: one index serves every language, and a stemmer of the wrong
# language does more harm than none.
_CONFIG = "simple"
_WORD = re.compile(r"\w+")
# Scripts written without spaces: PostgreSQL sees one long word there, so names are matched inside.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI")
_MOST_WORDS = 8


def matching(products: QuerySet[Product], text: str) -> QuerySet[Product]:
    """The products that hold every word (or its beginning), annotated with `rank`."""
    words = _WORD.findall(text)[:_MOST_WORDS]
    if not words:
        return products.none().annotate(rank=Value(0.0))
    query = SearchQuery(
        " & ".join(f"{word}:*" for word in words), search_type="raw", config=_CONFIG
    )
    condition = Q(search=query)
    unspaced = [word for word in words if _is_unspaced(word)]
    if unspaced:
        products = products.annotate(all_names=Cast("names", TextField()))
        inside = Q()
        for word in unspaced:
            inside &= Q(all_names__contains=word)
        condition |= inside
    return products.filter(condition).annotate(rank=SearchRank(F("search"), query))


def by_rank(found: QuerySet[Product]) -> QuerySet[Product]:
    """What `matching` found, the best first, among equals the newest."""
    return found.order_by(F("rank").desc(), "-created_at", "id")


def index_products(products: QuerySet[Product]) -> None:
    """Bring the search column of these products up to date; call it when their texts change."""
    for product in products.select_related("brand").prefetch_related("variants"):
        alloys = {variant.alloy for variant in product.variants.all()}
        weighted = {
            "A": [*product.names.values(), product.code],
            "B": [*product.brand.names.values(), product.kind, *alloys],
            "C": [*product.descriptions.values()],
        }
        vectors = [
            SearchVector(Value(" ".join(filter(None, texts))), weight=weight, config=_CONFIG)
            for weight, texts in weighted.items()
        ]
        # pk filter and update: a save() would touch updated_at, and nothing of it has changed.
        Product.objects.filter(pk=product.pk).update(search=vectors[0] + vectors[1] + vectors[2])


def _is_unspaced(word: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(_UNSPACED) for letter in word)
