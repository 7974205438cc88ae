#!/usr/bin/env bash
# Every check of the sources, each to its end; those that failed are named at the end.
# Tools that have to be built are kept in the cache of the rig.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
cache=$(python3 -c 'import sys; sys.path.insert(0, "tests/odoo"); from riglib.cache import cache_dir; print(cache_dir())') || exit
python=$(python3 -c 'import sys; sys.path.insert(0, "tests/odoo"); from riglib import venv; print(venv.python())') || exit
tools=$cache/cargo-tools
work= failed=()
trap 'rm -rf "$work"' EXIT

step() { # step NAME COMMAND...
  printf '\n== %s\n' "$1"
  "${@:2}" || failed+=("$1")
}

tool() { # tool NAME VERSION: a cargo subcommand, built once for each version
  root=$tools/$1-$2
  [ -x "$root/bin/$1" ] && return
  # What is built lies beside what is kept, goes in any case, and is in no other build's way.
  local status=0
  mkdir -p "$tools" && work=$(mktemp -d "$tools/building.XXXXXX") || return
  cargo install --quiet --locked --root "$work/root" --target-dir "$work/target" "$1@$2" || status=$?
  # Two that build at once: the second finds the first one's.
  if [ $status = 0 ] && [ ! -e "$root" ]; then mv -T "$work/root" "$root" || [ -x "$root/bin/$1" ] || status=1; fi
  rm -rf "$work"
  return $status
}

licences() {
  tool cargo-deny 0.20.2 || return
  "$root/bin/cargo-deny" --all-features check --hide-inclusion-graph bans licenses sources
}

advisories() {
  tool cargo-deny 0.20.2 || return
  local said
  if said=$("$root/bin/cargo-deny" --all-features check --hide-inclusion-graph advisories 2>&1); then
    echo 'advisories ok'
  elif grep -q 'failed to fetch advisory database\|failed to load advisory\|failed to open advisory' <<<"$said"; then
    echo 'advisories not checked: their database cannot be reached from here'
  else
    echo "$said"
    return 1
  fi
}

machete() {
  tool cargo-machete 0.9.2 || return
  "$root/bin/cargo-machete"
}

alerts() {
  if ! command -v promtool >/dev/null; then
    echo "alert rules not checked: promtool is not here (Debian's package prometheus)"
    return
  fi
  promtool check rules config/deploy/prometheus-rules.yaml && promtool test rules tests/prometheus-rules.yaml
}

step rustfmt cargo fmt --check
step clippy cargo clippy --locked --all-targets -- -D warnings
step rustdoc env RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items --lib
step architecture cargo test --locked --quiet --test architecture
step cargo-deny licences
step advisories advisories
step cargo-machete machete
step ruff "$python" -m ruff check tests odoo_addon
step 'ruff format' "$python" -m ruff format --check tests odoo_addon
step pylint-odoo "$python" -m pylint --rcfile odoo_addon/.pylintrc --recursive=y odoo_addon/*/
# Addons for tests only are shown to nobody.
step 'pylint-odoo, addons of tests' "$python" -m pylint --rcfile odoo_addon/.pylintrc --disable=manifest-required-key,missing-readme tests/odoo/addons/*/
step oca-checks-odoo-module "$python" -m oca_pre_commit_hooks.cli --config odoo_addon/.oca_hooks.cfg odoo_addon/*/
step oca-checks-po "$python" -m oca_pre_commit_hooks.cli_po --config odoo_addon/.oca_hooks.cfg odoo_addon/*/i18n/*.po*
step rooms "$python" -B tests/rooms.py
step versions "$python" -B tests/odoo/release.py --check
step pages "$python" -B tests/odoo/app_pages.py --check
step 'alert rules' alerts
step docs "$python" -B tests/docs.py
step messages "$python" -B tests/messages.py
step words "$python" -B tests/words.py

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nlint: FAILED: '
  printf '%s; ' "${failed[@]}"
  echo
  exit 1
fi
printf '\nlint: clean\n'
