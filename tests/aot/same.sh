#!/bin/sh
# SPDX-License-Identifier: MIT
# The firmware's image is the same whatever the build folder is called, and nothing in it is left over from earlier sources or flags:
# a new build in a folder of another name and depth gives the same bytes.
set -eu
: "${BUILD:=build}" "${MAKE:=make}"
other=$BUILD/tests/firmware-same/another
rm -rf "$other"
$MAKE --no-print-directory BUILD="$other" firmware
cmp "$BUILD/firmware/selkirk.img" "$other/firmware/selkirk.img"
bytes=$(wc -c <"$other/firmware/selkirk.img")
rm -rf "$other"
echo "firmware-same: the same $bytes bytes, built in two folders"
