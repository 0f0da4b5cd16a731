#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the firmware counts (translator/runtime/stats.def), against what can be known otherwise.

    stats.py BUILD

A guest that does not look at the time executes the same instructions, device accesses, traps and calls at every gear; its console
bytes are those that came out; every region that was made is live or gone. And every count but the SELDOM ones is above 0 somewhere.
"""
import json
import os
import subprocess
import sys

build = sys.argv[1]
GUESTS = {"plic": 0, "recheck": 0, "semihosting": 6, "mixed": 0, "idle": 0, "misaligned": 0}
WAYS = {"--gear 0": False, "--gear 1": False, "--eager": False, "--eager --tcache 4K": True, "--eager --chaos-rollback 9": False}
SAME = "device_reads device_writes console_bytes guest_traps irq_external irq_timer fence_i semihost_calls wfi".split()
EXITS = ("exit_direct exit_indirect exit_interrupt exit_stale fault_load_misaligned fault_load_access fault_store_misaligned "
         "fault_store_access fault_undo_full fault_code_write").split()
SELDOM = ("bail_fetch bail_space fault_undo_full tc_crowded tc_room_later tc_flushes smc_hits_several smc_blocked irq_software "
          "irq_xlate_later g1_thrown exit_rights rights_made rights_cycles rights_changes rights_regions").split()
wrong, seen = [], {}


def run(guest, status, way):
    report = os.path.join(build, "tests", "stats.json")
    done = subprocess.run([os.path.join(build, "selkirk"), "run", *way.split(), "--report-json", report,
                           os.path.join(build, "platform", guest + ".elf")], stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != status:
        sys.exit("stats: %s %s: status %d: %s" % (guest, way, done.returncode, done.stderr.decode()))
    return json.load(open(report))["counters"], len(done.stdout)


def check(guest, way, words, a, b):
    if a != b:
        wrong.append("%s %s: %s: %s, %s" % (guest, way, words, a, b))


def check_run(guest, way, c, n_bytes, may_be_full):
    def same(words, a, b):
        check(guest, way, words, a, b)
    same("console bytes counted, seen", c["console_bytes"], n_bytes)
    same("ways out, entries", sum(c[name] for name in EXITS), c["enters"])
    same("turns of the dispatcher, entries and stretches interpreted", c["dispatches"], c["enters"] + c["interp_runs"])
    gone = c["tc_evictions"] + c["tc_invalidations"]  # of the stopped ones those that were found out
    same("regions made; live or gone", min(max(c["g1_translations"], c["tc_regions_live"] + gone), c["tc_regions_live"] + gone + c["smc_dropped"]),
         c["g1_translations"])
    same("evictions without need", not may_be_full and c["tc_evictions"] != 0, False)
    same("bytes live, past the tcache", max(c["tc_bytes_live"], c["tc_bytes_all"]), c["tc_bytes_all"])
    same("more taken back than chained", c["unchains"] > c["chain_branches"] + c["chain_stubs"], False)
    same("late of the chained", c["chain_late"] > c["chain_branches"] + c["chain_stubs"], False)
    same("translations put off, where nothing has to go", not may_be_full and c["tc_room_later"] != 0, False)
    same("longest latency, above the sum", c["irq_latency_max"] > c["irq_latency_cycles"], False)
    same("parts of the time, above the whole",
         c["interp_cycles"] + c["g1_xlate_cycles"] + c["cycles_guest"] > c["cycles"], False)
    same("operations fit into the bundles", c["g1_xlate_ops"] > 4 * c["g1_xlate_bundles"], False)
    same("bundles of translations, without any", c["g1_translations"] == 0 and c["bundles_guest"] != 0, False)
    same("the undo log is walked without a rollback", c["undo_walks"] > c["rollbacks"], False)


for guest, status in GUESTS.items():
    first = None
    for way, may_be_full in WAYS.items():
        counters, n_bytes = run(guest, status, way)
        check_run(guest, way, counters, n_bytes, may_be_full)
        for name, value in counters.items():
            seen[name] = max(value, seen.get(name, 0))
        known = dict({name: counters[name] for name in SAME}, insns=counters["insns_fw"] + counters["insns_guest"])
        first = first or known
        for name, value in known.items():
            check(guest, way, name + " here, at gear 0", value, first[name])
for name, value in seen.items():
    check("all", "together", name + " above 0, seldom counted", value > 0, name not in SELDOM)
print("\n".join(wrong) if wrong else "statistics: %d guests, %d ways each, %d counts the same and the sums right" % (
    len(GUESTS), len(WAYS), len(SAME) + 1))
sys.exit(bool(wrong))
