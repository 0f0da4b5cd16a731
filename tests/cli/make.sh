#!/bin/sh
# SPDX-License-Identifier: MIT
# What make says at once, before it installs or builds anything: a test that there is not, and paths that make cannot take.
set -u
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
failed=0 n=0
expect() { # words, what make is called with...
    words=$1; shift
    n=$((n + 1))
    "$MAKE" "$@" >"$T/out" 2>"$T/err" && { echo "FAILED: make $*: no complaint"; failed=$((failed + 1)); }
    grep -v ': Entering \|: Leaving ' "$T/out" >"$T/said"
    if ! grep -q -- "$words" "$T/err" || [ -s "$T/said" ]; then
        echo "FAILED: make $*: wanted '$words', and nothing done"; cat "$T/err" "$T/said"
        failed=$((failed + 1))
    fi
}
unset BUILD VENV
expect "no such test" test T=nosuch
expect "like it: cli-bad-input;" test T=cli-bad-inpt
expect "like it: .*prog-lockstep" test T=lockstep
mkdir "$T/a b"
cp Makefile "$T/a b/"
expect "has a space in it" -C "$T/a b" build
expect "BUILD='a b' has a space in it" BUILD='a b' build
expect "BUILD='a#b' has # in it" BUILD='a#b' test
expect "VENV='a:b' has : in it" VENV='a:b' run
[ ! -e a ] && [ ! -e "a b" ] && [ -z "$(ls -A "$T/a b" | grep -v Makefile)" ] || { echo "FAILED: something was built"; failed=$((failed + 1)); }
echo "make: $n refusals, $failed wrong"
[ $failed -eq 0 ]
