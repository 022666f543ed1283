"""JSON for the brand desk at /api/desk/: uploads, sheets, builds and orders, for a brand's members.

Operators who may read or change orders find every brand's orders here, too.

A session cookie says who asks, so what changes something needs the CSRF token that goes with it.
A brand that somebody is no member of does not exist for them: 404, whatever they ask for.
"""
