# The verbs of the project; CI uses the same ones. Each installs what it needs and says what it does.
# ODOO=18 or ODOO=19 chooses one version of Odoo (default: every one that is there).
SHELL := /bin/bash
RIG := tests/odoo/rig.py
CHOICE := $(if $(ODOO),--odoo $(ODOO))

.PHONY: help setup build demo test test-rust test-odoo lint bench pictures clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## what the other verbs need on this machine (they do it themselves)
	$(RIG) setup $(CHOICE)

build: ## worker and simulator, for tests
	cargo build --locked --bin sicantik --example sicantik-simulator

demo: build ## Odoo, a simulated SICANTIK and the worker together; ONCE=1 checks the result and stops
	$(RIG) demo $(CHOICE) $(if $(ONCE),--once)

test: test-rust test-odoo ## everything: Rust tests, then each Odoo that is there, with a real browser

test-rust:
	cargo test --locked

test-odoo: build
	$(RIG) test $(CHOICE)

lint: ## fmt, clippy, rustdoc, architecture, ruff, pylint-odoo, the addons' pages, cargo-deny, the pages under docs/
	$(RIG) setup --odoo 19
	tests/lint.sh

bench: ## figures beside their goals, measured in one run
	cargo build --release --locked --bin sicantik --example sicantik-simulator
	$(RIG) bench $(CHOICE)

pictures: build ## the pictures of the manuals, taken anew (on Odoo 18 where it is)
	$(RIG) pictures $(CHOICE)

clean: ## removes what was built here (the cache of the rig stays)
	cargo clean
