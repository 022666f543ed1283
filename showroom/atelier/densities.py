"""Densities in g/cm³, each from a table that a workshop uses."""

from __future__ import annotations

# stuller: "Where can I find the specific gravity of various materials?", Stuller, 2012,
#          jshow.legacy.prod.stullercloud.com/articles/view/where-to-find-gravity-of-materials
# cad: densities as jewellery CAD tools publish them
# tmt: "How to determine approximate specific gravities of alloys",
#      tmtpages.com/specific-gravity.htm
ALLOY_DENSITY = {
    "gold-999": 19.3,  # cad
    "gold-916": 17.86,  # cad
    "gold-750-yellow": 15.53,  # cad
    "gold-750-white": 14.64,  # stuller, tmt
    "gold-750-rose": 15.18,  # stuller, tmt ("18K red")
    "gold-585-yellow": 13.05,  # cad
    "gold-585-white": 12.61,  # stuller, tmt
    "gold-585-rose": 13.26,  # stuller, tmt ("14K red")
    "platinum-950": 20.7,  # cad
    "silver-925": 10.36,  # cad
    "silver-999": 10.49,  # cad
}

# gemsociety: gemsociety.org/article/the-physical-properties-of-gemstones, the middle of its range
#             where it gives one (diamond 3.51–3.53, corundum 3.97–4.03)
# prospecting: prospectingaustralia.com/threads/gemstone-identification.923, for the rest
STONE_DENSITY = {
    "diamond": 3.52,  # gemsociety
    "ruby": 4.00,  # gemsociety
    "sapphire": 4.00,  # gemsociety
    "emerald": 2.71,  # prospecting; gemsociety: beryl 2.66–2.80
    "spinel": 3.60,  # prospecting
    "tourmaline": 3.06,  # prospecting (rubellite); gemsociety: 2.84–3.10
    "citrine": 2.65,  # gemsociety: quartz
    "amethyst": 2.65,  # gemsociety: quartz
    "onyx": 2.65,  # prospecting: chalcedony
    "jadeite": 3.34,  # jb: jbjewelryco.com/blogs/news/jadeite-beautiful-yet-touch
    "nephrite": 2.96,  # prospecting
    "pearl-white": 2.71,  # prospecting
}
