#!/bin/sh
# SPDX-License-Identifier: MIT
# guests.sh ENGINE GUEST...: the guests in lock-step with Spike, at both gears and with --misaligned-traps. `make spike` before.
set -u
: "${BUILD:=build}"
engine=$1
shift
runs=0 failed=0
for guest in "$@"; do
    for switches in '--gear 1' '--gear 0' '--gear 1 --eager --misaligned-traps'; do
        runs=$((runs + 1))
        # shellcheck disable=SC2086 # a list of words
        report=$("$BUILD/selkirk" lockstep --model spike --engine "$engine" $switches "$guest" 2>&1 >/dev/null </dev/null) && continue
        echo "$report" | tail -n 60
        echo "spike-guests: $guest differs on $engine with $switches"
        failed=$((failed + 1))
    done
done
echo "spike-guests: $runs runs in lock-step with Spike on $engine: $failed wrong"
[ $failed -eq 0 ]
