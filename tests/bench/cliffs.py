#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cliffs: guests of unhandy shapes (tests/bench/cliffs), the cycles that an instruction takes them in the steady state on the
ISS, and the most it may be. What is not a number is a multiple of another row.

    cliffs.py [NAME...]     measure, all or some rows; status 1 if a limit is exceeded
    cliffs.py --write       the ledger cliffs.txt, too (make cliffs)
"""
import json
import os
import re
import subprocess
import sys

from bench import BUILD, HERE, run_all

LEDGER = os.path.join(HERE, "cliffs.txt")
WORK = os.path.join(BUILD, "cliffs")
GCC = ("riscv64-unknown-elf-gcc -march=rv32imac_zicsr_zifencei -mabi=ilp32 -O2 -std=gnu11 -ffreestanding -nostdlib -I. "
       "-Wl,--no-warn-rwx-segments -T tests/prog/guest.ld tests/prog/start.S").split()


def region_records():
    with open("firmware/tcache/tcache.h") as f:
        return int(re.search(r"TC_MAX_REGIONS = (\d+)", f.read()).group(1))


RECORDS = region_records()


def blocks(n, adds, **more):
    return ("blocks", dict(BLOCKS=n, ADDS=adds, **more))


def calls(places, functions):
    return ("calls", dict(PLACES=places, FUNCTIONS=functions))


# name, what it is, guest and its -D options, limit: a number, or (factor, name of another row), or None
ROWS = [
    ("dense-60", "60 blocks in a granule", blocks(60, 1, SHORT=1), 4),
    ("dense-64", "64 blocks in a granule", blocks(64, 1, SHORT=1), 4),
    ("dense-100", "100 blocks in a granule", blocks(100, 1, SHORT=1), 4),
    ("dense-128", "128 blocks in a granule", blocks(128, 1, SHORT=1), 4),
    ("dense-256", "256 blocks of one jump in a granule", blocks(256, 0, SHORT=1), 4),
    ("alias-256K", "two pieces of 40 blocks, 256 KiB apart", blocks(40, 5, SHORT=1, PIECES=2, APART=0x40000), 4),
    ("alias-512K", "the same, 512 KiB apart", blocks(40, 5, SHORT=1, PIECES=2, APART=0x80000), 4),
    ("alias-16K", "120 pieces of 30 blocks, 16 KiB and a block apart", blocks(30, 5, SHORT=1, PIECES=120, APART=0x400c), 4),
    ("calls-60", "a function called from 60 places", calls(60, 1), 10),
    ("calls-65", "... from 65", calls(65, 1), 10),
    ("calls-100", "... from 100", calls(100, 1), 10),
    ("calls-200", "... from 200", calls(200, 1), 10),
    ("calls-600-10", "ten functions called from 600 places", calls(600, 10), None),
    ("calls-600", "a function called from 600 places", calls(600, 1), (1.3, "calls-600-10")),
    ("set-0.75", "loop over 0.75 x as many blocks as region records", blocks(RECORDS * 3 // 4, 8), 6),
    ("set-1.2", "... 1.2 x", blocks(RECORDS * 6 // 5, 8), 12),
    ("set-2", "... 2 x", blocks(RECORDS * 2, 8), 40),
    ("sites-300", "300 loads from a device in a row, two additions between", ("sites", dict(SITES=300)), None),
    ("sites-390", "... 390", ("sites", dict(SITES=390)), (1.1, "sites-300")),
    ("sites-2000", "... 2,000, more than the decode cache has lines", ("sites", dict(SITES=2000)), (1.15, "sites-300")),
    ("pair", "two targets in one entry of the jump-target table", ("pair", dict(STEP=0x20000)), 42),
    ("pair-apart", "two targets in two entries", ("pair", dict(STEP=0x20004)), 4),
]
PMP = [
    (1, "loop in U mode, all of it by TOR", 4),
    (2, "... by NAPOT of another size", 4),
    (3, "... code RX, data RW", 4),
    (4, "loop in M mode, a locked entry elsewhere", 4),
    (5, "loop in U mode, two tasks by turns, data in three windows after a while", 4),
    (6, "... as 4 under MPRV, a guard entry and all", 4),
    (7, "... and the code locked", 4),
    (8, "loop in U mode, data in three windows", 4),
    (9, "... as 3, a system call every 400 instructions", None),
]
ROWS += [("pmp-%d%s" % (kind, "m" * mem), text + ("; a load and a store a turn" if mem else ""),
          ("pmp", dict(KIND=kind, MEM=mem)), limit) for kind, text, limit in PMP for mem in (0, 1)]

HEAD = """\
Ledger of the cliffs: guests of unhandy shapes (tests/bench/cliffs). Written by `make cliffs`; native cycles a guest instruction
in the steady state, ISS, %d region records. The run fails if a limit is exceeded; "x row" is a multiple of that row's figure.

""" % RECORDS


def run(name, guest, defines):
    """The report of one guest."""
    elf, path = os.path.join(WORK, name + ".elf"), os.path.join(WORK, name + ".json")
    subprocess.run(GCC + ["-D%s=%d" % d for d in defines.items()] + ["tests/bench/cliffs/%s.c" % guest, "-o", elf], check=True)
    command = [os.path.join(BUILD, "selkirk"), "run", "--report-json", path, elf]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        sys.exit("cliffs: %s: status %d\n%s" % (" ".join(command), done.returncode, done.stderr.decode(errors="replace")))
    with open(path) as f:
        return json.load(f)


def with_bases(names):
    """The rows of these names and those that their limits are multiples of."""
    wanted = set(names) | {limit[1] for name, _, _, limit in ROWS if name in names and isinstance(limit, tuple)}
    unknown = wanted - {row[0] for row in ROWS}
    if unknown:
        sys.exit("cliffs: no row %s" % " ".join(sorted(unknown)))
    return [row for row in ROWS if not names or row[0] in wanted]


def measure(rows):
    """Lines of the table, names of the rows over their limits."""
    os.makedirs(WORK, exist_ok=True)
    reports = run_all({name: (name,) + what for name, _, what, _ in rows}, run)
    figure = {name: r["roi"]["cycles"] / r["roi"]["guest_instructions"] for name, r in reports.items()}
    lines, over = ["%-14s %8s  %-22s %s" % ("row", "cycles", "at most", "pattern")], []
    for name, text, _, limit in rows:
        most, word = limit, "-"
        if isinstance(limit, tuple):
            most = limit[0] * figure[limit[1]]
            word = "%.2f (%g x %s)" % (most, limit[0], limit[1])
        elif limit is not None:
            word = "%g" % limit
        lines.append("%-14s %8.2f  %-22s %s" % (name, figure[name], word, text))
        if most is not None and figure[name] > most:
            over.append(name)
    return lines, over


def main():
    names = [a for a in sys.argv[1:] if a != "--write"]
    rows = with_bases(names)
    lines, over = measure(rows)
    print("\n".join(lines))
    if "--write" in sys.argv[1:]:
        with open(LEDGER, "w") as f:
            f.write(HEAD + "\n".join(lines) + "\n")
    print("cliffs: %d rows, over the limit: %s" % (len(rows), " ".join(over) or "none"))
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
