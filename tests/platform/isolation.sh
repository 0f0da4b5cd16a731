#!/bin/sh
# SPDX-License-Identifier: MIT
# isolation.c on both engines, interpreted and translated, and in lock-step: none of its accesses outside its RAM and devices gets anywhere, and
# those at the edges of its RAM do. With a RAM of 4 MiB, and with one of 24 MiB, which is no power of two.
set -u
: "${BUILD:=build}"
report=$BUILD/platform/isolation.json
wanted='1200 tries, 0 wrong'

# tries COMMAND...: it says what is wanted and ends with 0
tries() {
    got=$("$@" 2>"$report.err") && [ "$got" = "$wanted" ] && return
    echo "isolation: '$*' says: $got"
    cat "$report.err"
    exit 1
}

# Of a RAM of 24 MiB the edges are what is new.
large=$BUILD/platform/isolation-24m.elf
tries "$BUILD/selkirk" run --gear 0 --memory ulx3s "$large"
tries "$BUILD/selkirk" lockstep --memory ulx3s "$large"
tries "$BUILD/selkirk" run --engine rtl --memory ulx3s "$large"
small=$BUILD/platform/isolation.elf
tries "$BUILD/selkirk" run --gear 0 --ram 4M "$small"
tries "$BUILD/selkirk" run --gear 1 --report-json "$report" --ram 4M "$small"
tries "$BUILD/selkirk" run --eager --ram 4M "$small"
tries "$BUILD/selkirk" lockstep --ram 4M "$small"
tries "$BUILD/selkirk" lockstep --eager --chaos-rollback 3 --ram 4M "$small"
tries "$BUILD/selkirk" run --engine rtl --gear 1 --ram 4M "$small"
faults=$(tr ',{' '\n\n' <"$report" | sed -n 's/.*"fault_[a-z]*_access": \([0-9]*\).*/\1/p' | head -n 2 | awk "{ n += \$1 } END { print n }")
if [ "$faults" -lt 300 ]; then
    echo "isolation: only $faults of the tries were made by translated code"
    exit 1
fi
echo "isolation: $wanted, six ways, and three with 24 MiB; $faults of them in translated code at gear 1"
