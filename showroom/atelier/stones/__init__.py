"""Stones as cutters cut them: closed convex bodies, girdle at height 0, table up, in mm."""

from showroom.atelier.stones.brilliant import Brilliant, brilliant
from showroom.atelier.stones.cabochon import bead, cabochon, disc, tablet
from showroom.atelier.stones.princess import princess

__all__ = ["Brilliant", "bead", "brilliant", "cabochon", "disc", "princess", "tablet"]
