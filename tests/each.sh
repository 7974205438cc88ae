#!/usr/bin/env bash
# each.sh NAME COMMAND [NAME COMMAND ...]: runs the commands in turn, each to its end, and says how each ended.
# Fails when one of them failed, so that none hides the others.
set -uo pipefail
trap 'exit 130' INT TERM
summary=() worst=0
while [ $# -ge 2 ]; do
  started=$SECONDS
  if bash -c "$2"; then
    how='ok    '
  else
    how=FAILED worst=1
  fi
  summary+=("$how $1 ($(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s)")
  shift 2
done
printf '\n'
printf '%s\n' "${summary[@]}"
exit $worst
