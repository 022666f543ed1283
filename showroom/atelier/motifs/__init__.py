"""Ornaments of Lingnan, each a closed solid in XY that faces +Z."""
