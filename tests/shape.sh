#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/shape.sh [--all]: fails if a hand-written line is too long, or a function: C and C++ 100 columns and 60 lines,
# SystemVerilog and boards/ 120 columns. --all: the lines over 120 of every other source as
# well (docs/laundry.md), without failing.
set -eu
status=0

# too_long COLUMNS FILE...: the lines that are, as FILE:LINE: COLUMNS
too_long() {
    perl -CSD -ne 'BEGIN { $most = shift @ARGV } chomp; print "$ARGV:$.: ", length, " columns, not $most\n" if length > $most;
                   close ARGV if eof' "$@"
}

# A function's first line and its end begin in the first column (clang-format).
long_functions() {
    awk '/^[A-Za-z_].*\(/ { start = FNR; name = $0 }
         /^}$/ && start && FNR - start >= 60 { print FILENAME ":" start ": a function of " FNR - start + 1 " lines, not 60: " name }
         /^}/ { start = 0 }' "$@"
}

code=$(git ls-files '*.c' '*.h' '*.cpp')
others=$(git ls-files '*.sv' 'sim/*.vlt' 'boards/*.mk' 'boards/*.sh' 'boards/*.awk' 'boards/*.ys')
found=$(too_long 100 $code; too_long 120 $others; long_functions $code)
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    status=1
fi
if [ "${1:-}" = --all ]; then
    too_long 120 $(git ls-files '*.sh' '*.py' '*.mk' '*.def' '*.S' '*.awk' Makefile tests/run)
fi
[ $status -ne 0 ] || echo "shape: $(printf '%s\n' $code $others | wc -l) files, no line and no function too long"
exit $status
