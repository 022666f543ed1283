"""Who changed what, from what, to what: written by the database itself, by triggers on the rows.

    tracking.py   which columns of a model are kept (`tracked`)
    acting.py     who is at work, as middleware and for background jobs
    reading.py    the changes, newest first, field by field

Rows of changes are only ever added. A brand's request sees its own (`scope`).
"""
