"""The operators' pages: what they look at, and decide over with work that follows."""
