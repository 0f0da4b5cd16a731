#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bench: every guest program on `selkirk run --report-json`, and a ledger of what came out.

    bench.py [--engine iss|rtl] [--write]     measure; --write: results.txt and docs/bench.svg
    bench.py --compare                        every counter of RTL and ISS must be the same
    bench.py --beside NAME=FOLDER             the region of interest beside that of another configuration,
                                              built in FOLDER; writes NAME.txt

All figures are native cycles, so they do not depend on the workstation and two runs agree to the last
digit. Gear 0 and the ablations always run on the ISS, whose cycle counts are those of the RTL (--compare
shows it) and which is a hundred times as fast. `make bench` and `make bench-compare` call this.
"""
import argparse
import concurrent.futures
import json
import math
import os
import subprocess
import sys
import tempfile

import chart

BUILD = os.environ.get("BUILD", "build")
ARCHS = ("rv32i", "rv32im")
HERE = os.path.dirname(os.path.abspath(__file__))
LEDGER = os.path.join(HERE, "results.txt")
PICTURE = "docs/bench.svg"
ABLATIONS = (("no chaining", "--no-chain"), ("no branch learning", "--no-learn"), ("no late homes", "--no-late"), ("no folding", "--no-fold"),
             ("no packing", "--no-pack"), ("no jump-target table", "--no-jtl"))


def programs():
    """(arch, name) of every guest program that is built."""
    found = []
    for arch in ARCHS:
        folder = os.path.join(BUILD, "prog", arch)
        names = os.listdir(folder) if os.path.isdir(folder) else []
        found += [(arch, name[:-4]) for name in sorted(names) if name.endswith(".elf")]
    if not found:
        sys.exit("bench: no guest programs in %s/prog: make guests" % BUILD)
    return found


def wanted_status(name):
    """The guest's exit status from the last line of tests/prog/NAME.expect, None without that file."""
    path = "tests/prog/%s.expect" % name
    if not os.path.exists(path):
        return None
    with open(path, "rb") as f:
        return int(f.read().split()[-1].rstrip(b"]"))


def run(program, engine, *options, build=BUILD):
    """The report of one run."""
    arch, name = program
    elf = os.path.join(BUILD, "prog", arch, name + ".elf")
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "report.json")
        command = [os.path.join(build, "selkirk"), "run", "--engine", engine, "--report-json", path, *options, elf]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
        status = wanted_status(name)
        if not os.path.exists(path) or (status is not None and done.returncode != status):
            sys.exit("bench: %s\nbench: exit status %d, expected %s\n%s" % (
                " ".join(command), done.returncode, status, done.stderr.decode(errors="replace")[-2000:]))
        with open(path) as f:
            return json.load(f)


def run_all(jobs, function=run):
    """{key: result} of {key: arguments of the function}, two at a time."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=int(os.environ.get("JOBS", "2"))) as pool:
        futures = {key: pool.submit(function, *arguments) for key, arguments in jobs.items()}
        return {key: future.result() for key, future in futures.items()}


def ratio(a, b):
    return a / b if b else float("nan")


def geomean(values):
    values = [v for v in values if v is not None and v > 0]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def roi_ipc(report):
    """Guest instructions per cycle in the region of interest, None if the program marks none."""
    return report["roi"]["guest_ipc"] if "roi" in report else None


def gear(report, n):
    return next(g for g in report["gears"] if g["gear"] == n)


# heading, width and decimals of a ledger column, its value from the gear 1 and the gear 0 report, and has it a geomean
COLUMNS = (
    ("guest insns", 11, 0, lambda r, z: r["guest_instructions"], False),
    ("gear1 %", 8, 2, lambda r, z: 100 * ratio(gear(r, 1)["guest_instructions"], r["guest_instructions"]), False),
    ("IPC", 6, 3, lambda r, z: r["guest_ipc"], True),
    ("ROI IPC", 8, 3, lambda r, z: roi_ipc(r), True),
    ("in transl %", 12, 1, lambda r, z: 100 * ratio(gear(r["roi"], 1)["cycles"], r["roi"]["cycles"]) if "roi" in r else None,
     False),
    ("IPC there", 10, 3, lambda r, z: ratio(gear(r["roi"], 1)["guest_instructions"], gear(r["roi"], 1)["cycles"])
     if "roi" in r else None, True),
    ("bundles/insn", 13, 3, lambda r, z: ratio(r["counters"]["bundles_guest"], r["counters"]["insns_guest"]), True),
    ("interp c/insn", 14, 1, lambda r, z: ratio(gear(z, 0)["cycles"], gear(z, 0)["guest_instructions"]), True),
    ("xlate c/insn", 13, 0, lambda r, z: ratio(r["translation"][0]["cycles"],
                                                r["translation"][0]["guest_instructions"]), True),
    ("gear0/gear1", 12, 1, lambda r, z: ratio(z["cycles"], r["cycles"]), True),
    ("same in ROI", 12, 1, lambda r, z: ratio(z["roi"]["cycles"], r["roi"]["cycles"]) if "roi" in r else None, True),
)

HEAD = """\
Ledger of the bench: guest programs (tests/prog) on Selkirk. Written by `make bench`; native cycles only, no wall-clock time.
  guest insns    executed, whole run              gear1 %        share of them executed in translations
  IPC            guest instructions per cycle, whole run: boot, loading, interpreting and translating included
  ROI IPC        the same in the region of interest, where what is hot is translated: the steady state
  in transl %    share of the region of interest's cycles that went to translations, not to the firmware
  IPC there      guest instructions per cycle inside these translations
  bundles/insn   bundles executed per guest instruction inside translations
  interp c/insn  cycles of the interpreter per guest instruction (run with --gear 0)
  xlate c/insn   cycles of gear 1 per guest instruction translated, installing included
  gear0/gear1    cycles of a run with --gear 0 over those of a run with gear 1; then the same in the region of interest
"""


def cell(value, width, decimals):
    return "-".rjust(width) if value is None or value != value else "%*.*f" % (width, decimals, value)


def rows(reports, measured):
    """The table, its geomeans over all programs and per architecture."""
    out = ["%-18s" % "program" + "".join(h.rjust(w) for h, w, _, _, _ in COLUMNS)]
    values = {}
    for p in measured:
        values[p] = [f(reports[p, "gear 1"], reports[p, "gear 0"]) for _, _, _, f, _ in COLUMNS]
        out.append("%-18s" % "/".join(p) + "".join(cell(v, c[1], c[2]) for v, c in zip(values[p], COLUMNS)))
    for label, archs in (("geomean rv32i", ARCHS[:1]), ("geomean rv32im", ARCHS[1:]), ("geomean", ARCHS)):
        out.append("%-18s" % label + "".join(
            cell(geomean([values[p][i] for p in measured if p[0] in archs]) if c[4] else None, c[1], c[2])
            for i, c in enumerate(COLUMNS)))
    return out


def ablation_rows(reports, measured):
    marked = [p for p in measured if roi_ipc(reports[p, "gear 1"]) is not None]
    base = geomean([roi_ipc(reports[p, "gear 1"]) for p in marked])
    out = ["%-24s %8s %9s   %s" % ("switched off", "ROI IPC", "change", "worst program"),
           "%-24s %8.3f" % ("nothing", base)]
    for label, _ in ABLATIONS:
        change = {p: ratio(roi_ipc(reports[p, label]), roi_ipc(reports[p, "gear 1"])) - 1 for p in marked}
        worst = min(change, key=change.get)
        mean = geomean([roi_ipc(reports[p, label]) for p in marked])
        out.append("%-24s %8.3f %+8.1f%%   %s %+.1f%%" % (label, mean, 100 * (mean / base - 1), "/".join(worst),
                                                        100 * change[worst]))
    return out


def measure(engine):
    measured = programs()
    jobs = {}
    for p in measured:
        jobs[p, "gear 1"] = (p, engine)
        jobs[p, "gear 0"] = (p, "iss", "--gear", "0")
        for label, option in ABLATIONS:
            jobs[p, label] = (p, "iss", option)
    reports = run_all(jobs)
    lines = HEAD.splitlines() + ["Gear 1 ran on the %s; gear 0 and the ablations on the ISS." % engine.upper(), ""]
    lines += rows(reports, measured) + ["", "Ablations (geomean over the programs that mark a region of interest)", ""]
    lines += ablation_rows(reports, measured)
    return lines, {p: roi_ipc(reports[p, "gear 1"]) for p in measured}


def figures(report):
    """{path: number} of everything in a report that both engines must agree on."""
    flat = {}

    def walk(path, node):
        if isinstance(node, dict):
            for key, value in node.items():
                walk(path + "." + key, value)
        elif isinstance(node, list):
            for i, value in enumerate(node):
                walk("%s[%d]" % (path, i), value)
        else:
            flat[path.lstrip(".")] = node

    walk("", {key: value for key, value in report.items() if key != "engine"})
    return flat


def compare():
    measured = programs()
    reports = run_all({(p, engine): (p, engine) for p in measured for engine in ("iss", "rtl")})
    wrong = 0
    for p in measured:
        iss, rtl = figures(reports[p, "iss"]), figures(reports[p, "rtl"])
        different = [key for key in iss if iss[key] != rtl.get(key)]
        wrong += bool(different)
        for key in different[:5]:
            print("bench: %s: %s is %s on the ISS and %s on the RTL" % ("/".join(p), key, iss[key], rtl.get(key)))
    cycles = sum(reports[p, "rtl"]["cycles"] for p in measured)
    print("bench: %d programs, %d cycles on the RTL: every figure of %s is the ISS's" % (
        len(measured), cycles, "all" if wrong == 0 else "all but %d" % wrong))
    return wrong


def beside(name, folder):
    """Both configurations run the same ELF files, on the ISS."""
    measured = programs()
    reports = run_all({p: (p,) for p in measured},
                      lambda p: [roi_ipc(run(p, "iss", build=build)) for build in (BUILD, folder)])
    marked = [p for p in measured if None not in reports[p]]
    lines = ["Guest instructions per cycle in the region of interest (ISS), configuration wide beside %s. Written by `make bench-%s`." % (name, name),
             "", "%-18s%8s%8s%8s" % ("program", "wide", name, "ratio")]
    means = [geomean([reports[p][i] for p in marked]) for i in (0, 1)]
    for label, (wide, other) in [("/".join(p), reports[p]) for p in marked] + [("geomean", means)]:
        lines.append("%-18s%8.3f%8.3f%8.3f" % (label, wide, other, ratio(other, wide)))
    print("\n".join(lines))
    with open(os.path.join(HERE, name + ".txt"), "w") as f:
        f.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description="measure the guest programs")
    parser.add_argument("--engine", choices=("iss", "rtl"), default="rtl", help="of the gear 1 runs")
    parser.add_argument("--write", action="store_true", help="write the ledger and the chart")
    parser.add_argument("--compare", action="store_true", help="check that RTL and ISS count alike")
    parser.add_argument("--beside", metavar="NAME=FOLDER", help="beside another configuration, built in FOLDER")
    options = parser.parse_args()
    if options.beside:
        beside(*options.beside.split("=", 1))
        return
    if options.compare:
        sys.exit(1 if compare() else 0)
    lines, ipc = measure(options.engine)
    print("\n".join(lines))
    if options.write:
        with open(LEDGER, "w") as f:
            f.write("\n".join(lines) + "\n")
        with open(PICTURE, "w") as f:
            f.write(chart.bars(ipc, geomean(list(ipc.values()))))


if __name__ == "__main__":
    main()
