#!/bin/sh
# SPDX-License-Identifier: MIT
# Data beside hot code must not collapse performance: mixed.S with its counter beside the loop takes at most LIMIT times the cycles that it takes
# with the counter on a page of its own, and the report says what was done about it. In lock-step it is right.
set -eu
: "${BUILD:=build}"
LIMIT=6
dir=$BUILD/platform

# cycles NAME: of a run on the ISS
cycles() {
    "$BUILD/selkirk" run --report-json "$dir/$1.json" "$dir/$1.elf" >&2
    sed -n 's/^ *"cycles": \([0-9]*\),$/\1/p' "$dir/$1.json" | head -n 1
}

mixed=$(cycles mixed)
apart=$(cycles apart)
if ! grep -q '"smc_rechecked": [1-9]' "$dir/mixed.json" || ! grep -q '"smc_rechecked": 0,' "$dir/apart.json"; then
    echo "mixed: the granule's change is not counted as it should be"
    exit 1
fi
if [ "$mixed" -gt $((LIMIT * apart)) ]; then
    echo "mixed: $mixed cycles with data beside the code, $apart with data apart: more than $LIMIT times"
    exit 1
fi
"$BUILD/selkirk" lockstep "$dir/mixed.elf"
echo "mixed: $mixed cycles with data beside the code, $apart with data apart"
