"""The steps of a recipe: one module each, all of one shape.

A module has `Options` (a frozen dataclass), `DEFAULTS` (its instance), and one function named like
the module, `(work, options) -> Work`. To add a step, write such a module and name it in a recipe.
"""
