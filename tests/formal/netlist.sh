#!/bin/sh
# SPDX-License-Identifier: MIT
# netlist.sh OUT.il file.sv...: the bare core with guest_fence.sv's assertions as one flat netlist for prove.sh. Units whose values no
# assertion depends on are cut out: whatever they might answer is allowed. $YOSYS names the tool; PyPI's sees a /tmp of its
# own, so file names are made relative.
set -eu
: "${YOSYS:=yosys}"
out=$(realpath -m --relative-to=. "$1")
shift
files=$(realpath -m --relative-to=. "$@" | tr '\n' ' ')
mkdir -p "$(dirname "$out")"
# newer versions keep assertions as $check cells, which have to be lowered
lower=
if "$YOSYS" -p 'help chformal' | grep -q -e -lower; then lower='chformal -lower'; fi
log=$out.log
"$YOSYS" -q -p "read_verilog -sv -formal $files
hierarchy -check -top core
setattr -mod -unset keep_hierarchy
proc
cutpoint system_unit/u_mul system_unit/u_div core/u_jump_table core/u_counters core/u_shadow core/u_undo_log core/u_regfile core/u_code_guard
cutpoint */*u_alu */*u_shift */*u_merge
flatten
opt -fast
setundef -undriven -anyseq
async2sync
$lower
opt -fast
write_rtlil $out" >"$log" 2>&1 || { cat "$log"; exit 1; }
# a unit that is not there any more would be proved as it is, which takes long, or not at all
! grep 'did not match' "$log" || exit 1
