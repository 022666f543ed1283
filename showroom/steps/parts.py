"""Says what every part is: by the brand's word, by names, by shape, and else metal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from showroom.errors import Problem
from showroom.faceted import is_stone
from showroom.scene import Part, Role, Scene
from showroom.words import role_of, sense
from showroom.work import Work


@dataclass(frozen=True, slots=True)
class Options:
    """What a part is taken for when nothing tells more."""

    metal: str = "gold-750-yellow"
    stone: str = "diamond"


DEFAULTS = Options()
_FALLBACK = {
    Role.PEARL: "pearl-white", Role.JADE: "jadeite", Role.ENAMEL: "enamel-red",
}  # fmt: skip


def parts(work: Work, options: Options = DEFAULTS) -> Work:
    """Every part with a role and, where a word states it, a material."""
    known: list[Part] = []
    listed: list[dict[str, object]] = []
    guessed = 0
    for part in work.scene.parts:
        found, by, word = _recognised(part, work)
        guessed += by == "shape" and found.role is Role.STONE
        known.append(found)
        listed.append(
            {
                "name": found.name,
                "role": found.role.value,
                "material": found.material,
                "by": by,
                "word": word,
                "count": found.count,
                "triangles": len(work.scene.mesh(found)),
            }
        )
    work = replace(work, scene=replace(work.scene, parts=tuple(known)), parts=tuple(listed))
    if guessed:
        work = work.noted(
            Problem(
                "stones_by_shape",
                f"{guessed} parts were taken for stones by their facets; no name says so.",
                "Name layers or objects, for example 'stone:diamond centre', or correct the parts.",
            )
        )
    return work


def _recognised(part: Part, work: Work) -> tuple[Part, str, str]:
    override = work.declared.overrides.get(part.name)
    if override is not None and (override.role or override.material):
        role = override.role or role_of(override.material)
        made = replace(part, role=role, material=override.material)
        return replace(made, finish=override.finish or work.declared.finish), "brand", part.name
    meant = sense(part.labels)
    if meant is not None:
        finish = meant.finish or work.declared.finish
        made = replace(part, role=meant.role, material=meant.material, finish=finish)
        return made, "name", meant.word
    stone = part.role is Role.STONE or is_stone(work.scene.mesh(part))  # `split` may know already
    role = Role.STONE if stone else Role.METAL
    return replace(part, role=role, finish=work.declared.finish), "shape", ""


def with_materials(scene: Scene, metal: str, stones: tuple[str, ...], options: Options) -> Scene:
    """Parts without a material take the piece's metal, its only declared stone, or the default."""

    def dressed(part: Part) -> Part:
        if part.material:
            return part
        if part.role in (Role.METAL, Role.OTHER):
            return replace(part, material=metal)
        if part.role is Role.STONE:
            return replace(part, material=stones[0] if len(stones) == 1 else options.stone)
        return replace(part, material=_FALLBACK[part.role])

    return replace(scene, parts=tuple(dressed(part) for part in scene.parts))
