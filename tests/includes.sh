#!/bin/sh
# SPDX-License-Identifier: MIT
# Which file includes which: one way, sim -> firmware -> translator -> rtl/machine, and no circle.
#   tests/includes.sh [ROOT]      the tree, or another one of the same shape (the test of this test)
# Rules:
#   1. a file of rtl/machine, translator/, firmware/ and sim/ includes its own layer or one to the right of it
#   2. struct cms is for firmware/cms/ and what starts it (firmware/boot.*, firmware/main.c): no other file includes cms.h
#   3. modules form no circle. A module is what has one name: NAME.h, NAME.c, and NAME_impl.h, which its other files share
# tests/ includes what it likes.
set -eu
root=${1:-.}
cd "$root"
status=0

# "file included" for each #include "...", by the path that the compiler finds (-I.); what is generated has no path.
pairs=$(find rtl/machine translator firmware sim -name '*.[ch]' -o -name '*.cpp' -o -name '*.def' -o -name '*.S' | LC_ALL=C sort |
    xargs grep -H '^[[:space:]]*#[[:space:]]*include "' |
    sed -n 's|^\([^:]*\):[^"]*"\([a-z_]*/[^"]*\)".*|\1 \2|p')
if [ -z "$pairs" ]; then
    echo "includes: no #include found below $root" >&2
    exit 1
fi

wrong=$(printf '%s\n' "$pairs" | awk '
    function layer(path) {
        return path ~ /^sim\// ? 4 : path ~ /^firmware\// ? 3 : path ~ /^translator\// ? 2 : path ~ /^rtl\/machine\// ? 1 : 9
    }
    layer($2) > layer($1) { print $1 " includes " $2 ", which is above it" }
    $2 == "firmware/cms/cms.h" && $1 !~ /^firmware\/(cms\/|boot\.|main\.c)/ { print $1 " includes " $2 ", which is for firmware/cms/" }')
if [ -n "$wrong" ]; then
    printf '%s\n' "$wrong" >&2
    status=1
fi

# tsort says which modules are in a circle.
circles=$(printf '%s\n' "$pairs" | sed 's/\(_impl\)\{0,1\}\.[a-z]*\( \|$\)/\2/g' | awk '$1 != $2' | LC_ALL=C sort -u | tsort 2>&1 >/dev/null) || true
if [ -n "$circles" ]; then
    printf 'a circle of modules:\n%s\n' "$circles" >&2
    status=1
fi
[ $status = 0 ] && printf 'includes: %s, one way and no circle\n' "$(printf '%s\n' "$pairs" | wc -l | tr -d ' ')"
exit $status
