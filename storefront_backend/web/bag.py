"""The bag: a few lines in a signed cookie, so that browsing writes nothing to the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

from storefront_backend.commerce.checkout import LineRequest

COOKIE = "bag"
COUNT_COOKIE = "bag_count"  # readable by the page's script, which shows it in the header
MOST_LINES = 10
MOST_PIECES = 5  # of one line; more is a call to the house
_SALT = "pavilion.bag"
_AGE = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Bag:
    """What a shopper has put aside. Every change gives a new bag."""

    lines: tuple[LineRequest, ...] = ()

    @property
    def pieces(self) -> int:
        """How many pieces in all."""
        return sum(line.quantity for line in self.lines)

    @property
    def is_full(self) -> bool:
        """Whether another line would be one too many."""
        return len(self.lines) >= MOST_LINES

    def with_line(self, line: LineRequest) -> Bag:
        """One more piece; the same piece with the same wishes counts up."""
        for position, known in enumerate(self.lines):
            if _wishes(known) == _wishes(line):
                return self.with_quantity(position, known.quantity + line.quantity)
        return self if self.is_full else Bag((*self.lines, line))

    def with_quantity(self, position: int, quantity: int) -> Bag:
        """Another number of pieces on a line; none takes the line out."""
        lines = list(self.lines)
        if not 0 <= position < len(lines):
            return self
        old = lines[position]
        if quantity < 1:
            del lines[position]
        else:
            lines[position] = LineRequest(
                old.sku, min(quantity, MOST_PIECES), old.engraving, old.ring_size
            )
        return Bag(tuple(lines))


def read_bag(request: HttpRequest) -> Bag:
    """The bag of the request; an empty one where the cookie is missing, old or tampered with."""
    try:
        raw = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
        return Bag(tuple(LineRequest(*fields) for fields in raw))
    except (signing.BadSignature, TypeError, ValueError):
        return Bag()


def write_bag(response: HttpResponse, bag: Bag, *, secure: bool) -> None:
    """Put the bag on the response."""
    value = signing.dumps(_plain(bag.lines), salt=_SALT, compress=True)
    count = str(bag.pieces)
    response.set_cookie(COOKIE, value, max_age=_AGE, samesite="Lax", secure=secure, httponly=True)
    response.set_cookie(COUNT_COOKIE, count, max_age=_AGE, samesite="Lax", secure=secure)


def _plain(lines: Iterable[LineRequest]) -> list[list[str | int]]:
    return [[line.sku, line.quantity, line.engraving, line.ring_size] for line in lines]


def _wishes(line: LineRequest) -> tuple[str, str, str]:
    return line.sku, line.engraving, line.ring_size
