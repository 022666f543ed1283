# Pavilion's commands. `make help` lists them.
SHELL := /bin/sh
BIN := .venv/bin

.PHONY: help setup run shell hooks test lint format types contracts drift viewer pytest drill load audit \
	deploy-check licences test-saleor browser bench lock digests clean

# The suites that `make pytest` leaves to commands of their own.
APART := not drill and not load and not fuzz and not long

help: ## this list
	@awk -F ':.*## ' '/^##@ / { sub("##@ ", ""); print "\n" $$0 } \
		/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

##@ Work

setup: ## the environment: packages, viewer, catalogues
	@infra/setup.sh

run: setup ## the shop at http://127.0.0.1:8000 (PORT and HOST move it); Ctrl-C stops it
	@exec $(BIN)/python -m storefront_backend.running

shell: setup ## Python with the shop's models and database (`make run` makes its tables)
	@infra/with-database.sh $(BIN)/python manage.py shell

format: setup ## writes style and format where `make lint` would complain
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

hooks: setup ## git runs the checks: style and message on commit, types, imports and drift on push
	@$(BIN)/pre-commit install -t pre-commit -t commit-msg -t pre-push

##@ Checks, before each commit

test: setup browser lint types contracts drift viewer pytest ## every check of this group

lint: setup ## style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy, strict
	@$(BIN)/mypy

contracts: setup ## import contracts
	@$(BIN)/lint-imports

drift: setup ## what is generated fits what it is generated from
	@infra/drift.sh

viewer: setup ## the tests of the viewer's TypeScript
	@cd showroom/viewer && PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent

pytest: setup browser ## the tests; ARGS="-k ring" chooses
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not browser and $(APART)" $(ARGS) || [ $$? -eq 5 ]
	@$(BIN)/pytest -n 2 --dist loadgroup -m "browser and $(APART)" $(ARGS) || [ $$? -eq 5 ]

browser: setup
	@infra/browser.sh

##@ Longer checks, before a release

drill: setup ## kills workers, uploads, payments and PostgreSQL at work, and looks at what is left
	@$(BIN)/pytest -n 2 --dist loadgroup -m drill $(ARGS)

load: setup ## crowds: the last piece wanted by all, a shop full of visitors
	@$(BIN)/pytest -m load $(ARGS)

audit: setup licences deploy-check ## licences, production settings, contracts of every adapter, long tests, 2,200 damaged files
	@$(BIN)/pytest -n 2 --dist loadgroup tests/contracts $(ARGS)
	@$(BIN)/pytest -n 2 --dist loadgroup -m long $(ARGS)
	@PAVILION_FUZZ=$${PAVILION_FUZZ:-2200} $(BIN)/pytest -m fuzz $(ARGS)

licences: setup
	@$(BIN)/python infra/licences.py

deploy-check: setup
	@infra/deploy-check.sh

test-saleor: setup ## the engines' contract against a running Saleor: SALEOR_API_URL and SALEOR_APP_TOKEN
	@test -n "$$SALEOR_API_URL" -a -n "$$SALEOR_APP_TOKEN" \
		|| { echo "Set SALEOR_API_URL and SALEOR_APP_TOKEN: see docs/saleor.md" >&2; exit 1; }
	@$(BIN)/pytest tests/contracts -k "live" $(ARGS)

bench: setup ## the timings, for reading; they never fail
	@for each in tests/bench/bench_*.py; do \
		echo "== $$each"; PYTHONPATH=. nice $(BIN)/python "$$each" || exit 1; \
	done

##@ Housekeeping

# Releases younger than this are left out: what is wrong with one is mostly found within days.
COOLDOWN := 7 days
LOCK := .tools/uv/bin/uv pip compile --universal --generate-hashes --python-version 3.12 --no-header -q \
	--exclude-newer "$(COOLDOWN)"

lock: setup ## resolves pyproject.toml into requirements.lock, leaving out releases of the last days
	@$(LOCK) pyproject.toml --all-extras --group dev -o requirements.lock
	@printf 'uv\n' | $(LOCK) - -o infra/uv.lock

digests: ## writes the digests of the images into the container files (needs skopeo and the registries)
	@infra/digests.sh

clean: ## removes what was built; keeps the shop's data in .pavilion
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	rm -rf storefront_backend/desk/scripts/node_modules storefront_backend/desk/scripts/dist
	rm -rf showroom/viewer/node_modules showroom/viewer/dist showroom/tools/node_modules .pavilion/static
