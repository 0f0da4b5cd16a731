#!/bin/sh
# SPDX-License-Identifier: MIT
# The ahead-of-time translator reads nothing that it has not written: whatever fresh memory holds (MALLOC_PERTURB_), the firmware's image is
# the same.
set -eu
: "${BUILD:=build}"
image=$BUILD/tests/aot-memory.img
profile=$BUILD/firmware/selkirk.profile
[ -e "$profile" ] || profile=
for fill in 165 90 255; do
    MALLOC_PERTURB_=$fill "$BUILD/aot" ${profile:+--profile "$profile"} "$BUILD/firmware/selkirk.elf" "$image"
    cmp "$BUILD/firmware/selkirk.img" "$image"
done
echo "aot-memory: the same $(wc -c <"$image") bytes with three fillings of fresh memory"
