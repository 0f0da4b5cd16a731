#!/bin/sh
# SPDX-License-Identifier: MIT
# Console input on every engine and at every gear, and in QEMU: echo.c gives back the lines that it is sent.
set -u
: "${BUILD:=build}"
elf=$BUILD/platform/echo.elf
runs=0

# echoes COMMAND...: what it makes of two lines
echoes() {
    got=$(printf 'hello\nsecond line 2\n\n' | "$@" 2>&1)
    status=$?
    if [ $status -ne 2 ] || [ "$got" != "$(printf 'HELLO\nSECOND LINE 2')" ]; then
        echo "console: '$*' ends with status $status and says: $got"
        exit 1
    fi
    runs=$((runs + 1))
}

echoes tests/qemu.sh "$elf"
for engine in iss rtl; do
    echoes "$BUILD/selkirk" run --engine $engine --gear 0 "$elf"
    echoes "$BUILD/selkirk" run --engine $engine --gear 1 "$elf"
done
echo "console: $runs machines give back what they are sent"
