#!/bin/sh
# SPDX-License-Identifier: MIT
# linux.sh KERNEL.elf: Linux from reset to power-off in lock-step with Spike, on the ISS.
set -u
: "${BUILD:=build}"
log=$BUILD/spike/linux.log
"$BUILD/selkirk" lockstep --model spike --ram 32M "$1" >"$log" 2>"$log.report" </dev/null
status=$?
if [ $status -eq 0 ] && grep -q 'init: hello from user space' "$log" && grep -q 'reboot: Power down' "$log"; then
    tail -n 1 "$log.report"
    exit 0
fi
echo "spike-linux: status $status; the end of the log:"
tail -n 60 "$log" "$log.report"
exit 1
