# Two commands are all a newcomer needs: `make demo` and `make test`. Each sets itself up in .venv, from the locks
# beside this file, with plain pip: python3 (3.11 or newer), make and the package registry are enough.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A stamp carries the sum of the locks in its name: a changed lock has no stamp, so the environment is made anew.
SUM := $(shell cat requirements*.lock pyproject.toml | cksum | cut -d' ' -f1)
# Three processes keep two cores busy, because tests wait for leases, children and servers; WORKERS=0 runs in this one.
WORKERS ?= 3
RUN_READY := .venv/.ready-run-$(SUM)
DEV_READY := .venv/.ready-dev-$(SUM)

.PHONY: help demo test soak lint format bench lock wheel clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 - /p' Makefile

demo: $(RUN_READY) ## play both court guides, one refusal and a go-live against pretend courts: no keys, no internet
	$(BIN)/link-ecf demo

test: $(DEV_READY) ## every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

soak: $(DEV_READY) ## kill replicas at every point of an attempt and amid ten thousand notices, then fuzz the readers (an hour)
	$(BIN)/python -m tests.crash
	$(BIN)/python -m tests.delivery
	$(BIN)/python -m tests.fuzz --seconds 300

lint: $(DEV_READY) ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV_READY) ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_READY) ## the figures of README, as ratios measured in one run on this machine
	$(BIN)/python -m tests.bench

lock: ## resolve the locks anew (needs uv); commit what changes
	@command -v uv >/dev/null || { echo "make lock needs uv: see https://docs.astral.sh/uv/"; exit 1; }
	uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.lock
	uv pip compile --group build --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" \
		--constraint requirements.lock --output-file requirements-build.lock
	uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --group build --extra test --extra lint --extra bench \
		--constraint requirements.lock --constraint requirements-build.lock --output-file requirements-dev.lock

wheel: ## build dist/link_ecf-*.whl with the locked build tools, which stay out of what runs
	@test -n "$(PYTHON)" || { echo "link-ecf needs Python 3.11 or newer with its venv module"; exit 1; }
	$(PYTHON) -m venv --clear .build
	.build/bin/python -m pip install --quiet --require-hashes -r requirements-build.lock
	rm -rf dist
	.build/bin/python -m pip wheel --quiet --no-index --no-build-isolation --no-deps --wheel-dir dist .

clean: ## remove the environment and every cache
	rm -rf .venv .build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(RUN_READY):
	@test -n "$(PYTHON)" || { echo "No suitable Python found: link-ecf needs Python 3.11 or newer with its venv module"; \
		echo "(Debian, Ubuntu: apt install python3 python3-venv). Name another one with: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv with $(PYTHON) ..."
	$(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements.lock -r requirements-build.lock
	$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV_READY): $(RUN_READY)
	@echo "Adding the tools for tests and checks ..."
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
