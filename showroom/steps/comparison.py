"""The piece beside known coins and on a hand, so that a shopper sees how large it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.hole import find
from showroom.poster.scale import SizePictures
from showroom.work import Output, Work

HAND = "hand"


@dataclass(frozen=True, slots=True)
class Options:
    """`currencies` whose coins to lay beside the piece, in pictures at most `coin_width` pixels
    wide; the hand's is `hand_width` wide, 0 for none.
    """

    currencies: tuple[str, ...] = ("aed", "eur", "gbp", "hkd", "jpy", "usd")
    coin_width: int = 768
    hand_width: int = 1024


DEFAULTS = Options()


def comparison(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its size pictures, written straight into its folder."""
    alloy = work.alloys[0] if work.alloys else ""
    pictures = SizePictures(work.scene, kind=work.kind, alloy=alloy or None)
    made = {
        currency: pictures.coin(
            currency, width=options.coin_width, out=work.folder / f"scale-{currency}"
        )
        for currency in options.currencies
    }
    if options.hand_width:
        # Measured before the piece was stood up; the coarsest level is near enough to place it.
        hole = find(work.levels[-1] if work.levels else work.scene)
        made[HAND] = pictures.hand(
            hole, width=options.hand_width, out=work.folder / f"scale-{HAND}"
        )
    outputs = [
        Output("size", path.name, path.read_bytes(), 0, alloy, name)
        for name, picture in made.items()
        for path in (picture.webp, picture.png)
    ]
    return replace(work, outputs=(*work.outputs, *outputs))
