"""Gives every part a material code, and the piece the metals it is sold in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from i18n.metals import ALLOYS
from showroom.errors import Problem
from showroom.scene import Role, Scene
from showroom.steps import parts as recognition
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """The default where neither the file nor the brand names a material."""

    metal: str = "gold-750-yellow"
    stone: str = "diamond"


DEFAULTS = Options()


def materials(work: Work, options: Options = DEFAULTS) -> Work:
    """Every part of every level with a material."""
    named = [p.material for p in work.scene.parts if p.role is Role.METAL and p.material in ALLOYS]
    metal = (*work.declared.alloys, *named, options.metal)[0]
    stones = tuple(dict.fromkeys(stone.kind for stone in work.declared.stones))
    fallback = recognition.Options(metal=options.metal, stone=options.stone)

    def dressed(scene: Scene) -> Scene:
        return recognition.with_materials(scene, metal, stones, fallback)

    bare = sum(part.role is Role.STONE and not part.material for part in work.scene.parts)
    if bare and len(stones) != 1:
        work = work.noted(
            Problem(
                "stone_assumed",
                f"{bare} stone parts have no kind; {options.stone} was assumed.",
                "Name the layer or object after the stone, or declare the stones.",
            )
        )
    scene = dressed(work.scene)
    by_name = {part.name: part.material for part in scene.parts}
    # Like stones were made one part under one name; the others are of the same material.
    by_role = {part.role.value: part.material for part in reversed(scene.parts)}
    listed = tuple(
        {
            **entry,
            "material": entry["material"]
            or by_name.get(str(entry["name"]), by_role.get(str(entry["role"]), "")),
        }
        for entry in work.parts
    )
    levels = tuple(dressed(level) for level in work.levels)
    phone = None if work.ar is None else dressed(work.ar)
    return replace(work, scene=scene, levels=levels, ar=phone, parts=listed)
