# Everything sets itself up: a virtual environment in .venv from the hashes in requirements*.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help extras closed demo serve test test-long bench bench-report lint types contract messages screenshots picture lock fonts clean

help: ## what one can make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "misread needs Python 3.11 or newer; name one with make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages (once; a few minutes on a slow line) …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

extras: $(VENV)/.run requirements-extras.lock ## install what sensitivity, pooling, the PDF and Dask need (extras study, pdf and dask)
	@$(PIP) --require-hashes -r requirements-extras.lock

closed: $(VENV)/.run requirements-closed.lock ## install what renders and reads the closed classroom (extra closed, 0.8 GB)
	@$(PIP) --require-hashes -r requirements-closed.lock

demo: $(VENV)/.run ## run what the press describes, with children who differ and with the claims tried, and name the reports
	@$(BIN)/misread run as-described-full
	@$(BIN)/misread run as-described --stress

serve: $(VENV)/.run ## show everything in a browser, on this machine
	@$(BIN)/misread serve

test: $(VENV)/.dev ## all tests that end within minutes
	@$(BIN)/python -m pytest -n 2 -m "not long"

test-long: $(VENV)/.dev ## the tests that take longer too (coverage of the intervals over 2,000 repeats)
	@$(BIN)/python -m pytest -n 2

bench: $(VENV)/.dev ## speed beside a plain NumPy simulation, in one run
	@$(BIN)/python benchmarks/run.py

bench-report: $(VENV)/.dev ## all of it, the sampled engine too, written to benchmarks/README.md (some minutes)
	@$(BIN)/python benchmarks/report.py

lint: $(VENV)/.dev ## style and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

contract: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports

messages: $(VENV)/.dev ## gather the page's sentences for translators: src/misread/locale/misread.pot
	@$(BIN)/python tools/make_messages.py

screenshots: $(VENV)/.dev ## every page as a picture, two widths, light and dark: docs/pages/ (needs chromium)
	@$(BIN)/python tools/make_screenshots.py

picture: $(VENV)/.dev ## the README's picture of the closed classroom (needs chromium)
	@$(BIN)/python tools/make_picture.py

lock: ## renew the lock files (needs uv)
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-annotate --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group build --extra study --extra pdf --extra dask --universal --generate-hashes --no-annotate --no-header --quiet -o requirements-extras.lock
	uv pip compile pyproject.toml --group build --extra closed --universal --generate-hashes --no-annotate --no-header --quiet -o requirements-closed.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-annotate --no-header --quiet -o requirements-dev.lock

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
