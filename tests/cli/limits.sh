#!/bin/sh
# SPDX-License-Identifier: MIT
# Limits end a run with status 124 and one line; reports and dumps hold what docs/report.md says; waves are written.
set -u
S="$BUILD/selkirk" G="$BUILD/prog/rv32im/sieve.elf"
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
failed=0
check() { # name, condition status
    if [ "$2" -eq 0 ]; then echo "ok      $1"; else echo "FAILED  $1"; failed=$((failed + 1)); fi
}

for engine in iss rtl; do
    for limit in "--max-cycles 60000" "--max-guest-instructions 1000"; do
        "$S" run --engine $engine $limit "$G" >/dev/null 2>"$T/err" </dev/null
        [ $? -eq 124 ] && [ "$(wc -l <"$T/err")" -eq 1 ] && grep -q "stopped at the limit" "$T/err"
        check "$engine $limit" $?
    done
    "$S" run --engine $engine --report --report-json "$T/$engine.json" --dump-tcache "$T/$engine.tc" "$G" >"$T/out" 2>"$T/err" </dev/null
    check "$engine report, JSON, tcache dump" $?
    grep -q "guest IPC" "$T/err"; check "$engine text report" $?
    python3 - "$T/$engine.json" $engine <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
for key in ("report_version engine exit_status guest_instructions cycles guest_ipc gears translation firmware_cycles rollbacks exits"
            " chained_share tcache counters roi").split():
    assert key in r, key
assert r["engine"] == sys.argv[2] and r["exit_status"] == 0
assert [g["gear"] for g in r["gears"]] == [0, 1]
assert sum(g["guest_instructions"] for g in r["gears"]) == r["guest_instructions"]
assert r["gears"][1]["guest_instructions"] > 0.5 * r["guest_instructions"]
assert r["cycles"] >= r["firmware_cycles"] + r["gears"][1]["cycles"]
PY
    check "$engine JSON fields" $?
    "$S" dis "$T/$engine.tc" >"$T/dis" 2>&1 && grep -q "^region guest 80" "$T/dis" && grep -q "commit" "$T/dis"
    check "$engine tcache dump disassembles" $?
done
cmp -s "$T/iss.tc" "$T/rtl.tc"; check "tcache of ISS and RTL is the same" $?
sed 's/"engine": "[a-z]*"//' "$T/iss.json" >"$T/a"; sed 's/"engine": "[a-z]*"//' "$T/rtl.json" >"$T/b"
cmp -s "$T/a" "$T/b"; check "report of ISS and RTL is the same, cycles included" $?
"$S" dis "$BUILD/firmware/selkirk.img" >"$T/dis" && grep -q "<interp_run_blocks>:" "$T/dis"; check "image disassembles" $?
"$S" run --engine rtl --trace "$T/w.fst" --max-cycles 3000 "$G" >/dev/null 2>&1 </dev/null; [ -s "$T/w.fst" ]; check "waves" $?
printf 'x' | "$S" run "$BUILD/prog/rv32im/sieve.elf" >/dev/null 2>&1; check "input that nobody reads" $?
echo "limits, reports, dumps: $failed wrong"
[ $failed -eq 0 ]
