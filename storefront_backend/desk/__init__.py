"""Pages for people who work here, a room a kind of work; siblings of web, api and webhooks."""
