# The only door: `make` lists what there is. Everything needed is installed on the way, from the locked versions.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
CAPTIONS ?= local/samples
SEED ?= 1
STACK ?= skimlist
RUNS ?= $(if $(filter simulate,$(MAKECMDGOALS)),2000,200)
USERS ?= 50
FILES ?= layers/shared/skimlist/links
UV := .local/uv/bin/uv
RUN := .venv/bin/python -m

# Three environments: the application with its tests and the emulator, the SAM CLI, and uv, which fills the others and
# packages the functions. `make bench` adds two: for itself, and for the programs that it compares with;
# `make audit` two, for checkov and for the other scanners; `make test` one for the AWS CLI; `make mutate` one.
export PATH := $(CURDIR)/.local/sam/bin:$(CURDIR)/.local/uv/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
export __SAM_CLI_APP_DIR := $(CURDIR)/.local/sam/notes
export UV_NO_PROGRESS := 1
# Without bytecode each of the tests' many processes would compile every module again.
unexport PYTHONDONTWRITEBYTECODE
# uv shares what it has downloaded through the home folder, unless that cannot be written.
ifneq ($(shell mkdir -p "$${XDG_CACHE_HOME:-$$HOME/.cache}/uv" 2> /dev/null || echo unwritable),)
export UV_CACHE_DIR ?= $(CURDIR)/.local/uv/cache
endif

.PHONY: help demo run stop test coverage check lint audit bench faults load simulate mutate build deploy destroy halt unhalt retries openapi errors lock

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: environments ## Sends the sample videos through the whole system and keeps the ZIP in demo-results/; CAPTIONS=folder takes other ones
	@$(RUN) local.demo "$(CAPTIONS)" demo-results

run: environments ## Runs the system on this machine until Ctrl-C; settings in .env (see .env.example)
	@$(RUN) local.run

stop: environments ## Stops a system that runs in another terminal
	@$(RUN) local.stop

test coverage: environments .local/audit/.installed .local/awscli/.installed
	@command -v chromium-headless-shell chromium chromium-browser google-chrome > /dev/null || { echo "The tests of the page need Chromium; install it, for example with: apt-get install chromium"; exit 1; }
	@command -v curl > /dev/null && command -v jq > /dev/null || { echo "The tests of the requests in docs/api.md need curl and jq; install them, for example with: apt-get install curl jq"; exit 1; }
	@$(RUN) pytest --numprocesses 4 --unused-grants $(if $(filter coverage,$@),--cov --cov-report=term)

test: ## Runs every test; some need Chromium, curl and jq
coverage: ## Runs every test, shows which lines none of them runs, and fails below 95 %; takes half as long again

check: lint ## Runs the fast part: format, lint, imports, types, template, unit tests
	@$(RUN) pytest -q --numprocesses 2 tests/unit

lint: environments ## Runs the part of it that runs no tests
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@PYTHONPATH=layers/shared:. .venv/bin/lint-imports --no-logo --no-cache
	@$(RUN) mypy
	@# Every function has a module `handler`, so each is looked at by itself, beside the layer.
	@for function in functions/*/; do MYPYPATH="$$function:layers/shared" $(RUN) mypy --no-error-summary "$$function"*.py; done
	@sam validate
	@sam validate --template-file operations.yaml

audit: .local/checkov/.installed .local/audit/.installed ## Looks for insecure resources, secrets in the repository and known vulnerabilities of packages
	@.local/checkov/bin/checkov --config-file .checkov.yaml
	@.local/audit/bin/kingfisher scan . --config .kingfisher.yaml --no-update-check --quiet
	@.local/audit/bin/python -m local.advisories

bench: environments .local/bench/.installed .local/bench-peers/.installed ## Measures; ONLY="quality …" some of it, QUICK=1 in small, FULL=1 at length
	@PYTHONPATH=layers/shared .local/bench/bin/python -m lab.bench $(ONLY) --captions "$(CAPTIONS)" $(if $(QUICK),--quick) $(if $(FULL),--full)

faults: environments ## Breaks whatever batches depend on, RUNS times from SEED on, and looks what becomes of them
	@PYTHONPATH=layers/shared $(RUN) lab.faults --seed "$(SEED)" --runs "$(RUNS)"

load: environments ## Lets USERS users with four batches each work at once, and looks whether anything of theirs gets lost
	@PYTHONPATH=layers/shared $(RUN) lab.load --users "$(USERS)"

simulate: environments ## Lets a seed decide every interleaving of RUNS simulated weeks from SEED on; RUNS=1 tells a whole story
	@PYTHONPATH=layers/shared $(RUN) lab.simulation --seed "$(SEED)" --runs "$(RUNS)"

mutate: environments .local/mutation/.installed ## Changes FILES of the layer in one place at a time, and counts the changes that fail no test
	@PYTHONPATH=layers/shared:. nice .local/mutation/bin/python -m lab.mutation $(FILES) $(if $(NUMBER),--number "$(NUMBER)") --seed "$(SEED)"

build: environments ## Builds the functions for AWS into .aws-sam/
	@sam build
	@local/bytecode .aws-sam/build

deploy: build ## Deploys to the AWS account of your credentials, and says what to do next
	@cat local/deploy/before.txt
	@sam deploy --guided
	@cat local/deploy/after.txt

destroy: environments ## Takes a deployment down after asking twice: what runs, and its data if you say so
	@PYTHONPATH=layers/shared $(RUN) ops.destroy --stack "$(STACK)"

# `make` also takes USER from the environment, where it is the name of whoever is logged in.
WHOSE = $(if $(ALL),--all) $(if $(findstring command,$(origin USER)),--user "$(USER)")
halt unhalt: environments
	@PYTHONPATH=layers/shared $(RUN) ops.halt $@ --stack "$(STACK)" $(WHOSE)

halt: ## Pauses a deployment's batches, and keeps them paused: those of USER=email, or with ALL=1 everybody's
unhalt: ## Has them go on

retries: environments ## Writes the Retry rules of statemachine/retries.json into the definition of the workflow
	@$(RUN) local.retries

openapi: environments ## Writes the description of the API, web/openapi.json, after its routes or schemas have changed
	@PYTHONPATH=layers/shared $(RUN) local.openapi

errors: environments ## Writes the tables of docs/errors.md, after an error class has changed
	@PYTHONPATH=layers/shared $(RUN) ops.error_reference

lock: $(UV) ## Brings every lock file up to date with its requirements.in
	@local/lock

.PHONY: environments
environments: .venv/.installed .local/sam/.installed

# An environment of its own for what a lock file holds: $(call installed,what it is,further options)
define installed
@echo "Installing $(1) into $(@D)"
@$(UV) venv --quiet --allow-existing --python $(PYTHON) $(@D)
@$(UV) pip sync --quiet --require-hashes $(2) --python $(@D) $<
@touch $@
endef

.venv/.installed: requirements-dev.txt $(UV)
	$(call installed,the packages of requirements-dev.txt)

.local/sam/.installed: local/sam/requirements.txt $(UV)
	$(call installed,the SAM CLI)

.local/bench/.installed: lab/bench/requirements.txt $(UV)
	$(call installed,the packages of the benchmarks)

.local/bench-peers/.installed: lab/bench/peers/requirements.txt $(UV)
	$(call installed,what is measured beside,--link-mode copy)

.local/mutation/.installed: lab/mutation/requirements.txt $(UV)
	$(call installed,the packages of the mutation tests)

.local/checkov/.installed: local/checkov/requirements.txt $(UV)
	$(call installed,checkov)

.local/audit/.installed: local/audit/requirements.txt $(UV)
	$(call installed,the scanners for secrets and known vulnerabilities)

.local/awscli/.installed: local/awscli/requirements.txt $(UV)
	$(call installed,the AWS CLI)

$(UV): local/uv/requirements.txt
	@command -v $(PYTHON) > /dev/null || { echo "Python 3.11 or newer is needed; name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Name another one with PYTHON=…"; exit 1; }
	@echo "Installing uv into .local/uv"
	@$(PYTHON) -m venv .local/uv
	@.local/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@
