#!/bin/sh
# Runs a command that asks Django's database something. The embedded server is started by
# manage.py where no DATABASE_URL is set; one that did not run before does not stay.
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
elif not os.environ.get("DATABASE_URL") and not postgres.is_running(home):
    print("stop")
PYTHON
}
if [ "$(server ask)" = stop ]; then
    trap 'server stop' EXIT
fi
"$@"
