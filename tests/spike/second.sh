#!/bin/sh
# SPDX-License-Identifier: MIT
# second.sh ARGUMENTS: `lockstep ARGUMENTS` of $OUT/selkirk against Spike (the plug-in of $MAIN), for tests/planted/spike-*.bug.
# Status 0, the bug not noticed, too, if the golden interpreter has seen it: then it is no bug for a second opinion.
set -u
"$OUT/selkirk" lockstep "$@" >/dev/null 2>&1 </dev/null || { echo 'second: the golden interpreter sees it'; exit 0; }
"$OUT/selkirk" lockstep --model spike --model-file "$MAIN/spike/model.so" "$@" 2>&1 >/dev/null </dev/null
