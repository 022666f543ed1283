"""Where files lie: adapters of the AssetStore port."""
