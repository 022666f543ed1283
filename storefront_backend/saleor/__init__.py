"""Saleor behind our ports: HTTP only, domain objects in and out, no row of ours.

documents, operations/   the GraphQL that we send, one file an operation, loaded by name
transport, paging        how a request is sent, judged and repeated
signatures               what a Saleor signs: webhooks and Dashboard tokens
manifest                 what we ask of a Saleor that installs us
check, setup/            whether a Saleor is as our markets need it, and making it so
catalogue/               CatalogEngine: publish, prices, stock, changes
"""
