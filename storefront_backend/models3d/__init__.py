"""Source meshes, their builds, and the assets that came of them."""
