"""GraphQL at /graphql/, in Saleor's words: thin over the catalogue's queries and the ports."""
