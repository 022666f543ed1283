#!/bin/sh
# Compares what is generated and committed with what it is generated from.
set -eu
cd "$(dirname "$0")/.."

# Django asks the database for its version: no row is read or written.
if [ "${1:-}" != inside ]; then
    exec infra/with-database.sh infra/drift.sh inside
fi

.venv/bin/python manage.py makemigrations --check --dry-run --verbosity 1
if [ -f storefront_backend/api/schema.graphql ]; then
    mkdir -p .pavilion
    .venv/bin/python manage.py graphql_schema --schema storefront_backend.api.schema.schema \
        --out .pavilion/schema.graphql >/dev/null
    diff -u storefront_backend/api/schema.graphql .pavilion/schema.graphql || {
        echo "drift: storefront_backend/api/schema.graphql is not what the code says; write it again with manage.py graphql_schema." >&2
        exit 1
    }
fi
