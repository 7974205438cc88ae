#!/usr/bin/env bash
# Every check of the sources. Tools that have to be built are kept in the cache of the rig.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$(python3 -c 'import sys; sys.path.insert(0, "tests/odoo"); from riglib.cache import cache_dir; print(cache_dir())')
tools=$cache/cargo-tools
step() { printf '\n== %s\n' "$*"; }
tool() { # tool NAME VERSION: a cargo subcommand, built once
  [ -x "$tools/bin/$1" ] || cargo install --quiet --locked --root "$tools" --target-dir "$tools/target" "$1@$2"
  rm -rf "$tools/target"
}

step rustfmt;  cargo fmt --check
step clippy;   cargo clippy --locked --all-targets -- -D warnings
step rustdoc;  RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items --lib
step architecture; cargo test --locked --quiet --test architecture

step cargo-deny; tool cargo-deny 0.20.2
"$tools/bin/cargo-deny" --all-features check --hide-inclusion-graph bans licenses sources
if "$tools/bin/cargo-deny" --all-features check --hide-inclusion-graph advisories >"$tools/advisories.log" 2>&1; then
  echo 'advisories ok'
elif grep -q 'failed to fetch advisory database\|failed to load advisory\|failed to open advisory' "$tools/advisories.log"; then
  echo 'advisories not checked: their database cannot be reached from here'
else
  cat "$tools/advisories.log"; exit 1
fi

step cargo-machete; tool cargo-machete 0.9.2
"$tools/bin/cargo-machete"

python=$(python3 -c 'import sys; sys.path.insert(0, "tests/odoo"); from riglib import venv; print(venv.python())')
step ruff
"$python" -m ruff check tests odoo_addon
"$python" -m ruff format --check tests odoo_addon
step pylint-odoo
"$python" -m pylint --rcfile odoo_addon/.pylintrc --recursive=y odoo_addon/*/
step pages
"$python" -B tests/odoo/app_pages.py --check
step docs
"$python" -B tests/docs.py
echo; echo 'lint: clean'
