"""A Saleor as our markets need it, described, compared and made so.

    needs      what should exist: a list of Wanted
    plan       compares it with what exists, and carries out the difference
    places     warehouses, channels, shipping zones
    taxes      tax classes and tax configurations
    shapes     page type, attributes, product types, categories
    people     permission groups

Each kind of thing is one class with `found`, `create` and `update`. What was made by others is
never changed or deleted: it is used where it fits and reported where it does not. Lists are only
added to.
"""
