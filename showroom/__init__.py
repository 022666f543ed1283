"""Mesh in, web and AR models out. Pure Python plus a small TypeScript package, no framework."""
