# Every command anyone types. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
T ?= tests

.DEFAULT_GOAL := help
.PHONY: help run test install check fix lint types layers templates texts-check bank-check course-check audit cover bench screenshots migration texts lock

help: ## list of commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# -- the two commands --------------------------------------------------------------------------

run: $(VENV)/runtime ## set everything up, load the demonstration data, serve the site at http://127.0.0.1:8000
	@DEMO=1 QA=$${QA:-0} STAFF_SECOND_FACTOR=$${STAFF_SECOND_FACTOR:-0} PORT=$(PORT) $(FLASK) prepare
	@DEMO=1 QA=$${QA:-0} STAFF_SECOND_FACTOR=$${STAFF_SECOND_FACTOR:-0} PORT=$(PORT) exec $(FLASK) serve

test: $(VENV)/development ## set everything up, run all tests (one part of them: make test T=tests/exams)
	@$(BIN)/python -m pytest -q -n 2 $(T)

# -- setting up --------------------------------------------------------------------------------

install: $(VENV)/development ## what development needs

$(VENV)/bin/python:
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: on Debian, apt install python3-venv"; exit 1; }

$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site needs (once; a minute or two)"
	@$(BIN)/python -m pip install --disable-pip-version-check --no-compile --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/development: .ci/requirements-dev.txt $(VENV)/runtime
	@echo "Installing what the tests need (once; a minute or two)"
	@$(BIN)/python -m pip install --disable-pip-version-check --no-compile --quiet --require-hashes -r .ci/requirements-dev.txt
	@touch $@

# -- checks ------------------------------------------------------------------------------------

check: lint types layers templates texts-check bank-check course-check ## everything that is fast; red here is red in CI

lint: $(VENV)/development ## style and common mistakes
	@$(BIN)/ruff check && $(BIN)/ruff format --check

fix: $(VENV)/development ## let the machine mend the style
	@$(BIN)/ruff check --fix && $(BIN)/ruff format

types: $(VENV)/development ## types, strict
	@$(BIN)/mypy

layers: $(VENV)/development ## rooms stand on each other in one order
	@$(BIN)/lint-imports

templates: $(VENV)/development ## templates are sound
	@$(BIN)/djlint app --lint --quiet

texts-check: $(VENV)/development ## what each language lacks on the screens
	@$(FLASK) texts check

bank-check: $(VENV)/development ## every item, stimulus and blueprint
	@$(FLASK) bank check

course-check: $(VENV)/development ## every lesson
	@$(FLASK) course check

audit: $(VENV)/development ## known holes in what we depend on
	@$(BIN)/python .ci/audit.py

cover: $(VENV)/development ## tests with coverage
	@$(BIN)/python -m pytest -q -n 2 --cov --cov-report=term

bench: $(VENV)/development ## speed, as ratios against a floor measured in the same run (PLOTS=1: and its pictures)
	@PLOTS=$${PLOTS:-0} $(BIN)/python -m bench.run

screenshots: $(VENV)/development ## the pictures of the README, from the real screens
	@$(BIN)/python -m docs.screenshots

# -- changing ----------------------------------------------------------------------------------

texts: $(VENV)/development ## collect the screens' texts into the catalogues
	@$(FLASK) texts update

migration: $(VENV)/development ## a new migration (M="what changed")
	@$(FLASK) db revision --autogenerate -m "$(M)"

lock: ## pin what pyproject.toml names (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q --group dev -c requirements.txt pyproject.toml -o .ci/requirements-dev.txt
