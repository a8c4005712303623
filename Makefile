# The one place that knows how Wardmote is set up from a checkout. Needs python3 (3.11 or newer) with its venv module.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --progress-bar on
POSTGRESQL ?= $(if $(filter postgres%,$(DATABASE_URL)),$(DATABASE_URL),postgresql://postgres@127.0.0.1:5432/wardmote)
PYTEST_ARGS ?= -n 4 --dist worksteal --durations=20
say = @if [ -t 1 ]; then printf '\033[1;36m%s\033[0m\n' "$(1)"; else printf '%s\n' "$(1)"; fi

.PHONY: run texts test check test-sqlite test-postgresql lock bench clean help
.DEFAULT_GOAL := help

help:
	@echo "make run     set up if needed, then start Wardmote with its demo; Ctrl-C stops it"
	@echo "make test    make check, then the tests on SQLite and, where one answers, on PostgreSQL"
	@echo "make check   style, types and walls"
	@echo "make bench   figures, as a table and as benchmarks/results.json; B=name runs one, SIZE=full the large sizes"
	@echo "make texts   bring the catalogues of translations up to date and list what is not translated"
	@echo "make lock    choose and pin every dependency again"
	@echo "make clean   remove .venv, caches and build leftovers; var/, which holds your data, stays"

run: $(VENV)/run.stamp
	@exec $(BIN)/wardmote run --demo $(RUN_ARGS)

$(BIN)/python:
	$(call say,Making $(VENV))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wardmote needs Python 3.11 or newer, not " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)

# What the tests need holds all that a run needs, in the same versions.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(call say,Installing what Wardmote needs)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	$(call say,Installing what Wardmote and its tests need)
	@$(PIP) --require-hashes -r requirements.lock -r requirements-dev.lock
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $(VENV)/run.stamp $@

$(VENV)/bench.stamp: requirements-bench.lock $(VENV)/dev.stamp
	$(call say,Installing the peers that the benchmarks run beside)
	@$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@

check: $(VENV)/dev.stamp
	$(call say,Style)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	$(call say,Types)
	@$(BIN)/mypy
	$(call say,Walls)
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/architecture

test: check test-sqlite test-postgresql

test-sqlite: $(VENV)/dev.stamp
	$(call say,The tests on SQLite)
	@DATABASE_URL= $(BIN)/python -m pytest $(PYTEST_ARGS)

test-postgresql: $(VENV)/dev.stamp
	$(call say,The tests on PostgreSQL)
	@if $(BIN)/python -c 'import psycopg, sys; psycopg.connect(sys.argv[1], dbname="postgres", connect_timeout=5)' '$(POSTGRESQL)' 2>/dev/null; then \
		WARDMOTE_TEST_HALF=second DATABASE_URL='$(POSTGRESQL)' $(BIN)/python -m pytest $(PYTEST_ARGS); \
	else \
		echo 'Skipped: no PostgreSQL answers at DATABASE_URL or 127.0.0.1:5432; get one with apt-get install postgresql.'; \
		[ "$$WARDMOTE_TEST_ALL" != 1 ]; \
	fi

lock: $(VENV)/dev.stamp
	$(call say,Pinning the dependencies)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		--extra server pyproject.toml requirements-build.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		-c requirements.lock --extra server --extra train pyproject.toml requirements-build.in requirements-dev.in -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		-c requirements.lock -c requirements-dev.lock requirements-bench.in -o requirements-bench.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-deps --python-version 3.11 \
		requirements-teach.in -o requirements-teach.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-deps --python-version 3.11 \
		-c requirements.lock -c requirements-dev.lock requirements-train.in -o requirements-train.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		-c requirements.lock --extra moderate pyproject.toml requirements-build.in -o requirements-moderate.lock

texts: $(VENV)/run.stamp
	@$(BIN)/python -m wardmote.config.i18n.catalogues $(CHECK)

bench: $(VENV)/bench.stamp
	@$(BIN)/python -m benchmarks $(B)

clean:
	rm -rf $(VENV) build dist *.egg-info src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +
