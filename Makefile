# Two commands for a newcomer: `make demo` and `make test`. Everything lands in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DUMPS  ?=

.PHONY: setup demo test check bench real pages picture lock clean

setup: $(STAMP)

# Quick when nothing changed: the stamp is newer than what it was made from.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更新版本")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $(STAMP)

demo: setup
	$(BIN)/medferry demo

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/tidy

bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	$(BIN)/python -m benchmarks

# Real hospital systems' databases: make real DUMPS=<folder>
real: setup
	$(BIN)/python -m examples.real "$(DUMPS)"

# Pages that the program writes of itself: docs/verbs.md, checks.md, errors.md, members.md
pages: setup
	$(BIN)/python docs/pages.py

# The parts and who imports whom, from the code: docs/architecture.svg, the table in ARCHITECTURE.md
picture: setup
	$(BIN)/python docs/picture.py

lock: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --allow-unsafe \
	    pyproject.toml requirements.in -o requirements.lock

clean:
	rm -rf $(VENV) run build
