# Every target sets up what it needs. Needed before: Python 3.11 or newer with venv, make and git.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
FUZZ_SECONDS ?= 60

.PHONY: help setup demo test check lint types layers bench live test-interop docs fuzz clean
.DELETE_ON_ERROR:

help: ## Show the targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: $(READY) ## Make .venv with certkit and all tools.

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "certkit needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[sandbox]' --group dev
	@touch $@

demo: $(READY) ## Run the main job on a real PFX against a local ACM.
	@$(BIN)/certkit sandbox -- sh demo/demo.sh

test: $(READY) ## Run all tests that need nothing but Python.
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m 'not interop' -n auto
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: lint types layers test ## Everything that a change must pass.

lint: $(READY) ## Run the linter and the formatter's check.
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY) ## Check the types.
	$(BIN)/mypy certkit tests fuzz live

layers: $(READY) ## Check which module imports which.
	$(BIN)/lint-imports --no-logo

test-interop: $(READY) ## Hold certkit against openssl; installs it from Debian's packages if it is missing.
	@command -v openssl >/dev/null || (apt-get update -qq && apt-get install -qqy openssl)
	$(BIN)/python -m pytest -m interop -n auto

bench: $(READY) ## Print the speed marks, each against openssl in the same run.
	@command -v openssl >/dev/null || (apt-get update -qq && apt-get install -qqy openssl)
	$(BIN)/python benchmarks/bench.py

live: $(READY) ## Hold a real account against the strict ACM: read-only, unless CERTKIT_LIVE_WRITES=1.
	$(BIN)/python -m pytest live -p no:xdist -s

docs: $(READY) ## Write the pages that are made from the code.
	$(BIN)/python -c 'from certkit.report.rules import page; from certkit.rules import CRITERIA; print(page(CRITERIA), end="")' > docs/rules.md

fuzz: $(READY) ## Fuzz every parser for FUZZ_SECONDS in all; crashers are kept in fuzz/crashers.
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python -m fuzz.run --seconds $(FUZZ_SECONDS)

clean: ## Remove everything that the targets made.
	rm -rf .venv .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache dist fuzz/corpus
