"""Whose rows a request may touch: one place that filters, and PostgreSQL's policies behind it.

paths       how each table leads to its brand, and which tables are no brand's
rows        Scope: the rows of some brands, as querysets
database    the role that a brand's request runs as, so that the database refuses the rest
operations  migration operations that write a table's policy from its path

Work for a brand gets a Scope from the signed-in account, reads and changes rows through
`scope.rows(Model)`, and runs as the role `pavilion_brand` meanwhile. A query that forgets the scope
then finds nothing of another brand. Pages for shoppers, jobs and operators
run as the shop and see every row.
"""
