"""Steps, groups and parts of amounts, as the calculation of a landed cost takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_DOWN, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)


def to_step(amount: Decimal, step: Decimal, rounding: str) -> Decimal:
    """The multiple of a step that is nearest by a `decimal` rounding mode."""
    steps = (amount / step).quantize(ONE, rounding)
    return (steps * step).quantize(step) if step < 1 else steps * step


def grouped[Key](
    lines: Iterable[int], key: Callable[[int], Key]
) -> list[tuple[Key, tuple[int, ...]]]:
    """Lines by key, in order of first appearance."""
    groups: list[tuple[Key, list[int]]] = []
    for at in lines:
        name = key(at)
        for known, members in groups:
            if known is name or known == name:
                members.append(at)
                break
        else:
            groups.append((name, [at]))
    return [(name, tuple(members)) for name, members in groups]


def split(amount: Decimal, weights: list[Decimal], unit: Decimal) -> list[Decimal]:
    """An amount line by line, as the base of later charges; the last line takes the rest.

    What a line bears of the price is not this but its part by largest remainder (`sharing`).
    """
    if len(weights) == 1:
        return [amount]
    if not amount:
        return [ZERO] * len(weights)
    total = sum(weights, ZERO)
    if not total:
        weights, total = [ONE] * len(weights), Decimal(len(weights))
    parts = [(amount * weight / total).quantize(unit, ROUND_DOWN) for weight in weights[:-1]]
    parts.append(amount - sum(parts, ZERO))
    return parts
