# The venv and the emulators are installed by local/setup.py, the first time any of these needs them.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
BIN := .venv/bin
CODE := main.py functions shared local bench tests

JS_TESTS = $(shell find web -name '*.test.js' -not -path '*/node_modules/*')

.DEFAULT_GOAL := help
.PHONY: help setup parts run test simulate crashes mutants check check-python check-web fmt bench-autosave tour openapi screenshots

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 - /p' Makefile | awk -F ' - ' '{ printf "%-22s %s\n", $$1, $$2 }'

setup: ## install what is missing: the venv, the emulators, the browser modules, and for the tests browsers and npm packages
	@$(PYTHON) -m local.setup --tests

parts: # what is enough to run
	@$(PYTHON) -m local.setup

run: parts ## the page, the functions and the emulators, until Ctrl-C (PORT, FIRESTORE_PORT, AUTH_PORT)
	@exec $(BIN)/python -m local.run

test: check ## check, then every test against the real emulators and in real browsers
	node --test $(JS_TESTS)
	@LANE=1 node tests/simulation/run.mjs
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-fail-under=100

simulate: setup ## hunt for lost words: schedules nobody has seen, or SCHEDULES=10000 SEED=1, PLANT=name, SCRIPT=file (tests/simulation/README.md)
	@node tests/simulation/run.mjs

crashes: setup ## kill -9 Chromium while somebody types without a network, again and again (KILLS 20, TYPING 10 s): nothing is lost
	KILLS=$(or $(KILLS),20) RERUNS=0 $(BIN)/pytest -v -k "killed and chromium" tests/browser/test_recovery.py

mutants: setup ## plant faults in firestore.rules, one at a time, and see the tests catch them (ONLY: a part of their names)
	@mkdir -p build && $(BIN)/python -m tests.mutants > build/mutants.txt

check: setup ## format, lint and types
	@$(MAKE) --no-print-directory -j2 check-python check-web

check-python:
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy main.py functions shared local bench
	@found=$$($(BIN)/lint-imports) || { echo "$$found"; exit 1; }

check-web:
	node_modules/.bin/tsc -p web
	node_modules/.bin/tsc -p web/app
	@find local web -name node_modules -prune -o -name vendor -prune -o -name '*.*js' -print0 | xargs -0 -n 1 node --check

fmt: parts ## put the code into its format, and mend what lint can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench-autosave: parts ## what an autosave, a read and a list cost, in empty functions: CPU as deployed, on the local Firestore (about 2 minutes)
	@$(BIN)/python -m bench.autosave

tour: parts ## the main job on real items, with what each step cost (ITEMS: a file with other items)
	@$(BIN)/python -m local.tour

openapi: parts ## write docs/openapi.json from the functions' schemas, and docs/addresses.md
	@$(BIN)/python -m local.openapi
	@$(BIN)/python -m local.addresses

screenshots: setup ## pictures of the main views (phone, desktop, dark) in docs/screenshots
	@$(BIN)/python -m local.screenshots
