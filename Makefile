# The one door. `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export UV_PROJECT_ENVIRONMENT := .venv
UV := .tools/bin/uv
RUN := .venv/bin
PYTEST_WORKERS ?= 2

.PHONY: help setup setup-spark demo test test-spark test-celery chromium test-browser screenshots bench-pages check fmt bench bench-scale bench-linkage docs compose-test up down clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(UV): tools/bootstrap.py
	@python3 tools/bootstrap.py .tools

.venv/.ready: $(UV) pyproject.toml uv.lock
	@echo ">> virtual environment from uv.lock (needs the package index once)"
	@$(UV) sync --frozen --all-extras --no-extra spark --quiet
	@touch $@

.venv/.ready-spark: .venv/.ready
	@echo ">> Spark from uv.lock (450 MB, once)"
	@$(UV) sync --frozen --all-extras --quiet
	@touch $@

setup: .venv/.ready ## virtual environment with everything in uv.lock but Spark
setup-spark: .venv/.ready-spark ## and Spark, which tests and checks need too

demo: setup ## a synthetic East Kalimantan through Airflow, from files to coverage table
	@$(RUN)/cakupan demo --airflow

test: setup-spark ## every test: real PostgreSQL, S3 server and Airflow included
	@$(RUN)/pytest -n $(PYTEST_WORKERS) --dist loadfile -m "not nodes" --ignore tests/spark

test-celery: setup-spark ## two Celery workers with disks of their own, Redis, S3; one is killed (ten minutes)
	@$(RUN)/pytest -v -m nodes

test-spark: setup-spark ## every golden case, staging to publish, on DuckDB and on Spark, byte for byte (hours)
	@CAKUPAN_TEST_ENGINE=spark $(RUN)/pytest -v tests/spark
	@CAKUPAN_TEST_ENGINE=spark $(RUN)/pytest -v -n $(PYTEST_WORKERS) --maxschedchunk 1 \
	  tests/sql tests/expectations $(wildcard tests/spec/*_reading.py tests/spec/test_sipp_form.py)

chromium: ## Debian's chromium for the browser tests, where it is missing and apt-get may be used
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo ">> NO CHROMIUM: apt-get install chromium, else the browser tests are skipped"

test-browser: setup chromium ## the pages in a real browser alone; `make test` runs them too where there is one
	@$(RUN)/pytest -ra tests/browser

screenshots: setup ## docs/pages from the Airflow that `make demo` left running (needs chromium)
	@$(RUN)/python tools/screenshots.py

check: setup-spark ## formatting, types, SQL lint, import rules, lock file, generated docs
	@$(UV) lock --check --quiet
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/mypy
	@$(RUN)/sqlfluff lint --nocolor --disable-progress-bar --processes 2 include/sql src/cakupan/warehouse/migrations
	@$(RUN)/lint-imports
	@$(RUN)/python tools/generate_docs.py --check

fmt: setup-spark ## put formatting right
	@$(RUN)/ruff format .
	@$(RUN)/ruff check --fix .
	@$(RUN)/sqlfluff fix --nocolor --disable-progress-bar --processes 2 include/sql src/cakupan/warehouse/migrations

docs: setup ## write the generated pages again
	@$(RUN)/python tools/generate_docs.py

bench: setup ## a full province month against a plain-pandas baseline: seconds and memory
	@PYTHONPATH=tools $(RUN)/python -m bench.main $(BENCH_ARGS)

bench-scale: setup-spark ## 1x to 30x of a province month: time, memory, growth exponent (BENCH_ARGS="--sizes 1 3 10")
	@PYTHONPATH=tools $(RUN)/python -m bench.scale $(BENCH_ARGS)

bench-pages: setup ## the pages with three years of data, and the check of 50,000 rows: p95
	@PYTHONPATH=tools $(RUN)/python -m bench.pages $(BENCH_ARGS)

bench-linkage: setup ## precision, recall and bias of the matching engine on known truth
	@PYTHONPATH=tools $(RUN)/python -m bench.linkage $(BENCH_ARGS)

compose-test: setup ## deploy/README.md word for word in containers (INSTALL=yes: Debian's engine)
	@PYTHONPATH=tools $(RUN)/python -m containers.trial $(if $(filter yes,$(INSTALL)),--install)

up: setup ## start Airflow on the embedded database
	@$(RUN)/cakupan up

down: setup ## stop it
	@$(RUN)/cakupan down

clean: ## remove the virtual environment and caches (not your data in .cakupan)
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
