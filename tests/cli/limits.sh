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
    readelf -lW "$T/$engine.tc" 2>/dev/null | awk '$2 ~ /^0x/ && NF >= 7 { n++; if ($5 == $6) same++ } END { exit !(n == 5 && same == 5) }'
    check "$engine tcache dump: five segments, as large in memory as in the file" $?
done
# Stopped anywhere, from the first cycle on: the report says what had happened until then.
python3 - "$S" "$G" "$T" <<'PY'
import json, subprocess, sys
selkirk, guest, folder = sys.argv[1:]
def run(*options):
    r = subprocess.run([selkirk, "run", "--report-json", folder + "/j", "--dump-tcache", folder + "/d", *options, guest],
                       stdin=subprocess.DEVNULL, capture_output=True)
    report = json.load(open(folder + "/j"))
    assert report["exit_status"] == r.returncode
    text = subprocess.run([selkirk, "dis", folder + "/d"], check=True, capture_output=True).stdout
    assert text.count(b"\nregion guest") == report["tcache"]["regions"], options
    return report
whole = run()
assert whole["ended_by"] == "exit"
last = None
for cycles in [0, 1, 30, 1000] + [whole["cycles"] * n // 16 for n in range(1, 16)] + [whole["cycles"] - 1]:
    report = run("--max-cycles", str(cycles))
    assert report["ended_by"] == "limit" and report["exit_status"] == 124
    assert cycles <= report["cycles"] <= cycles + 100, report["cycles"]
    now = [report["guest_instructions"], report["translation"][0]["regions"], report["counters"]["dispatches"],
           report["counters"]["enters"], report["tcache"]["bytes_used"]]
    assert last is None or all(a <= b for a, b in zip(last, now)), (last, now)
    assert abs(report["translation"][0]["regions"] - report["tcache"]["regions"]) <= 1 # nothing is evicted here
    assert cycles < whole["cycles"] // 4 or report["translation"][0]["regions"] > 0, cycles
    last = now
assert last[1] == whole["translation"][0]["regions"] and report["roi"]["cycles"] == whole["roi"]["cycles"]
# ISS and RTL are at the same place: what the hardware counts is the same.
def counted(engine, cycles):
    report = run("--engine", engine, "--max-cycles", str(cycles))
    names = "cycles cycles_guest bundles_guest insns_fw insns_guest commits_guest branch_misses jt_hits jt_misses rollbacks stalls"
    return {name: report["counters"][name] for name in names.split()}
for cycles in [0, 1, 2, 3, 100] + [whole["cycles"] * 3 // 4 + n for n in range(16)]:
    iss, rtl = counted("iss", cycles), counted("rtl", cycles)
    assert iss == rtl, (cycles, iss, rtl)
PY
check "reports of runs cut off anywhere" $?
cmp -s "$T/iss.tc" "$T/rtl.tc"; check "tcache of ISS and RTL is the same" $?
sed 's/"engine": "[a-z]*"//' "$T/iss.json" >"$T/a"; sed 's/"engine": "[a-z]*"//' "$T/rtl.json" >"$T/b"
cmp -s "$T/a" "$T/b"; check "report of ISS and RTL is the same, cycles included" $?
"$S" dis "$BUILD/firmware/selkirk.img" >"$T/dis" && grep -q "<interp_run_blocks>:" "$T/dis"; check "image disassembles" $?
"$S" run --engine rtl --trace "$T/w.fst" --max-cycles 3000 "$G" >/dev/null 2>&1 </dev/null; [ -s "$T/w.fst" ]; check "waves" $?
printf 'x' | "$S" run "$BUILD/prog/rv32im/sieve.elf" >/dev/null 2>&1; check "input that nobody reads" $?
echo "limits, reports, dumps: $failed wrong"
[ $failed -eq 0 ]
