"""The piece beside a known coin, so that a shopper sees how large it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.poster import scale
from showroom.work import Output, Work


@dataclass(frozen=True, slots=True)
class Options:
    """`currencies` whose coins to lay beside the piece; a picture of `width` pixels for each."""

    currencies: tuple[str, ...] = ("aed", "eur", "gbp", "hkd", "jpy", "usd")
    width: int = 768
    samples: int = 8


DEFAULTS = Options()


def comparison(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with its size pictures, written straight into its folder."""
    alloy = work.alloys[0] if work.alloys else ""
    outputs = list(work.outputs)
    for currency in options.currencies:
        made = scale.render(
            work.scene,
            currency=currency,
            alloy=alloy or None,
            width=options.width,
            samples=options.samples,
            out=work.folder / f"scale-{currency}",
        )
        outputs += [
            Output("size", path.name, path.read_bytes(), 0, alloy, currency)
            for path in (made.webp, made.png)
        ]
    return replace(work, outputs=tuple(outputs))
