"""What names in a file mean, in the languages that jewellers' CAD speaks."""

from __future__ import annotations

import pytest

from showroom.scene import Role
from showroom.words import sense


@pytest.mark.parametrize(
    ("name", "role", "material"),
    [
        ("metal:gold-750-yellow band", "metal", "gold-750-yellow"),
        ("stone:diamond centre", "stone", "diamond"),
        ("stone:pearl-white drop", "pearl", "pearl-white"),
        ("18K White Gold", "metal", "gold-750-white"),
        ("Diamond prongs", "metal", ""),
        ("Round_Brilliant-1.0ct", "stone", ""),
        ("Sapphires", "stone", "sapphire"),
        ("18k黄金戒圈", "metal", "gold-750-yellow"),
        ("钻石镶口", "metal", ""),
        ("主钻", "stone", "diamond"),
        ("紅寶石", "stone", "ruby"),
        ("黃金鑲爪", "metal", ""),
        ("翡翠", "jade", "jadeite"),
        ("K18PG リング", "metal", "gold-750-rose"),
        ("中石 ダイヤモンド", "stone", "diamond"),
        ("アコヤ真珠", "pearl", "pearl-white"),
        ("anello oro rosa 18k", "metal", "gold-750-rose"),
        ("castone del diamante", "metal", ""),
        ("Smeraldi", "stone", "emerald"),
        ("griffe diamant", "metal", ""),
        ("Émeraude", "stone", "emerald"),
        ("émail bleu", "enamel", "enamel-blue"),
    ],
)
def test_a_name_tells_role_and_material(name: str, role: str, material: str) -> None:
    found = sense([name])
    assert found is not None
    assert (found.role, found.material) == (Role(role), material)


@pytest.mark.parametrize("name", ["Mesh1 Model", "FrontColor", "Object_12", "ordinateur", "", "中"])
def test_a_name_without_meaning_tells_nothing(name: str) -> None:
    assert sense([name]) is None


def test_a_later_label_adds_the_material_that_an_earlier_one_lacks() -> None:
    found = sense(["centre stone", "Layer 03", "Ruby"])
    assert found is not None
    assert (found.role, found.material) == (Role.STONE, "ruby")
