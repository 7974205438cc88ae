#!/usr/bin/env bash
# prove.sh [N]: the Rust tests N times (5) in debug and N times in release, beside two processes that burn a core each.
# A test that fails here fails for somebody. Says which run failed and in which test; what a run said stays in target/prove.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
times=${1:-5} minutes=30
target=${CARGO_TARGET_DIR:-target}
said=$target/prove
burners=() failed=()
end() {
  [ ${#burners[@]} -eq 0 ] || kill "${burners[@]}" 2>/dev/null
  burners=()
}
trap end EXIT
trap 'exit 130' INT TERM

[[ $times =~ ^[1-9][0-9]*$ ]] || { echo "usage: $0 [N]" >&2; exit 2; }
mkdir -p "$said" && rm -f "$said"/*.log || exit
for profile in '' --release; do
  cargo test --locked --no-run $profile || exit
done
for _ in 1 2; do
  # By itself it ends, too, if nobody is left to end it.
  timeout $((times * 2 * minutes))m sh -c 'while :; do :; done' &
  burners+=($!)
done
for profile in debug release; do
  option=$([ $profile = debug ] || echo --release)
  for run in $(seq "$times"); do
    log=$said/$profile-$run.log
    if timeout ${minutes}m cargo test --locked --no-fail-fast $option >"$log" 2>&1; then
      echo "ok     $profile $run of $times"
    else
      echo "FAILED $profile $run of $times: $log"
      grep -hE '^test .* FAILED$|^error' "$log" | sed 's/^/         /'
      failed+=("$profile $run")
    fi
  done
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "prove: ${#failed[@]} of $((2 * times)) runs failed: $(printf '%s; ' "${failed[@]}")"
  exit 1
fi
echo "prove: $((2 * times)) runs beside a load, none failed"
