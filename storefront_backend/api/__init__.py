"""GraphQL at /graphql/ for shoppers, in Saleor's words, and JSON at /api/desk/ for brands."""
