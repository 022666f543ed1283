"""Chooses the metals that the web model can switch between."""

from __future__ import annotations

from dataclasses import dataclass, replace

from i18n.metals import ALLOYS, alloy
from showroom.scene import Role
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """`always`: metals offered beside the ones the brand declares."""

    always: tuple[str, ...] = ()


DEFAULTS = Options()


def variants(work: Work, options: Options = DEFAULTS) -> Work:
    """The work with the alloys it is shown in, the pictured one first; UnknownCode on a bad one."""
    shown = [p.material for p in work.scene.parts if p.role is Role.METAL and p.material in ALLOYS]
    codes = tuple(dict.fromkeys((*work.declared.alloys, *options.always, *shown[:1])))
    for code in codes:
        alloy(code)
    return replace(work, alloys=codes)
