"""Addresses of products and collections: readable in ASCII, made once, never two of one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from anyascii import anyascii
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from storefront_backend.catalog.models import Brand, Collection, FormerSlug, Product
from storefront_backend.commerce.errors import InvalidRequest

_LONGEST_NAME = 60
_LONGEST = 120  # Product.slug
_LONGEST_OF_COLLECTION = 80
_MARK = 8  # hex digits, where the words alone are not enough


def ascii_words(text: str) -> str:
    """A text as words of an address: 岭南 is "lingnan". Empty where it has no letters."""
    return slugify(anyascii(text))


def product_slug(brand: Brand, name: str, code: str) -> str:
    """A free address of a new product: brand, name and code, with a mark where that is taken.

    The mark is a digest of brand and code, so that the same product gets the same one again.
    """
    return product_slugs(brand, [(name, code)])[0]


def product_slugs(brand: Brand, pieces: Sequence[tuple[str, str]]) -> list[str]:
    """Free addresses of new products, each (name, code), in two queries; no two are the same."""
    plain = [_plain(brand, name, code) for name, code in pieces]
    taken = set(Product.objects.filter(slug__in=plain).values_list("slug", flat=True))
    taken |= set(FormerSlug.objects.filter(slug__in=plain).values_list("slug", flat=True))
    slugs: list[str] = []
    for words, (name, code) in zip(plain, pieces, strict=True):
        readable = ascii_words(name)[:_LONGEST_NAME].strip("-") or ascii_words(code)
        free = readable and len(words) <= _LONGEST and words not in taken
        slugs.append(words if free else marked(words, f"{brand.slug}/{code}", _LONGEST))
        taken.add(slugs[-1])
    return slugs


def _plain(brand: Brand, name: str, code: str) -> str:
    words = (brand.slug, ascii_words(name)[:_LONGEST_NAME].strip("-"), ascii_words(code))
    return "-".join(filter(None, words))


def marked(words: str, about: str, longest: int) -> str:
    """The words cut to fit, with a digest of `about` behind them."""
    mark = hashlib.sha256(about.encode()).hexdigest()[:_MARK]
    return f"{words[: longest - _MARK - 1].strip('-')}-{mark}".strip("-")


def collection_of(brand: Brand, name: str) -> Collection | None:
    """The brand's collection of that name, made where there is none; None for an empty name."""
    if not name:
        return None
    found = Collection.objects.filter(brand=brand, names__en=name).order_by("pk").first()
    if found is not None:
        return found
    plain = ascii_words(name)
    if not plain or len(plain) > _LONGEST_OF_COLLECTION or _collection_taken(brand, plain):
        plain = marked(plain, name, _LONGEST_OF_COLLECTION)
    try:
        with transaction.atomic():
            return Collection.objects.create(brand=brand, slug=plain, names={"en": name})
    except IntegrityError:  # made by another import at this moment
        return Collection.objects.get(brand=brand, slug=plain)


def _collection_taken(brand: Brand, slug: str) -> bool:
    return Collection.objects.filter(brand=brand, slug=slug).exists()


def require_free(slug: str, product_id: int = 0) -> None:
    """Raises InvalidRequest where another product has the address, or had it."""
    if Product.objects.filter(slug=slug).exclude(pk=product_id).exists():
        raise InvalidRequest(f"Another product has the address {slug}", field="slug")
    if FormerSlug.objects.filter(slug=slug).exclude(product_id=product_id).exists():
        raise InvalidRequest(f"Another product had the address {slug}", field="slug")


def change_slug(product: Product, slug: str) -> None:
    """Give a product another address; the one it had leads there from now on.

    Raises InvalidRequest where another product has the address, or had it.
    """
    if slug == product.slug:
        return
    with transaction.atomic():
        row = Product.objects.select_for_update().get(pk=product.pk)
        require_free(slug, row.pk)
        FormerSlug.objects.filter(slug=slug, product=row).delete()
        FormerSlug.objects.get_or_create(slug=row.slug, defaults={"product": row})
        Product.objects.filter(pk=row.pk).update(slug=slug)
    product.slug = slug


def current_slug(slug: str) -> str | None:
    """The address of the product that once had this one; None where no product had it."""
    former = FormerSlug.objects.filter(slug=slug, product__is_published=True)
    return former.values_list("product__slug", flat=True).first()
