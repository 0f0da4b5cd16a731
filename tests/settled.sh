#!/bin/sh
# SPDX-License-Identifier: MIT
# When everything is built, make finds nothing to do. Otherwise each test that calls make would build again what the tests that run
# beside it are using.
set -u
: "${MAKE:=make}"
if ! $MAKE -q --no-print-directory test-deps; then
    echo "settled: all is built, and make would still do this:"
    $MAKE -n --no-print-directory test-deps | cut -c 1-120 | head -n 10
    exit 1
fi
echo "settled: nothing is left to build"
