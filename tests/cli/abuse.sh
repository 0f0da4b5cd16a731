#!/bin/sh
# SPDX-License-Identifier: MIT
# abuse.sh COUNT SEED: bad inputs of every kind (abuse.py), on guests that end with status 0; cases that fail are kept in $BUILD/tests/abuse.
P="$BUILD/prog"
exec python3 -B tests/cli/abuse.py "$1" "$2" "$BUILD/tests/abuse" "$BUILD/selkirk" "$BUILD/selkirk.sanitized" "$BUILD/firmware/selkirk.img" \
    "$P/rv32im/sieve.elf" "$P/rv32im/lz.elf" "$P/rv32im/format.elf" "$P/rv32imac/rtos.elf" "$P/rv32imac/priv.elf"
