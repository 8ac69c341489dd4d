# Every target sets up what it needs. Needed before: Python 3.11 or newer with venv, make and git.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
FUZZ_SECONDS ?= 60
NGINX_MAIL := /usr/lib/nginx/modules/ngx_mail_module.so
ARCHITECTURE ?= arm64
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' $(UPGRADE)
LOCKED := $(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement

.PHONY: mutation lambda bench-lambda help setup demo test coverage check lint types types-here types-elsewhere layers bench live browser test-browser test-interop test-slow docs pages faults fuzz lock tools wheel sbom audit test-wheel clean
.DELETE_ON_ERROR:

help: ## Show the targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: $(READY) ## Make .venv with certkit and all tools.

$(READY): pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "certkit needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(LOCKED) requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Run the main job on a real PFX against a local ACM.
	@$(BIN)/certkit sandbox -- sh demo/demo.sh

test: $(READY) ## Run all tests that need nothing but Python.
	$(BIN)/python -m pytest -m 'not interop and not browser and not slow and not packaging and not site' -n auto

coverage: $(READY) ## The same, and which branches they reach.
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m 'not interop and not browser and not packaging and not site' -n auto
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: lint types layers test ## Everything that a change must pass.

lint: $(READY) ## Run the linter and the formatter's check.
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY) ## Check the types, also as Windows and macOS have them.
	@$(MAKE) --no-print-directory --jobs=2 --output-sync types-here types-elsewhere

types-here: $(READY)
	$(BIN)/mypy certkit tests benchmarks fuzz live mutation release

types-elsewhere: $(READY)
	$(BIN)/mypy --cache-dir .mypy_cache/win32 --platform win32 certkit
	$(BIN)/mypy --cache-dir .mypy_cache/darwin --platform darwin certkit

layers: $(READY) ## Check which module imports which.
	$(BIN)/lint-imports --no-logo

test-slow: $(READY) ## Run the tests that take seconds each: killed processes, a month of nights, the checks of a live account.
	$(BIN)/python -m pytest -m slow -n auto

test-interop: $(READY) ## Hold certkit against openssl, other servers and shells; installs them from Debian's packages if they are missing.
	@command -v openssl >/dev/null && command -v haproxy >/dev/null && command -v slapd >/dev/null && command -v zsh >/dev/null && command -v fish >/dev/null && test -e $(NGINX_MAIL) || \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends openssl haproxy slapd nginx libnginx-mod-mail zsh fish)
	$(LOCKED) requirements/interop.txt
	$(BIN)/python -m pytest -m interop -n auto

browser: $(READY)
	@command -v chromium-headless-shell >/dev/null && command -v java >/dev/null || (apt-get update -qq && apt-get install -qqy chromium-headless-shell default-jre-headless)
	$(LOCKED) requirements/browser.txt

test-browser: browser ## Try the HTML report in headless Chromium; installs that from Debian's packages if it is missing.
	$(BIN)/python -m pytest -m browser

bench: browser ## Print the speed marks, each against openssl in the same run.
	@command -v openssl >/dev/null || (apt-get update -qq && apt-get install -qqy openssl)
	$(BIN)/python -m benchmarks.bench
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.page

lambda: $(READY) ## Make the layer for AWS Lambda into dist, for this Python; ARCHITECTURE=x86_64 for the other processor.
	$(BIN)/python deploy/lambda/layer.py --architecture $(ARCHITECTURE)

bench-lambda: $(READY) ## Measure the start of certkit from a layer, as a new interpreter on this machine.
	$(BIN)/python deploy/lambda/layer.py --architecture $$(uname -m | sed 's/aarch64/arm64/') --out build/layer
	$(BIN)/certkit sandbox -- $(BIN)/python benchmarks/coldstart.py build/layer/*.zip

live: $(READY) ## Hold a real account against the strict ACM: read-only, unless CERTKIT_LIVE_WRITES=1.
	$(BIN)/python -m pytest live -p no:xdist -s

docs: pages ## Build the site into site/: no link of it is broken, and nothing comes from elsewhere.
	$(LOCKED) requirements/docs.txt
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python -m pytest -q -m site tests/docs

pages: $(READY) ## Write the pages that are made from the code.
	$(BIN)/python -c 'from certkit.cli.manual import manuals, shared; from certkit.report.commands import page; print(page(manuals(), shared()), end="")' > docs/commands.md
	$(BIN)/python -c 'from certkit.report.rules import page; from certkit.rules import CRITERIA; print(page(CRITERIA), end="")' > docs/rules.md
	$(BIN)/python -c 'from certkit.estate import KINDS; from certkit.report.findings import page; print(page(KINDS), end="")' > docs/findings.md
	$(BIN)/python -c 'from certkit.report.services import page; from certkit.rules.services import SERVICES; print(page(SERVICES), end="")' > docs/services.md
	$(BIN)/python -c 'from certkit.report.refusals import page; from certkit.aws.refusals import TRANSLATIONS; print(page(TRANSLATIONS), end="")' > docs/acm-errors.md
	$(BIN)/python -c 'from certkit.report.manifest import page; print(page(), end="")' > docs/manifest-keys.md
	$(BIN)/python -c 'from certkit.report.manifest import schema_text; print(schema_text(), end="")' > certkit/schemas/config.json
	$(BIN)/python -c 'from certkit.report.documents import page; print(page(), end="")' > docs/schemas.md

faults: $(READY) ## Let every fault happen at every boundary of a run, and print what did not hold.
	$(BIN)/python -m tests.faults

fuzz: $(READY) ## Fuzz every parser for FUZZ_SECONDS in all; crashers are kept in fuzz/crashers.
	$(LOCKED) requirements/fuzz.txt
	$(BIN)/python -m fuzz.run --seconds $(FUZZ_SECONDS)

mutation: $(READY) ## Change the code where a fault would cost most, place by place, and see whether the tests notice.
	$(LOCKED) requirements/mutation.txt
	$(BIN)/python -m mutation.run

tools: $(READY)
	$(LOCKED) requirements/release.txt

lock: tools ## Write the lock files anew after a change of pyproject.toml; with UPGRADE=--upgrade everything at its newest.
	$(COMPILE) pyproject.toml --extra sandbox --group dev --output-file requirements/dev.txt
	$(COMPILE) pyproject.toml --constraint requirements/dev.txt --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra sandbox --constraint requirements/dev.txt --output-file requirements/sandbox.txt
	@for group in browser docs fuzz interop mutation release; do \
	  $(COMPILE) --group $$group --constraint requirements/dev.txt --output-file requirements/$$group.txt || exit; done

wheel: $(READY) ## Build wheel and source archive into dist, twice, and compare every byte.
	rm -rf dist/certkit-*.whl dist/certkit-*.tar.gz build/again
	$(BIN)/python -m hatchling build --directory dist
	mkdir -p build/again && tar -xzf dist/certkit-*.tar.gz -C build/again --strip-components=1
	cd build/again && umask 077 && "$(CURDIR)/$(BIN)/python" -m hatchling build --directory dist
	cd dist && for file in *.whl *.tar.gz; do cmp "$$file" "../build/again/dist/$$file" || exit; done

sbom: tools ## Write the bill of materials into dist, without and with the sandbox, and hold it to CycloneDX's schema.
	mkdir -p dist
	$(BIN)/python -m release.sbom requirements/runtime.txt > dist/certkit.cdx.json
	$(BIN)/python -m release.sbom requirements/sandbox.txt > dist/certkit-sandbox.cdx.json
	$(BIN)/python -m release.check dist/certkit.cdx.json dist/certkit-sandbox.cdx.json

audit: tools ## Ask whether a fault of a locked package is known; one that cannot be asked about fails.
	@for lock in runtime sandbox dev release; do \
	  $(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements/$$lock.txt || exit; done

test-wheel: tools ## Install the wheel into fresh environments, at the lowest and highest versions it allows, and use it.
	$(BIN)/python -m pytest -m packaging tests/packaging

clean: ## Remove everything that the targets made.
	rm -rf .venv .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist fuzz/corpus site
