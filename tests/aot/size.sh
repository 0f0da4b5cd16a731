#!/bin/sh
# SPDX-License-Identifier: MIT
# The firmware's stored image, with index and data, is not larger than what the boards have for it (issue 13); `aot --size` leaves no
# word out.
# Usage: tests/aot/size.sh AOT PROGRAM.elf STORED
set -eu
most=$((190 * 1024))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" --size --stats "$2" "$work/image" >"$work/out"
used=$(sed -n 's/^aot: .* \([0-9]*\) used words .*/\1/p' "$work/out")
sum=$(awk '/^ *[0-9]+ +[0-9]+ / { n += $2 } END { print n }' "$work/out")
bytes=$(wc -c <"$3")
echo "image size: $bytes bytes stored, $most at most; $sum of $used words in functions"
[ "$bytes" -le $most ] && [ "$sum" = "$used" ]
