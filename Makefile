# Every target sets up what it needs (packaging/setup.sh) and runs the program from this checkout.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:

PYTHON := .venv/bin/python
TRACED := core store files
TESTS := $(PYTHON) -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal -rs --durations=40
SAMPLE := resources/samples/lushan-2022.txt
REPORT := out/鲁山县人民政府办公室2022年年报

export PYTHONPATH := $(CURDIR)
# Compiled files are part of a quick start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test coverage chance bench typography accuracy round-trip seeded fuzz monkey kill lint lock fonts pictures windows windows-test deb set-up-run set-up-dev set-up-windows

run: set-up-run
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then
	    exec $(PYTHON) -m gxeditor $(SAMPLE)
	fi
	mkdir -p out
	$(PYTHON) -m gxeditor convert $(SAMPLE) $(REPORT).pdf
	$(PYTHON) -m gxeditor convert $(SAMPLE) $(REPORT).xlsx
	# 1 says that a report has errors; only what cannot be read fails the target.
	$(PYTHON) -m gxeditor check $(SAMPLE) || [ $$? = 1 ]
	ls -l out

lint: set-up-dev
	@set -x
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

test: lint
	@set -x
	# What every report depends on, by its own tests; tracing all tests would double the time.
	$(TESTS) $(TRACED:%=tests/%) $(TRACED:%=--cov=gxeditor/%) --cov-report=
	$(PYTHON) -m coverage report --fail-under=95
	$(TESTS) $(TRACED:%=--ignore=tests/%)

# The properties with examples that no run has had before.
chance: set-up-dev
	@GXEDITOR_EXAMPLES=chance $(PYTHON) -m pytest --numprocesses=auto --dist=worksteal $$(grep -rlE '@given|RuleBasedStateMachine' tests --include='test_*.py')

# How much of the whole program the tests run through.
coverage: set-up-dev
	@$(TESTS) --cov --cov-report=
	$(PYTHON) -m coverage report

bench: set-up-dev
	@$(PYTHON) -m tests.bench

# Line breaking judged on paper, beside reportlab's own and LibreOffice's; 200 odd reports through every layout.
typography: set-up-dev
	@$(PYTHON) tests/typography.py
	$(PYTHON) tests/test_print_sweep.py 200

# How many cells of foreign Excel templates are found by their headings alone, how much of foreign reports is read, how
# many numbers of prose are understood, and how well ledgers of any layout are read.
accuracy: set-up-dev
	@status=0
	$(PYTHON) tests/accuracy.py || status=1
	$(PYTHON) tests/reading.py || status=1
	$(PYTHON) tests/claims.py || status=1
	$(PYTHON) tests/ledger_accuracy.py || status=1
	exit $$status

# Random reports through our own exports and the text copied from them; the one report and the corpus before them.
round-trip: set-up-dev
	@$(PYTHON) tests/reading.py 500

# 2,000 faults in reports that agree: what is found, which cell is accused, what the first mend makes of it.
seeded: set-up-dev
	@$(PYTHON) tests/seeded.py

# Every reader under files made to hurt it and 1,000 damaged ones each, in two child processes; goes on where the last
# run stopped. FUZZ=--fresh begins anew.
fuzz: set-up-dev
	@$(PYTHON) tests/fuzz.py $(FUZZ)

# A million random events in windows of their own, two at a time; goes on where it was broken off.
monkey: set-up-dev
	@$(PYTHON) tests/monkey.py

# The real window killed a thousand times, while it starts, recovers, saves and works.
kill: set-up-dev
	@$(PYTHON) tests/kills.py

# The pictures of the manual, from the running program.
pictures: set-up-dev
	@$(PYTHON) tests/manual_pictures.py

fonts: set-up-dev
	@$(PYTHON) packaging/fonts.py

windows: set-up-windows
	@$(PYTHON) packaging/build_windows.py

windows-test: set-up-windows
	@$(PYTHON) packaging/windows_test.py

deb: set-up-dev
	@$(PYTHON) packaging/deb.py

set-up-run:
	@packaging/setup.sh run

set-up-dev:
	@packaging/setup.sh dev

set-up-windows:
	@packaging/setup.sh windows

# Hashes are those of the public index, whatever this machine is configured to look at besides.
LOCK_ENVIRONMENT := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null
LOCK := $(LOCK_ENVIRONMENT) \
	CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/pip-compile --quiet --upgrade --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock:
	@python3 -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	$(LOCK) --output-file requirements.txt pyproject.toml
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	$(LOCK_ENVIRONMENT) .venv-lock/bin/python packaging/build_windows.py --lock
