"""Where files are stored: adapters of the AssetStore port."""
