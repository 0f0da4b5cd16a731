#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/format-check.sh FILE...: fails if clang-format would change a file. The form differs between versions of clang-format, so it is
# checked with Debian 12's only; with another one this says so and passes.
set -u
: "${CLANG_FORMAT:=clang-format}"
WANTED=14

version=$($CLANG_FORMAT --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
if [ "$version" != $WANTED ]; then
    echo "format-check: not checked, clang-format ${version:-is missing}; version $WANTED is needed"
    exit 0
fi
differing=
for file in "$@"; do
    $CLANG_FORMAT --dry-run -Werror "$file" 2>/dev/null || differing="$differing $file"
done
if [ -n "$differing" ]; then
    echo "format-check: not in form (make format writes it):"
    printf '%s\n' $differing
    exit 1
fi
echo "$# files in form"
