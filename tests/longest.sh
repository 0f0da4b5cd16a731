#!/bin/sh
# SPDX-License-Identifier: MIT
# The ten longest functions and the ten longest source files, against the budget of the style guide (functions 40 lines, C files 500,
# RTL files 400). A report, not a check: a table or dispatch function may be long.
set -eu

if command -v ctags >/dev/null && ctags --version | grep -q Universal; then
    echo "longest functions (lines, function, place)"
    git ls-files '*.c' '*.h' '*.cpp' |
        ctags -f - -L - --languages=C,C++ --kinds-C=f --kinds-C++=f --fields=ne --sort=no |
        awk -F '\t' '{
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/) first = substr($i, 6)
                if ($i ~ /^end:/) last = substr($i, 5)
            }
            printf "%6d  %-32s %s:%d\n", last - first + 1, $1, $2, first
        }' | sort -rn | head -n 10
else
    echo "longest functions: needs universal-ctags"
fi
echo "longest files (lines, file)"
git ls-files '*.c' '*.h' '*.cpp' '*.sv' '*.S' '*.sh' '*.def' '*.mk' Makefile tests/run |
    xargs wc -l | grep -v ' total$' | sort -rn | head -n 10
