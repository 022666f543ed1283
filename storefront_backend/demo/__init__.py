"""The demonstration: invented brands with real pieces."""
