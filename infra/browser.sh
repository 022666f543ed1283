#!/bin/sh
# Finds a Chromium for the browser tests and writes its path to .tools/browser: the named one
# (BROWSER_PATH), one that is here already, else Playwright's own, else Debian's.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .tools

works() { "$1" --version >/dev/null 2>&1; }
keep() { printf '%s\n' "$1" >.tools/browser; exit 0; }
own() { # the newest of Playwright's own, if any
    for found in .tools/browsers/chromium-*/chrome-linux*/chrome; do
        if [ -x "$found" ]; then echo "$(pwd)/$found"; fi
    done | LC_ALL=C sort | tail -n 1
}
system() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" 2>/dev/null && return
    done
    true
}

if [ -n "${BROWSER_PATH:-}" ]; then
    works "$BROWSER_PATH" || { echo "browser: BROWSER_PATH=$BROWSER_PATH does not run." >&2; exit 1; }
    keep "$BROWSER_PATH"
fi
if [ -f .tools/browser ] && works "$(cat .tools/browser)"; then exit 0; fi

found=$(own)
if [ -n "$found" ] && works "$found"; then keep "$found"; fi
found=$(system)
if [ -n "$found" ] && works "$found"; then keep "$found"; fi

echo "Looking for a browser for the tests"
if PLAYWRIGHT_BROWSERS_PATH="$(pwd)/.tools/browsers" timeout 180 \
    .venv/bin/playwright install --no-shell chromium >.tools/browser.log 2>&1; then
    found=$(own)
    if [ -n "$found" ] && works "$found"; then keep "$found"; fi
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium"
    apt-get -qq update >>.tools/browser.log 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-noto-core fonts-noto-cjk \
        >>.tools/browser.log 2>&1 || true
    found=$(system)
    if [ -n "$found" ] && works "$found"; then keep "$found"; fi
fi
echo "browser: no Chromium was found and none could be installed; install the package chromium, or set BROWSER_PATH (.tools/browser.log says what was tried)." >&2
exit 1
