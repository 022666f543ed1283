# Pavilion's commands. `make help` lists them.
SHELL := /bin/sh
BIN := .venv/bin

.PHONY: help setup run test lint types contracts drift viewer pytest test-saleor browser bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## the environment: packages, viewer, catalogues
	@infra/setup.sh

run: setup ## the shop at http://127.0.0.1:8000 (PORT and HOST move it); Ctrl-C stops it
	@exec $(BIN)/python -m storefront_backend.running

test: setup browser lint types contracts drift viewer pytest ## every check

lint: setup ## style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy, strict
	@$(BIN)/mypy

contracts: setup ## who may import whom
	@$(BIN)/lint-imports

drift: setup ## what is generated fits what it is generated from
	@infra/drift.sh

viewer: setup ## the tests of the viewer's TypeScript
	@cd showroom/viewer && PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent

pytest: setup browser ## the tests; ARGS="-k ring" chooses
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not browser" $(ARGS) || [ $$? -eq 5 ]
	@$(BIN)/pytest -n 2 --dist loadgroup -m browser $(ARGS) || [ $$? -eq 5 ]

test-saleor: setup ## the engines' contract against a running Saleor: SALEOR_API_URL and SALEOR_APP_TOKEN
	@test -n "$$SALEOR_API_URL" -a -n "$$SALEOR_APP_TOKEN" \
		|| { echo "Set SALEOR_API_URL and SALEOR_APP_TOKEN: see docs/saleor.md" >&2; exit 1; }
	@$(BIN)/pytest tests/contracts -k "live" $(ARGS)

browser: setup
	@infra/browser.sh

bench: setup ## the timings, for reading; they never fail
	@for each in tests/bench/bench_*.py; do \
		echo "== $$each"; PYTHONPATH=. nice $(BIN)/python "$$each" || exit 1; \
	done

# Releases younger than this are left out: what is wrong with one is mostly found within days.
COOLDOWN := 7 days
LOCK := .tools/uv/bin/uv pip compile --universal --generate-hashes --python-version 3.12 --no-header -q \
	--exclude-newer "$(COOLDOWN)"

lock: setup ## resolves pyproject.toml into requirements.lock, leaving out releases of the last days
	@$(LOCK) pyproject.toml --all-extras --group dev -o requirements.lock
	@printf 'uv\n' | $(LOCK) - -o infra/uv.lock

clean: ## removes what was built; keeps the shop's data in .pavilion
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	rm -rf showroom/viewer/node_modules showroom/viewer/dist showroom/tools/node_modules .pavilion/static
