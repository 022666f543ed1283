"""Addresses of products and collections: readable in ASCII, made once, never two of one."""

from __future__ import annotations

import hashlib

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
    words = (brand.slug, ascii_words(name)[:_LONGEST_NAME].strip("-"), ascii_words(code))
    plain = "-".join(filter(None, words))
    best = words[1] or words[2]
    if best and len(plain) <= _LONGEST and _is_free(plain):
        return plain
    return marked(plain, f"{brand.slug}/{code}", _LONGEST)


def marked(words: str, about: str, longest: int) -> str:
    """The words cut to fit, with a digest of `about` behind them."""
    mark = hashlib.sha256(about.encode()).hexdigest()[:_MARK]
    return f"{words[: longest - _MARK - 1].strip('-')}-{mark}".strip("-")


def _is_free(slug: str) -> bool:
    taken = Product.objects.filter(slug=slug).exists()
    return not taken and not FormerSlug.objects.filter(slug=slug).exists()


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


def require_free(slug: str, product_id: int | None) -> None:
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
