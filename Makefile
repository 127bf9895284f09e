# Every command of the project: `make` lists them. Each installs what it needs first, at locked versions.
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

# Three environments: the application with its tests and the emulator; the SAM CLI; and uv, which installs the others
# and packages the functions. `make bench` adds two, for itself and for the programs that it compares; `make audit` two,
# for checkov and for the other scanners; `make lint` one for Deno; `make test` one for the AWS CLI; and `make mutate` one.
export PATH := $(CURDIR)/.local/sam/bin:$(CURDIR)/.local/uv/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
export __SAM_CLI_APP_DIR := $(CURDIR)/.local/sam/notes
export UV_NO_PROGRESS := 1
# Without bytecode, each of the tests' many processes would compile every module again, and those that start at the same
# time do so even once it may be written; so it is written at installation.
unexport PYTHONDONTWRITEBYTECODE
# uv keeps its cache in the home folder, unless that is not writable.
ifneq ($(shell mkdir -p "$${XDG_CACHE_HOME:-$$HOME/.cache}/uv" 2> /dev/null || echo unwritable),)
export UV_CACHE_DIR ?= $(CURDIR)/.local/uv/cache
endif

.PHONY: help demo run stop test coverage check unit-tests lint audit bench faults load simulate mutate build deploy destroy halt unhalt end-notifications retries openapi errors lock

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: environments ## Runs the sample videos through the whole system and keeps the ZIP in demo-results/; CAPTIONS=folder for your own
	@$(RUN) local.demo "$(CAPTIONS)" demo-results

run: environments ## Runs the system on this machine until Ctrl-C; settings in .env (see .env.example)
	@$(RUN) local.run

stop: environments ## Stops the system that runs in another terminal
	@$(RUN) local.stop

test coverage: environments .local/audit/.installed .local/awscli/.installed .local/deno/.installed
	@command -v chromium-headless-shell chromium chromium-browser google-chrome > /dev/null || { echo "The tests of the page need Chromium. Install it, for example with: apt-get install chromium"; exit 1; }
	@command -v curl > /dev/null && command -v jq > /dev/null || { echo "The tests of the requests in docs/api.md need curl and jq. Install them, for example with: apt-get install curl jq"; exit 1; }
	@$(RUN) pytest --numprocesses 4 --unused-grants $(if $(filter coverage,$@),--cov --cov-report=term)

test: ## Runs every test; some need Chromium, curl and jq
coverage: ## Runs every test, shows the lines that no test covers, and fails below 95 %; takes half as long again

# Type checks use one processor, and the unit tests need about as much time as all of lint.
check: environments ## Runs the fast checks: format, lint, imports, types, template, unit tests
	@$(MAKE) --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync) --no-print-directory lint unit-tests

unit-tests: environments
	@$(RUN) pytest -q --numprocesses 2 tests/unit

lint: environments .local/deno/.installed ## Runs the fast checks without the unit tests
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@PYTHONPATH=layers/shared:. .venv/bin/lint-imports --no-logo --no-cache
	@$(RUN) mypy
	@# Every function has a module `handler`, so each is type-checked separately, together with the layer.
	@for function in functions/*/; do MYPYPATH="$$function:layers/shared" $(RUN) mypy --no-error-summary "$$function"*.py; done
	@$(RUN) local.script_types
	@sam validate
	@sam validate --template-file operations.yaml

audit: .local/checkov/.installed .local/audit/.installed ## Looks for insecure resources, secrets in the repository, and packages with known vulnerabilities
	@.local/checkov/bin/checkov --config-file .checkov.yaml
	@.local/audit/bin/kingfisher scan . --config .kingfisher.yaml --no-update-check --quiet
	@.local/audit/bin/python -m local.advisories

# The programs to compare with are installed only for benchmarks that run them.
BENCH_PEERS = $(if $(ONLY),$(filter long_transcripts,$(ONLY))$(BENCH_BASE_URL),all)
bench: environments .local/bench/.installed $(if $(BENCH_PEERS),.local/bench-peers/.installed) ## Runs the benchmarks; ONLY="quality …" for some, QUICK=1 for small sizes, FULL=1 for the largest
	@PYTHONPATH=layers/shared .local/bench/bin/python -m lab.bench $(ONLY) --captions "$(CAPTIONS)" $(if $(QUICK),--quick) $(if $(FULL),--full)

faults: environments ## Injects faults while batches run, RUNS times from SEED on, and checks that every batch ends correctly
	@PYTHONPATH=layers/shared $(RUN) lab.faults --seed "$(SEED)" --runs "$(RUNS)"

load: environments ## Runs USERS users with four batches each at once, and checks that nothing is lost
	@PYTHONPATH=layers/shared $(RUN) lab.load --users "$(USERS)"

simulate: environments ## Simulates RUNS weeks with faults from SEED on, and checks every promise; RUNS=1 prints each step
	@PYTHONPATH=layers/shared $(RUN) lab.simulation --seed "$(SEED)" --runs "$(RUNS)"

mutate: environments .local/mutation/.installed ## Runs mutation tests on FILES of the layer, and lists the changes that no test notices
	@PYTHONPATH=layers/shared:. nice .local/mutation/bin/python -m lab.mutation $(FILES) $(if $(NUMBER),--number "$(NUMBER)") --seed "$(SEED)"

build: environments ## Builds the functions for AWS into .aws-sam/
	@sam build
	@local/bytecode .aws-sam/build

deploy: build ## Deploys to the AWS account of your credentials, and prints the next steps
	@cat local/deploy/before.txt
	@sam deploy --guided
	@cat local/deploy/after.txt

destroy: environments ## Deletes a deployment after asking twice; its data only if you say so
	@PYTHONPATH=layers/shared $(RUN) ops.destroy --stack "$(STACK)"

# USER counts only on the command line: in the environment, it is the name of the logged-in user.
WHOSE = $(if $(ALL),--all) $(if $(findstring command,$(origin USER)),--user "$(USER)")
halt unhalt: environments
	@PYTHONPATH=layers/shared $(RUN) ops.halt $@ --stack "$(STACK)" $(WHOSE)

halt: ## Stops the batches of a deployment until `make unhalt`: those of USER=email, or all with ALL=1
unhalt: ## Lifts the halt of USER=email or ALL=1; the batches continue

end-notifications: environments ## Ends the notifications of USER=email, or with DELETED=1 of all users who are no longer in the user pool
	@PYTHONPATH=layers/shared $(RUN) ops.end_notifications --stack "$(STACK)" $(if $(DELETED),--deleted) $(WHOSE)

retries: environments ## Writes the Retry rules of statemachine/retries.json into the definition of the workflow
	@$(RUN) local.retries

openapi: environments ## Writes the OpenAPI document, web/openapi.json; run it after changing a route or a schema
	@PYTHONPATH=layers/shared $(RUN) local.openapi

errors: environments ## Writes docs/errors.md and the page's copy; run it after changing an error class
	@PYTHONPATH=layers/shared $(RUN) ops.error_reference

lock: $(UV) ## Updates every lock file after its requirements.in has changed
	@local/lock

.PHONY: environments
environments: .venv/.installed .local/sam/.installed

# Installs a lock file into an environment of its own: $(call installed,what it is,further options)
define installed
@echo "Installing $(1) into $(@D)"
@$(UV) venv --quiet --allow-existing --python $(PYTHON) $(@D)
@$(UV) pip sync --quiet --require-hashes $(2) --python $(@D) $<
@touch $@
endef

.venv/.installed: requirements-dev.txt $(UV)
	$(call installed,the packages of requirements-dev.txt,--compile-bytecode)

.local/sam/.installed: local/sam/requirements.txt $(UV)
	$(call installed,the SAM CLI,--compile-bytecode)

.local/bench/.installed: lab/bench/requirements.txt $(UV)
	$(call installed,the packages of the benchmarks)

.local/bench-peers/.installed: lab/bench/peers/requirements.txt $(UV)
	$(call installed,the programs that the benchmarks compare with,--link-mode copy)

.local/mutation/.installed: lab/mutation/requirements.txt $(UV)
	$(call installed,the packages of the mutation tests)

.local/checkov/.installed: local/checkov/requirements.txt $(UV)
	$(call installed,checkov)

.local/audit/.installed: local/audit/requirements.txt $(UV)
	$(call installed,the scanners for secrets and known vulnerabilities)

.local/awscli/.installed: local/awscli/requirements.txt $(UV)
	$(call installed,the AWS CLI)

.local/deno/.installed: local/deno/requirements.txt $(UV)
	$(call installed,Deno)

$(UV): local/uv/requirements.txt
	@command -v $(PYTHON) > /dev/null || { echo "Skimlist needs Python 3.11 or newer. Name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Skimlist needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version). Name another one with PYTHON=…"; exit 1; }
	@echo "Installing uv into .local/uv"
	@$(PYTHON) -m venv .local/uv
	@.local/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@
