# The verbs of a developer. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench e2e fit report docs-check lock clean

help: ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The stamps make a second call cost nothing; a changed lock file installs anew.
.venv/.runtime: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/jdesk ask "J-Credit" > /dev/null  # the index of the edition is built now, not before the first visitor
	touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

setup: .venv/.runtime ## build .venv

run: .venv/.runtime ## web chat on 127.0.0.1:8000, no token needed
	$(BIN)/jdesk demo

test: .venv/.dev ## the whole suite, SQLite and PostgreSQL
	$(BIN)/python -m pytest -n auto

lint: .venv/.dev ## ruff, mypy --strict, the line and the doors, the knowledge
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/jdesk check --quick

# The peers have requirements that ours exclude, so they live apart.
build/peers/.done: tests/benchmarks/peers.txt
	$(PYTHON) -m venv build/peers
	build/peers/bin/python -m pip install -q --disable-pip-version-check -r tests/benchmarks/peers.txt
	touch $@

bench: .venv/.dev build/peers/.done ## figures with ratios: acknowledgement, understanding, start
	$(BIN)/python -m tests.benchmarks

e2e: .venv/.dev ## a real browser and the Slack emulator (installs both)
	bash tests/e2e/setup.sh
	$(BIN)/python -m pytest tests/e2e -o addopts="-q --strict-markers" -p no:xdist

fit: .venv/.dev ## fit the calibration on the development questions
	$(BIN)/python -m tests.evaluation.fit

report: .venv/.dev ## how well the development questions are understood
	$(BIN)/jdesk check $(addprefix --report ,$(wildcard tests/evaluation/dev/*.jsonl))

docs-check: .venv/.dev ## every command, setting and word is in the README
	$(BIN)/python -m pytest tests/test_readme.py

lock: ## resolve the pins again (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  --python-version 3.11 --extra build pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  --python-version 3.11 --extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## forget .venv and the demo's data
	rm -rf .venv data
