# Two commands for people: `make` runs the shipped study, `make test` runs the tests. Both set up what they need.
PYTHON ?= python3
RUN := .venv/bin/python -m
CACHE := $(CURDIR)/.cache
export XDG_CACHE_HOME := $(CACHE)
export MPLCONFIGDIR := $(CACHE)/matplotlib
export IPYTHONDIR := $(CACHE)/ipython
export JUPYTER_RUNTIME_DIR := $(CACHE)/jupyter
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(RUN) pip install --quiet --no-deps --no-build-isolation

.PHONY: all setup test nightly lint format lock schema docs synth verify release clean help
.DEFAULT_GOAL := all

all: setup  ## run the whole study: read, clean, link, model, disclose, publish, verify
	@$(RUN) snakemake

setup: .venv/.complete  ## make the environment .venv from requirements.lock

# The stamp is written last: an environment that was cut off is made again.
.venv/.complete: requirements.lock
	@echo "setting up .venv (once, about a minute)"
	@rm -rf .venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv
	@awk '/^[a-z0-9]/ {wanted = /^(setuptools|wheel)==/} wanted' requirements.lock > .venv/build.lock
	@$(PIP) --require-hashes -r .venv/build.lock
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --editable .
	@touch $@

test: setup  ## run all tests
	@$(RUN) pytest

# An error or a kill at every operation of every job, ten runs killed, and 4,000 inputs drawn where `make test` draws 25 to
# 500; then statistics sabotaged one by one, each to be caught.
nightly: setup  ## run all tests at their full size: about an hour
	@PILOT_EVAL_NIGHTLY=1 PILOT_EVAL_EXAMPLES=4000 $(RUN) pytest
	@.venv/bin/python tests/sabotage/run.py

lint: setup  ## lint, format and type checks, import contracts, workflow lint
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@.venv/bin/snakefmt --check Snakefile rules
	@.venv/bin/lint-imports
	@.venv/bin/python tests/workflow/lint_rules.py

format: setup  ## put all code into the project's form
	@$(RUN) ruff check --fix --quiet . ; $(RUN) ruff format --quiet . ; .venv/bin/snakefmt Snakefile rules

lock: setup  ## pin the dependencies of pyproject.toml anew in requirements.lock
	@$(PYTHON) -m pip install --quiet --target .cache/uv uv
	@.cache/uv/bin/uv pip compile pyproject.toml --extra dev --extra build --universal --generate-hashes --no-header --python-version 3.11 --quiet --output-file requirements.lock

schema: setup  ## write config/schema from the typed models
	@$(RUN) pilot_eval.study.schema config/schema

synth: setup  ## write the synthetic study's deliveries from config/truth.yaml
	@$(RUN) pilot_eval.cli synth

verify: setup  ## compare a rerun with the frozen release; fails on a difference
	@$(RUN) snakemake verified

release: setup  ## freeze the results as the release that verify compares with
	@$(RUN) pilot_eval.cli release

clean:  ## remove everything that a run made
	@rm -rf data/processed results logs .snakemake

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s %s\n", $$1, $$2}' Makefile
