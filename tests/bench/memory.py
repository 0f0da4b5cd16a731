#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What memory costs: guest programs on the ISS with memory configurations, against `ideal`.

    memory.py [--few] [FIELDS...]   measure ulx3s with other fields, each FIELDS such as icache=16K,prefetch=1 (default: the other
                                    boards, and ROWS);
                                    --few: of tests/prog only some
    memory.py --write               the ledger memory.txt, too (make memory)

Everything is a ratio of cycles, so it does not depend on the workstation, nor on the clocks of the configurations.
"""
import json
import os
import subprocess
import sys

from bench import BUILD, HERE, geomean, ratio, roi_ipc, run_all

LEDGER = os.path.join(HERE, "memory.txt")
WORK = os.path.join(BUILD, "memory")
GCC = ("riscv64-unknown-elf-gcc -march=rv32imac_zicsr_zifencei -mabi=ilp32 -O2 -std=gnu11 -ffreestanding -nostdlib -I. "
       "-Wl,--no-warn-rwx-segments -T tests/prog/guest.ld tests/prog/start.S tests/bench/memory/big.c -lgcc").split()
BIG = ("SORT", "LZ", "PROBE")
ENDLESS = ("rtos",)  # on the slowest rows its handler takes as long as its timer gives it, and it never ends
FEW = ("sort", "lz", "matrix", "dhry", "vm", "words", "format", "sha256")
PLAIN = "code_second=0,store_ahead=0,store_words=1"
LARGE = "dcache_waits=0,dcache=32K,dcache_ways=2"
BOARDS = ["icesugar"]
ROWS = (
    # what D15 asked: where the firmware is, and the size of the I$, without anything else
    [f"{PLAIN},firmware={store},icache={kib}K" for store in (0, 1, 2) for kib in (8, 16, 32)] +
    # one thing other than in ulx3s
    ["icache=16K", "icache=32K", "firmware=0", "firmware=1", "code_second=0", "code_second=16K", "code_second=64K"] +
    [f"store_ahead={n}" for n in (0, 1, 3, 15)] + ["store_words=1", "store_first=2", "chip_word=1"] +
    # and what a better D$ brings
    ["dcache=32K"] + [f"dcache_waits=0,dcache={kib}K,dcache_ways={ways}" for kib in (16, 32) for ways in (1, 2)] +
    [f"{LARGE},icache=16K", f"{LARGE},icache=32K"])

HEAD = """\
What memory costs: guest programs on the ISS with --memory ulx3s, other boards, and other fields of ulx3s (docs/machine.md), as shares of the speed
that the same program has with --memory ideal, in cycles. Written by `make memory`.
  steady    region of interest of the programs of tests/prog (rv32im), geomean; then the worst of them
  whole     the whole run, boot, loading, interpreting and translating included, geomean; then the worst
  sort, LZ, probe   region of interest of tests/bench/memory/big.c: 64 K words, a window of 256 KiB, random words of 2 MiB
  code, data        cycles lost to I$ and D$, share of the whole runs' cycles, mean
"""


def build(name):
    path = os.path.join(WORK, name + ".elf")
    subprocess.run([*GCC, "-D" + name, "-o", path], check=True)
    return path


def measure(elf, memory):
    path = os.path.join(WORK, "%s.%s.json" % (os.path.basename(elf), memory))
    command = [os.path.join(BUILD, "selkirk"), "run", "--memory", memory, "--report-json", path, elf]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=1800)
    if not os.path.exists(path):
        sys.exit("memory: %s\nmemory: exit status %d\n%s" % (" ".join(command), done.returncode, done.stderr.decode()))
    with open(path) as f:
        report = json.load(f)
    os.remove(path)
    return report


def cells(elfs, reports, memory):
    """The row's figures."""
    def share(elf, part):
        return ratio(part(reports[elf, "ideal"]), part(reports[elf, memory]))

    progs = [elf for elf in elfs if elf not in big_elfs()]
    marked = [elf for elf in progs if roi_ipc(reports[elf, "ideal"]) is not None]
    steady = [share(elf, lambda r: r["roi"]["cycles"]) for elf in marked]
    whole = [share(elf, lambda r: r["cycles"]) for elf in progs]
    lost = {cache: sum(reports[elf, memory]["memory_system"][cache + "_cycles"] / reports[elf, memory]["cycles"] for elf in progs) / len(progs)
            for cache in ("icache", "dcache")}
    big = [share(elf, lambda r: r["roi"]["cycles"]) for elf in big_elfs()]
    return [geomean(steady), min(steady), geomean(whole), min(whole), *big, lost["icache"], lost["dcache"]]


def big_elfs():
    return [os.path.join(WORK, name + ".elf") for name in BIG]


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    os.makedirs(WORK, exist_ok=True)
    folder = os.path.join(BUILD, "prog", "rv32im")
    names = FEW if "--few" in sys.argv else sorted(n[:-4] for n in os.listdir(folder) if n.endswith(".elf") and n[:-4] not in ENDLESS)
    elfs = [os.path.join(folder, name + ".elf") for name in names] + [build(name) for name in BIG]
    memories = ["ulx3s"] + ([] if arguments else BOARDS) + ["ulx3s," + fields for fields in arguments or ROWS]
    reports = run_all({(elf, memory): (elf, memory) for memory in ["ideal", *memories] for elf in elfs}, measure)
    columns = ("steady", "worst", "whole", "worst", "sort", "LZ", "probe", "code", "data")
    width = max(map(len, memories))
    lines = HEAD.splitlines() + ["", "memory".ljust(width) + "".join("%8s" % c for c in columns)]
    lines += [memory.ljust(width) + "".join("%8.3f" % v for v in cells(elfs, reports, memory)) for memory in memories]
    print("\n".join(lines))
    if "--write" in sys.argv:
        with open(LEDGER, "w") as f:
            f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
