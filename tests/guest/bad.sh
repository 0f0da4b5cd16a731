#!/bin/sh
# SPDX-License-Identifier: MIT
# Every row of bad.txt, added to rv32.def, must be refused with its complaint by the generator (translator/guest/gen.c) or by the compiler;
# the table as it is must pass.
set -u
work=$BUILD/tests/guest/bad
rm -rf "$work"
failed=0 count=0

"$BUILD/translator/gen" --check || { echo "rv32.def itself is refused"; exit 1; }
while IFS= read -r line; do
    case $line in '#'* | '') continue ;; esac
    name=${line%% @ *} rest=${line#* @ }
    row=${rest%% @ *} message=${rest#* @ }
    dir=$work/$name
    mkdir -p "$dir/translator/guest"
    printf '#include "%s/translator/guest/rv32.def"\n%s\n' "$PWD" "$row" >"$dir/translator/guest/rv32.def"
    count=$((count + 1))
    if LC_ALL=C gcc -std=c11 -Werror=implicit-function-declaration -I"$dir" -I. -I"$BUILD/gen" -o "$dir/gen" translator/guest/gen*.c \
        2>"$dir/err" && "$dir/gen" --check 2>"$dir/err"; then
        echo "FAIL $name: accepted"
        failed=$((failed + 1))
    elif ! grep -qF -- "$message" "$dir/err"; then
        echo "FAIL $name: expected '$message', got:"
        head -n 5 "$dir/err"
        failed=$((failed + 1))
    fi
done <tests/guest/bad.txt
echo "$count bad rows, $failed not refused as they should be"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
