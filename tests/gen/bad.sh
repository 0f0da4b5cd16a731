#!/bin/sh
# SPDX-License-Identifier: MIT
# Every machine table of bad.txt must be rejected with its complaint; the tables as they are must pass.
# A bad table is the project's table and some rows; it replaces the table for one compilation of gen_model.c, which is
# linked with the generator's other objects. Needs: the generator built ($BUILD/machine/*.o).
set -u
work=$BUILD/tests/gen-bad
table=tests/gen/bad.txt
rm -rf "$work"
mkdir -p "$work"
failed=0
count=0

"$BUILD/machine/gen" --check || { echo "the tables themselves are rejected"; exit 1; }
set --
for o in "$BUILD"/machine/gen*.o; do
    case $o in */gen_model.o) ;; *) set -- "$@" "$o" ;; esac
done

# bad_table TABLE ROWS: the table with rows added, in the case's folder
bad_table() {
    printf '#include "%s/rtl/machine/%s.def"\n%s\n' "$PWD" "$1" "$2" >"$work/$name/$1.def"
}

while IFS= read -r line; do
    case $line in '#'* | '') continue ;; esac
    name=${line%% @ *};     rest=${line#* @ }
    file=${rest%% @ *};     rest=${rest#* @ }
    rows=${rest%% @ *};     rest=${rest#* @ }
    message=${rest%% @ *}
    mkdir -p "$work/$name"
    bad_table "$file" "$rows"
    if [ "$rest" != "$message" ]; then # a second table
        rest=${rest#* @ }
        bad_table "${rest%% @ *}" "${rest#* @ }"
    fi
    count=$((count + 1))
    if ! gcc -std=c11 -I. -I"$work/$name" -Irtl/machine -c -o "$work/$name/model.o" rtl/machine/gen_model.c ||
        ! gcc -o "$work/$name/gen" "$@" "$work/$name/model.o"; then
        echo "FAIL $name: the test's table does not compile"
        failed=$((failed + 1))
    elif "$work/$name/gen" "$work/$name" 2>"$work/$name/err"; then
        echo "FAIL $name: accepted"
        failed=$((failed + 1))
    elif ! grep -qF -- "$message" "$work/$name/err"; then
        echo "FAIL $name: expected '$message', got:"
        cat "$work/$name/err"
        failed=$((failed + 1))
    elif [ -e "$work/$name/machine.h" ]; then
        echo "FAIL $name: products were written"
        failed=$((failed + 1))
    fi
done <"$table"
echo "$count bad tables, $failed not rejected as they should be"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
