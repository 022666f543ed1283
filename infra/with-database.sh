#!/bin/sh
# Runs a command that asks Django's database something, as the owner of its tables. Where no
# DATABASE_URL is set, that is the embedded server; one that did not run before does not stay.
#
#   infra/with-database.sh COMMAND [ARGUMENT...]
set -eu
cd "$(dirname "$0")/.."

server() {
    .venv/bin/python - "$1" <<'PYTHON'
import os, sys
from pathlib import Path
from storefront_backend.running import postgres

home = Path(os.environ.get("PAVILION_HOME") or ".pavilion").absolute()
if sys.argv[1] == "stop":
    postgres.stop(home)
elif not postgres.is_running(home):
    postgres.ensure_running(home)
    print("started", postgres.owner_url(home))
else:
    print("found", postgres.owner_url(home))
PYTHON
}
if [ -z "${DATABASE_URL:-}" ]; then
    answer=$(server start)
    case $answer in started*) trap 'server stop' EXIT ;; esac
    DATABASE_URL=${answer#* }
    export DATABASE_URL
fi
"$@"
