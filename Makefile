# The door for people and for CI. `make help` lists what there is.
# Works with GNU make 3.81 (macOS) and later.

.DEFAULT_GOAL := help
.PHONY: help run dev test check quick e2e bench nightly schedules format clean setup-run setup-test

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
PY := .venv/bin/python
# Homebrew's libraries lie where macOS does not look by itself; set in the recipe, because sh drops an inherited one.
ifeq ($(shell uname -s),Darwin)
PY := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib $(PY)
endif

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1~/p' Makefile | awk -F'~' '{ printf "%-16s %s\n", $$1, $$2 }'

run: setup-run ## install what is missing, then serve on http://127.0.0.1:8000 with demo data (PORT=… to change)
	@$(PY) -m backend serve

dev: setup-test ## like run, starting again whenever a file of the server changes
	@$(PY) .ci/dev.py

test: setup-test check ## install what is missing, then run every check (what CI calls)

check: ## run every check on an installed tree: linters, types, JS, Python and browser tests
	@$(PY) .ci/check.py

quick: ## run the checks that take seconds: linters, types, JS tests
	@$(PY) .ci/check.py ruff format imports mypy biome types worker-types node

e2e: setup-test ## run the browser tests only
	@$(PY) .ci/check.py browser

bench: setup-test ## measure, and print the figures
	@$(PY) -m pytest -q -s -o faulthandler_timeout=3600 -m bench tests

nightly: setup-test ## run the long tests: more examples, kills and cuts, the whole API fuzzed, 10,000 schedules (hours)
	@$(PY) .ci/check.py nightly

schedules: setup-test ## play 10,000 schedules of the sync machine, going on where it was broken off (hours), and write the report
	@$(PY) .ci/check.py schedules

format: ## put Python into the house format, and mend what the linters can mend
	@.venv/bin/ruff check --fix --quiet; .venv/bin/ruff format --quiet
	@node_modules/.bin/biome lint --write

clean: ## remove what was installed and built (not var/, which holds your data)
	rm -rf .venv node_modules frontend/vendor .ruff_cache .mypy_cache .import_linter_cache .hypothesis

setup-run setup-test: setup-%:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing. Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.12"; exit 1; }
	@$(PYTHON) .ci/setup.py $*
