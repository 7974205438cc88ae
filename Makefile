# The verbs of the project; CI uses the same ones. Each installs what it needs and says what it does.
# ODOO=18 or ODOO=19 chooses one version of Odoo (default: every one that is there).
SHELL := /bin/bash
RIG := tests/odoo/rig.py
CHOICE := $(if $(ODOO),--odoo $(ODOO))

.PHONY: help setup build demo test test-rust test-odoo test-account lint addons prove bench pictures clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## what the other verbs need on this machine (they do it themselves)
	$(RIG) setup $(CHOICE)

build: ## worker and simulator, for tests
	cargo build --locked --bin sicantik --example sicantik-simulator

demo: build ## Odoo, a simulated SICANTIK and the worker together; ONCE=1 checks the result and stops
	$(RIG) demo $(CHOICE) $(if $(ONCE),--once)

test: ## everything to its end: Rust tests, then each Odoo that is there, with a real browser; says both results
	@tests/each.sh 'Rust tests' '$(MAKE) --no-print-directory test-rust' 'Odoo tests' '$(MAKE) --no-print-directory test-odoo'

test-rust:
	cargo test --locked --no-fail-fast

test-odoo: build
	$(RIG) test $(CHOICE)

test-account: ## Odoo's own tests of payments, with payment_account_enhanced and without: the same results
	$(RIG) account-tests $(CHOICE)

lint: ## fmt, clippy, rustdoc, architecture, cargo-deny, ruff, OCA's linters, the addons' rooms, versions and pages, docs/
	$(RIG) setup --odoo 19
	tests/lint.sh

addons: ## the addons to hand out, for each Odoo: target/addons/18.0 and 19.0, as folders and as zip files
	python3 -B tests/odoo/release.py

prove: ## that the tests never lie: the Rust tests N times (5) in debug and release beside a load on both cores
	tests/prove.sh $(or $(N),5)

bench: ## figures beside their goals, measured in one run; BESIDE=COMMIT: today's addons beside that commit's, too
	cargo build --release --locked --bin sicantik --examples
	$(RIG) bench $(CHOICE) $(if $(BESIDE),--beside $(BESIDE))

pictures: build ## the pictures of the manuals, taken anew (on Odoo 18 where it is)
	$(RIG) pictures $(CHOICE)

clean: ## removes what was built here (the cache of the rig stays)
	cargo clean
