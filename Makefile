# Every target sets up what it needs. Needed before: Python 3.11 or newer with venv, make and git.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
FUZZ_SECONDS ?= 60

.PHONY: help setup demo test coverage check lint types layers bench live browser test-browser test-interop test-slow docs faults fuzz clean
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
	$(BIN)/python -m pytest -m 'not interop and not browser and not slow' -n auto

coverage: $(READY) ## The same, and which branches they reach.
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m 'not interop and not browser' -n auto
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

test-slow: $(READY) ## Run the tests that take seconds each: killed processes, a month of nights, the checks of a live account.
	$(BIN)/python -m pytest -m slow -n auto

test-interop: $(READY) ## Hold certkit against openssl; installs it from Debian's packages if it is missing.
	@command -v openssl >/dev/null || (apt-get update -qq && apt-get install -qqy openssl)
	$(BIN)/python -m pip install --quiet --group interop
	$(BIN)/python -m pytest -m interop -n auto

browser: $(READY)
	@command -v chromium-headless-shell >/dev/null && command -v java >/dev/null || (apt-get update -qq && apt-get install -qqy chromium-headless-shell default-jre-headless)
	$(BIN)/python -m pip install --quiet --group browser

test-browser: browser ## Try the HTML report in headless Chromium; installs that from Debian's packages if it is missing.
	$(BIN)/python -m pytest -m browser

bench: browser ## Print the speed marks, each against openssl in the same run.
	@command -v openssl >/dev/null || (apt-get update -qq && apt-get install -qqy openssl)
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python -m benchmarks.page

live: $(READY) ## Hold a real account against the strict ACM: read-only, unless CERTKIT_LIVE_WRITES=1.
	$(BIN)/python -m pytest live -p no:xdist -s

docs: $(READY) ## Write the pages that are made from the code.
	$(BIN)/python -c 'from certkit.report.rules import page; from certkit.rules import CRITERIA; print(page(CRITERIA), end="")' > docs/rules.md
	$(BIN)/python -c 'from certkit.estate import KINDS; from certkit.report.findings import page; print(page(KINDS), end="")' > docs/findings.md
	$(BIN)/python -c 'from certkit.report.services import page; from certkit.rules.services import SERVICES; print(page(SERVICES), end="")' > docs/services.md
	$(BIN)/python -c 'from certkit.report.refusals import page; from certkit.aws.refusals import TRANSLATIONS; print(page(TRANSLATIONS), end="")' > docs/acm-errors.md
	$(BIN)/python -c 'from certkit.report.manifest import page; print(page(), end="")' > docs/manifest-keys.md
	$(BIN)/python -c 'from certkit.report.manifest import schema_text; print(schema_text(), end="")' > certkit/schemas/config.json

faults: $(READY) ## Let every fault happen at every boundary of a run, and print what did not hold.
	$(BIN)/python -m tests.faults

fuzz: $(READY) ## Fuzz every parser for FUZZ_SECONDS in all; crashers are kept in fuzz/crashers.
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python -m fuzz.run --seconds $(FUZZ_SECONDS)

clean: ## Remove everything that the targets made.
	rm -rf .venv .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache dist fuzz/corpus
