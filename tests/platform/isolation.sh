#!/bin/sh
# SPDX-License-Identifier: MIT
# isolation.c on both engines, interpreted and translated, and in lock-step: none of its accesses outside its RAM and devices gets anywhere.
set -u
: "${BUILD:=build}"
elf=$BUILD/platform/isolation.elf report=$BUILD/platform/isolation.json
wanted='1120 tries, 0 wrong'

# tries COMMAND...: it says what is wanted and ends with 0
tries() {
    got=$("$@" --ram 4M "$elf" 2>"$report.err") && [ "$got" = "$wanted" ] && return
    echo "isolation: '$*' says: $got"
    cat "$report.err"
    exit 1
}

tries "$BUILD/selkirk" run --gear 0
tries "$BUILD/selkirk" run --gear 1 --report-json "$report"
tries "$BUILD/selkirk" run --eager
tries "$BUILD/selkirk" lockstep
tries "$BUILD/selkirk" lockstep --eager --chaos-rollback 3
tries "$BUILD/selkirk" run --engine rtl --gear 1
faults=$(tr ',{' '\n\n' <"$report" | sed -n 's/.*"fault_[a-z]*_access": \([0-9]*\).*/\1/p' | head -n 2 | awk "{ n += \$1 } END { print n }")
if [ "$faults" -lt 300 ]; then
    echo "isolation: only $faults of the tries were made by translated code"
    exit 1
fi
echo "isolation: $wanted, six ways; $faults of them in translated code at gear 1"
