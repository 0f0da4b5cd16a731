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
"$YOSYS" -q -p "read_verilog -sv -formal $files
hierarchy -check -top core
setattr -mod -unset keep_hierarchy
proc
cutpoint core/u_mul core/u_div core/u_jump_table core/u_counters core/u_shadow core/u_undo_log core/u_regfile core/u_code_guard
cutpoint */*u_alu */*u_shift */*u_merge
flatten
opt -fast
setundef -undriven -anyseq
async2sync
$lower
opt -fast
write_rtlil $out"
