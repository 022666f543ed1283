"""Properties are about values: how long a machine under load takes for one is not part of them."""

from hypothesis import settings

settings.register_profile("values", deadline=None)
settings.load_profile("values")
