#!/bin/sh
# Compares what is generated and committed with what it is generated from.
set -eu
cd "$(dirname "$0")/.."

# Django asks the database for its version: no row is read or written, and a server that did not
# run before does not stay.
server() {
    .venv/bin/python - "$1" <<'PYTHON'
import os, sys
from pathlib import Path
from storefront_backend.running import postgres

home = Path(os.environ.get("PAVILION_HOME") or ".pavilion").absolute()
if sys.argv[1] == "stop":
    postgres.stop(home)
elif not os.environ.get("DATABASE_URL") and not postgres.is_running(home):
    print("stop")
PYTHON
}
if [ "$(server ask)" = stop ]; then
    trap 'server stop' EXIT
fi

.venv/bin/python manage.py makemigrations --check --dry-run --verbosity 1
if [ -f storefront_backend/api/schema.graphql ]; then
    mkdir -p .pavilion
    .venv/bin/python manage.py graphql_schema --schema storefront_backend.api.schema.schema \
        --out .pavilion/schema.graphql >/dev/null
    diff -u storefront_backend/api/schema.graphql .pavilion/schema.graphql || {
        echo "drift: storefront_backend/api/schema.graphql is not what the code says; write it anew with manage.py graphql_schema." >&2
        exit 1
    }
fi
