#!/bin/sh
# SPDX-License-Identifier: MIT
# Planted bugs that the round-trip test must notice: a wrong field in an encoder only, a wrong sign in the decoder only, and a
# wrong field in the table, which encoder and decoder share. The unplanted copy must pass.
# Needs: the generator's objects in $BUILD/machine.
set -u
work=$BUILD/tests/gen-planted
rm -rf "$work"
mkdir -p "$work"
failed=0

# products NAME: a fresh copy of the products in $work/NAME
products() {
    mkdir -p "$work/$1"
    "$BUILD/machine/gen" "$work/$1" || exit 1
}

# roundtrip NAME: builds the round-trip test with the products in $work/NAME, and runs it
roundtrip() {
    gcc -std=c11 -O1 -I. -I"$work/$1" -o "$work/$1/roundtrip" tests/gen/roundtrip.c translator/support/native_text.c \
        "$work/$1/machine_tables.c" "$work/$1/machine_decode.c" || { echo "FAIL $1 does not compile"; exit 1; }
    "$work/$1/roundtrip" >"$work/$1/log"
}

# expect_noticed NAME FILE: the file must differ from the unplanted one, and the test must fail
expect_noticed() {
    if cmp -s "$work/$1/$2" "$work/none/$2"; then
        echo "FAIL $1: the bug was not planted"
        failed=$((failed + 1))
    elif roundtrip "$1"; then
        echo "FAIL $1: not noticed"
        failed=$((failed + 1))
    fi
}

products none
roundtrip none || { echo "FAIL without a planted bug:"; cat "$work/none/log"; exit 1; }

products encoder
sed -i 's/rs2 >> 0 & 0x3fu) << 17/rs2 >> 0 \& 0x1fu) << 17/' "$work/encoder/machine_encode.h"
expect_noticed encoder machine_encode.h

products decoder
sed -i 's/\^ 0x4000u) - 0x4000u/^ 0x4000u) - 0x2000u/' "$work/decoder/machine_decode.c"
expect_noticed decoder machine_decode.c

mkdir -p "$work/table"
sed 's/FIELD(S, imm, TOP_AT, TOP_BITS, RD_BITS)/FIELD(S, imm, TOP_AT, TOP_BITS, 0)/; s/FIELD(S, imm, RD_AT, RD_BITS, 0)/FIELD(S, imm, RD_AT, RD_BITS, TOP_BITS)/' \
    rtl/machine/formats.def >"$work/table/formats.def"
gcc -std=c11 -I. -I"$work/table" -Irtl/machine -c -o "$work/table/model.o" rtl/machine/gen_model.c || exit 1
set --
for o in "$BUILD"/machine/gen*.o; do
    case $o in */gen_model.o) ;; *) set -- "$@" "$o" ;; esac
done
gcc -o "$work/table/gen" "$@" "$work/table/model.o" && "$work/table/gen" "$work/table" || exit 1
expect_noticed table machine_encode.h

echo "3 planted bugs, $failed not noticed"
[ "$failed" -eq 0 ]
