# `make help` lists what there is. Every target builds what it needs; nothing has to be done before.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
PY := $(VENV)/bin/python
# What runs a second time, on PostgreSQL: whatever asks the database something of its own, or sends it what people type.
ON_POSTGRESQL := $(foreach room,domain models outbox,tests/membership/$(room)) tests/guide_pages/test_search.py \
  $(foreach page,amendments audit_log bulk case_acts exports list_filters messages queues screen seats unit_requests, \
  tests/membership/review/test_$(page).py) \
  $(foreach page,apply apply_bad_answers apply_draft apply_uploads feedback files lookups member referral_codes verification, \
  tests/membership/views/test_$(page).py) \
  $(foreach page,bad_input codes number_change recycled_numbers signup unproved,$(wildcard tests/membership/accounts/test_$(page).py))
# Workers of the test suite, each with a database of its own; of the browser tests, which also wait, each with a site.
WORKERS ?= 2
MEMBERS ?= 500000
APPLICATIONS ?= 1000000
BROWSERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help run test e2e screenshots bench load lint format clean

help:  ## list the targets
	@grep -hE '^[a-z][a-z0-9_-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9_-]+):.*## /  make \1|/' | column -t -s '|'

run: export SITE_URL ?= http://$(HOST):$(PORT)
run: $(VENV)/run.stamp  ## set up everything and serve on http://127.0.0.1:8000 (PORT= changes it)
	@$(PY) manage.py prepare_development
	@$(PY) manage.py announce_development --address "http://$(HOST):$(PORT)"
	@$(PY) manage.py runserver $(HOST):$(PORT)

test: $(VENV)/test.stamp  ## run all tests on SQLite, and again on PostgreSQL where TEST_DATABASE_URL names one
	$(PY) -m pytest -n $(WORKERS) --dist loadfile -m "not e2e"
	@echo "== in the browser"
	$(PY) -m pytest -n $(BROWSERS) --dist loadfile tests/e2e
	@if [ -n "$$TEST_DATABASE_URL" ]; then \
	  echo "== the same on PostgreSQL"; \
	  export DATABASE_URL="$$TEST_DATABASE_URL"; \
	  $(PY) -m pytest -n $(WORKERS) --dist loadfile -m "not e2e and not postgresql" $(ON_POSTGRESQL) && \
	  echo "== races on PostgreSQL, last: they commit, and empty the database behind them" && \
	  $(PY) -m pytest -m postgresql tests/membership; \
	fi

screenshots: $(VENV)/test.stamp  ## run the browser tests and keep pictures of every page and state in build/screens/
	SCREENS=1 $(PY) -m pytest -n $(BROWSERS) --dist loadfile tests/e2e

e2e: $(VENV)/test.stamp  ## run the browser tests alone
	$(PY) -m pytest -n $(BROWSERS) --dist loadfile tests/e2e

bench: $(VENV)/test.stamp  ## measure what things cost, as ratios; ONLY=word a part of it, CHECK=1 fails beyond a goal
	@$(PY) -W ignore -m tests.benchmarks $(if $(ONLY),--only "$(ONLY)") $(if $(CHECK),--check)

load: $(VENV)/run.stamp  ## write MEMBERS=500000 members and APPLICATIONS=1000000 into the database of DATABASE_URL (an own SQLite file without one)
	@export DATABASE_URL="$${DATABASE_URL:-sqlite:///$(CURDIR)/var/load.sqlite3}" && mkdir -p var && \
	  for command in "migrate -v0" seed_reference ensure_groups "seed_load --members $(MEMBERS) --applications $(APPLICATIONS)"; do \
	    $(PY) manage.py $$command || exit 1; \
	  done

lint: $(VENV)/test.stamp  ## check format, rules, layers, types and migrations
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	PYTHONPATH=site $(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	DJANGO_SETTINGS_MODULE=caca.settings.test $(PY) manage.py makemigrations --check --dry-run

format: $(VENV)/test.stamp  ## put the code into the house format
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

clean:  ## remove what was built; data in var/ and keys in .env stay
	rm -rf $(VENV) build staticfiles .pytest_cache .ruff_cache .mypy_cache

$(VENV)/run.stamp: requirements.txt
	@echo "== Python packages into $(VENV) (once, about a minute)"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "== Python packages for tests into $(VENV)"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
