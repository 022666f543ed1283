#!/bin/sh
# Makes the environment: .tools/uv, .venv (from requirements.lock), the encoder, the viewer, the desk's
# scripts, the catalogues.
# Every part leaves a stamp of what it was made from, so a second call does nothing.
#
#   infra/setup.sh            all of it
#   infra/setup.sh python     the environment only
#   infra/setup.sh encoder    the mesh encoder and the glTF validator only
#   infra/setup.sh viewer     the viewer only
#   infra/setup.sh desk       the desk's scripts only
#   infra/setup.sh catalogues the compiled translations only
set -eu
cd "$(dirname "$0")/.."

# npm would otherwise speak of its own next release.
export npm_config_update_notifier=false

say() { printf '%s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }
digest() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-16; }

# A name on PATH may be a shim that fails to run, so each candidate has to answer.
runs() { # PYTHON: prints X.Y when it runs and is new enough
    "$1" -c 'import sys; v = sys.version_info; print("%d.%d" % v[:2]); sys.exit(v < (3, 12))' 2>/dev/null
}

candidates() {
    for name in python3.13 python3.12 python3.14 python3; do
        command -v "$name" 2>/dev/null || true
    done
    for version in 3.13 3.12 3.14; do
        for found in "${PYENV_ROOT:-${HOME:-/root}/.pyenv}"/versions/"$version"*/bin/python \
            /usr/bin/python"$version" /usr/local/bin/python"$version" \
            /opt/python"$version"/bin/python3 /opt/python/"$version"*/bin/python3 \
            /opt/*/bin/python"$version" /usr/local/opt/python@"$version"/bin/python"$version" \
            /opt/homebrew/bin/python"$version" \
            "${HOME:-/root}"/.local/share/uv/python/cpython-"$version"*/bin/python"$version"; do
            if [ -x "$found" ]; then echo "$found"; fi
        done
    done
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        runs "$PYTHON" >/dev/null || stop "PYTHON=$PYTHON does not run, or is older than 3.12."
        echo "$PYTHON"
        return
    fi
    first=
    IFS='
'
    for found in $(candidates); do
        version=$(runs "$found") || continue
        if [ "$version" = 3.13 ]; then echo "$found"; return; fi
        first=${first:-$found}
    done
    unset IFS
    [ -n "$first" ] || stop "no Python 3.12 or newer was found; install python3.13 (with its venv module), or name one: make setup PYTHON=/path/to/python3."
    echo "$first"
}

need_venv_module() { # PYTHON
    "$1" -c 'import venv, ensurepip' 2>/dev/null && return
    package=python$(runs "$1")-venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $package"
        { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$package"; } >/dev/null 2>&1 ||
            stop "apt-get could not install $package; install it by hand and try again."
    else
        stop "$1 lacks its venv module; install the package $package and try again."
    fi
}

# Two shared libraries that no wheel carries and the smallest Debian lacks: Node and the renderer
# open them.
need_libraries() {
    if .venv/bin/node --version >/dev/null 2>&1 && .venv/bin/python -c 'import drjit' 2>/dev/null; then return; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing libatomic1 and libstdc++6"
        { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y libatomic1 libstdc++6; } >/dev/null 2>&1 || true
    fi
    .venv/bin/node --version >/dev/null 2>&1 ||
        stop "Node does not start; install the packages libatomic1 and libstdc++6 and try again."
}

# uv reads neither pip's settings nor the system's certificates; hand both on.
hand_on_settings() {
    if [ -z "${SSL_CERT_FILE:-}" ]; then
        for bundle in "${PIP_CERT:-}" "${REQUESTS_CA_BUNDLE:-}" /etc/ssl/certs/ca-certificates.crt; do
            if [ -n "$bundle" ] && [ -f "$bundle" ]; then
                export SSL_CERT_FILE="$bundle"
                break
            fi
        done
    fi
    index=${PIP_INDEX_URL:-$(.tools/uv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
    export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}" UV_PYTHON_DOWNLOADS=never
}

make_tools() { # PYTHON
    tools_stamp=.tools/uv/made-$(digest infra/uv.lock)
    if [ -f "$tools_stamp" ] && .tools/uv/bin/uv --version >/dev/null 2>&1; then return; fi
    say "Installing uv"
    need_venv_module "$1"
    "$1" -m venv --clear .tools/uv >/dev/null || stop "$1 could not make a virtual environment."
    .tools/uv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r infra/uv.lock ||
        stop "uv could not be installed; the lines above say why."
    : >"$tools_stamp"
}

make_environment() {
    stamp=.venv/made-$(digest requirements.lock pyproject.toml infra/setup.sh)
    if [ -f "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then return; fi
    python=$(find_python)
    say "Python $(runs "$python") at $python"
    make_tools "$python"
    hand_on_settings
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        .tools/uv/bin/uv venv -q --clear --python "$python" .venv
    fi
    rm -f .venv/made-*
    say "Installing the locked packages (a few hundred megabytes the first time)"
    .tools/uv/bin/uv pip sync -q --require-hashes --python .venv/bin/python requirements.lock ||
        stop "the packages could not be installed; the lines above say why."
    need_libraries
    say "Installing Pavilion's own commands"
    .tools/uv/bin/uv pip install -q --no-deps --no-build-isolation --offline --python .venv/bin/python -e . ||
        stop "the project itself could not be installed; the lines above say why."
    : >"$stamp"
}

make_scripts() { # FOLDER NAME: bundles the TypeScript of a folder into its dist/
    inputs=$(find "$1" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' | LC_ALL=C sort)
    # shellcheck disable=SC2086 # one file a word: our own names hold no spaces
    stamp=$1/dist/.made-$(digest $inputs)
    if [ -f "$stamp" ]; then return; fi
    PATH="$(pwd)/.venv/bin:$PATH"
    export PATH
    say "Installing the packages of $2"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) || stop "npm ci failed in $1."
    say "Building $2"
    (cd "$1" && npm run --silent build) || stop "$2 did not build."
    rm -f "$1"/dist/.made-*
    : >"$stamp"
}

make_viewer() { make_scripts showroom/viewer "the viewer"; }
make_desk() { make_scripts storefront_backend/desk/scripts "the desk's scripts"; }

make_encoder() {
    stamp=showroom/tools/node_modules/.made-$(digest showroom/tools/package-lock.json)
    if [ -f "$stamp" ]; then return; fi
    PATH="$(pwd)/.venv/bin:$PATH"
    export PATH
    say "Installing the mesh encoder and the glTF validator"
    (cd showroom/tools && npm ci --no-audit --no-fund --loglevel=error) || stop "npm ci failed in showroom/tools."
    : >"$stamp"
}

make_catalogues() {
    for source in i18n/locale/*/LC_MESSAGES/*.po storefront_backend/desk/locale/*/LC_MESSAGES/*.po \
        catalog_import/locale/*/LC_MESSAGES/*.po; do
        [ -f "$source" ] || continue
        target=${source%.po}.mo
        if [ -f "$target" ] && [ "$target" -nt "$source" ]; then continue; fi
        .venv/bin/pybabel -q compile --input-file="$source" --output-file="$target" ||
            stop "$source does not compile."
    done
}

case "${1:-all}" in
python) make_environment ;;
encoder) make_encoder ;;
viewer) make_viewer ;;
desk) make_desk ;;
catalogues) make_catalogues ;;
all)
    make_environment
    make_encoder
    make_viewer
    make_desk
    make_catalogues
    ;;
*) stop "unknown part: $1" ;;
esac
