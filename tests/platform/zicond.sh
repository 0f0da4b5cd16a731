#!/bin/sh
# SPDX-License-Identifier: MIT
# The instructions of Zicond, which QEMU 7.2 does not know: bitmanip.c made with ZICOND compares them with C by itself.
# WAYS names how it is run.
set -u
: "${BUILD:=build}" "${WAYS:=run --gear 0;run --gear 1;lockstep;lockstep --eager;run --engine rtl}"
wanted='2 instructions, 0 results wrong'
ways=0
IFS=';'
for how in $WAYS; do
    IFS=' '
    # shellcheck disable=SC2086
    got=$("$BUILD/selkirk" $how "$BUILD/platform/zicond.elf" 2>"$BUILD/platform/zicond.err" </dev/null | tail -n 1)
    if [ "$got" != "$wanted" ]; then
        echo "zicond: '$how' says '$got': $(cat "$BUILD/platform/zicond.err")"
        exit 1
    fi
    ways=$((ways + 1))
done
echo "zicond: $wanted, $ways ways"
