"""JSON for the brand desk at /api/desk/: uploads, sheets, builds and orders, for a brand's members.

Operators who may read or change orders find every brand's orders here, too.

A session cookie says who asks, so what changes something needs the CSRF token that goes with it.
To those who are not members of a brand it does not exist: 404 for every request.
"""
