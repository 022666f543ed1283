"""JSON for the brand desk at /api/desk/: uploads and builds, for a brand's members only.

A session cookie says who asks, so what changes something needs the CSRF token that goes with it.
A brand that somebody is no member of does not exist for them: 404, whatever they ask for.
"""
