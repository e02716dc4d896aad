# `make run` and `make test` do all their own set-up; `make help` lists the rest.
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
PYTHON := $(VENV)/bin/python
VAR := $(if $(VAR_DIR),$(VAR_DIR),var)
INSTALLED := $(VENV)/.installed
TESTS_INSTALLED := $(VENV)/.installed-tests
COLLECTED := $(VAR)/static/.collected

.PHONY: run demo test test-postgres test-browser lint types check help

run: $(COLLECTED) ## serve the site on 127.0.0.1:8000 (PORT=… for another) with its worker, and the demo catalogue if there is none
	@$(PYTHON) manage.py migrate --noinput --verbosity 0
	@$(PYTHON) manage.py rebuild_search --missing
	@$(PYTHON) manage.py load_demo --if-empty
	@echo
	@echo "  Site    http://127.0.0.1:$(PORT)/"
	@echo "  Admin   http://127.0.0.1:$(PORT)/admin/       make an editor: $(PYTHON) manage.py createsuperuser"
	@echo "  API     http://127.0.0.1:$(PORT)/api/v1/docs"
	@echo "  Your data: $(PYTHON) manage.py import_papers FILE     Stop: Ctrl-C"
	@echo
	@$(PYTHON) manage.py work --with-parent $$$$ --verbosity 0 & \
	exec $(VENV)/bin/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers $(WORKERS) --threads 4 --limit-request-line 8190 --log-level warning

test: $(TESTS_INSTALLED) ## the whole suite on SQLite
	$(PYTHON) -m pytest -n auto $(ARGS)

test-postgres: $(TESTS_INSTALLED) ## the same suite on a PostgreSQL cluster made for it and thrown away
	tests/with_postgres.sh $(PYTHON) -m pytest -n auto $(ARGS)

test-browser: $(TESTS_INSTALLED) tests/browser/node_modules ## pages in Chromium: accessibility, layout, HTML
	$(PYTHON) -m pytest -m browser tests/browser $(ARGS)

lint: $(TESTS_INSTALLED) ## style
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(TESTS_INSTALLED) ## types
	$(VENV)/bin/mypy authors papers config

check: $(TESTS_INSTALLED) ## migrations and deployment settings
	$(PYTHON) manage.py makemigrations --check --dry-run
	HTTPS=on ALLOWED_HOSTS=bylines.example $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file /dev/null

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

# --- set-up -------------------------------------------------------------------------------------------------------------

$(PYTHON):
	@for python in python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv $(VENV) && exit 0; fi; done; \
	  echo "Python 3.11 or newer with its venv module is needed (Debian: apt install python3-venv)." >&2; exit 1

$(INSTALLED): requirements.txt | $(PYTHON)
	@echo "Installing what requirements.txt names …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(TESTS_INSTALLED): tests/requirements.txt requirements.txt | $(PYTHON)
	@echo "Installing what tests/requirements.txt names …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

# Redoc is not served, and the only part of the API documentation that needs a font from elsewhere.
$(COLLECTED): requirements.txt $(shell find static -type f) | $(INSTALLED)
	@echo "Hashing and compressing static files …"
	@$(PYTHON) manage.py collectstatic --noinput --clear --verbosity 0 --ignore redoc
	@touch $@

tests/browser/node_modules: tests/browser/package.json
	npm install --prefix tests/browser --silent --no-package-lock --ignore-scripts --no-audit --no-fund
	@touch $@
