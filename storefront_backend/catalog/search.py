"""Full-text search over products: what is indexed, and how a shopper's words are matched."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from storefront_backend.catalog.models import Product, ProductVariant

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
    columns: list[tuple[int, str, str, str]] = []
    texts = products.only("names", "code", "kind", "descriptions", "brand__names")
    for product in texts.select_related("brand").prefetch_related(
        Prefetch("variants", ProductVariant.objects.only("product_id", "alloy"))
    ):
        alloys = sorted({variant.alloy for variant in product.variants.all()})
        weighted = (
            [*product.names.values(), product.code],
            [*product.brand.names.values(), product.kind, *alloys],
            [*product.descriptions.values()],
        )
        a, b, c = (" ".join(filter(None, texts)) for texts in weighted)
        columns.append((product.pk, a, b, c))
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_INDEX, [list(column) for column in zip(*columns, strict=True)])


# One statement for all, in the configuration of `_CONFIG`. It leaves updated_at alone: nothing of
# the product has changed.
_INDEX = """
UPDATE catalog_product SET search = setweight(to_tsvector('simple', texts.a), 'A')
    || setweight(to_tsvector('simple', texts.b), 'B')
    || setweight(to_tsvector('simple', texts.c), 'C')
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS texts (id, a, b, c)
WHERE catalog_product.id = texts.id
"""


def _is_unspaced(word: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(_UNSPACED) for letter in word)
