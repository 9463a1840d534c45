# Gridline: `make` tells what there is. Everything made at run time goes below var/ (or below VAR=/folder).
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

ifdef VAR
override GRIDLINE_VAR := $(abspath $(VAR))
endif
GRIDLINE_VAR ?= $(CURDIR)/var
export GRIDLINE_VAR
# Hundreds of processes are started here: compiled once is started sooner.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(GRIDLINE_VAR)/venv/bin

.PHONY: help setup demo run test pictures lint format bench doctor clean

help: ## Tell what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | awk -F'\t' '{ printf "  make %-8s %s\n", $$1, $$2 }'

setup: ## Bring everything here that the rest needs (a second time it takes a moment)
	@bin/setup

demo: setup ## The first call, live, on real parts; ONCE=1 ends after it, SPLIT=1 uses four processes
	@$(BIN)/gridline demo $(if $(ONCE),--once) $(if $(SPLIT),--split)

run: setup ## Start the site and keep it up
	@$(BIN)/gridline up

# Most tests wait for a server more than they work: three workers a processor (see tests/shares.py).
N ?= $(shell echo $$((3 * $$(nproc))))
test: setup ## Every test, real servers included, N at a time; T='-k words' picks some
	@$(BIN)/python -m pytest -q -n $(N) $(T)

pictures: setup ## A picture of every page in var/screenshots: zh, en, ug; light and dark; wide and narrow
	@GRIDLINE_PICTURES=1 $(BIN)/python -m pytest -q -n $$(nproc) $$(grep -lE "(look|picture)\(" tests/journeys/test_*.py)

lint: setup ## Style, types, and who may import whom
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "lint: not formatted; run: make format"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup ## Put the code in its usual form
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .

bench: setup ## Measure side by side: B=NAME names one of bench/
	@[ -n "$(B)" ] || { echo "bench: which one? make bench B=NAME (docs/benchmarks.md lists them)"; exit 2; }
	@$(BIN)/python -m bench $(B)

doctor: setup ## Say what is missing or wrong, and how to mend it
	@$(BIN)/gridline doctor

clean: ## Delete everything made here (the site's data too), not the user's download cache
	@[ ! -d "$(GRIDLINE_VAR)/setup" ] || rm -rf "$(GRIDLINE_VAR)"
