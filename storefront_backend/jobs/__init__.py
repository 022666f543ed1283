"""Background tasks: thin, idempotent, their arguments are ids."""
