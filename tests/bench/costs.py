#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What events cost: every case of cost_cases.txt as a loop in a guest of its own, in native cycles of a turn, at gear 0 and at
gear 1.

    costs.py                print the table
    costs.py --write        the ledger costs.txt, too (make costs)
    costs.py --compare      gear 1 also runs on the RTL, whose cycles must be the same
"""
import json
import os
import subprocess
import sys

from bench import BUILD, HERE, run_all

CASES = os.path.join(HERE, "cost_cases.txt")
LEDGER = os.path.join(HERE, "costs.txt")
WORK = os.path.join(BUILD, "costs")
GCC = ("riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib -nostartfiles -Wl,-Ttext=0x80000000 -Wl,--no-warn-rwx-segments "
       "-Wl,-N").split()
RUNS = {"gear 0": ("iss", "--gear", "0"), "gear 1": ("iss",), "gear 1, RTL": ("rtl",)}

FRAME = """
    .option norelax
    .option arch, +zicsr
    .option arch, +zifencei
    .globl _start
_start:
    la t0, handler
    csrw mtvec, t0
    la s0, data
    li s1, 0x10000000
    li s2, 0x02000000
%(setup)s
    li s10, 2
pass:
    li t0, 2
    beq s10, t0, 1f
    slti x0, x0, 0x51
1:  li s11, %(turns)s
    j turn
    .balign 512
turn:
%(body)s
    addi s11, s11, -1
    bnez s11, turn
    addi s10, s10, -1
    bnez s10, pass
    slti x0, x0, 0x52
    li t0, 0x00100000
    li t1, 0x5555
    sw t1, 0(t0)
    .balign 512
handler:
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mret
    .balign 512
data: .space 512
patched:
    addi a0, a0, 1
    ret
    .balign 512
sites:
    .rept 512
    sw s11, 0(s0)
    lbu a0, 5(s3)
    add a1, a1, a0
    ret
    .endr
"""

HEAD = """\
What events cost, in native cycles: the mean over the turns of a loop in steady state, less a turn of the loop without the event.
The event's own guest instructions are in it (at gear 0 about 25 cycles each). Written by `make costs`; cases: cost_cases.txt.
"""


class Case:
    def __init__(self, head, text):
        self.name, self.base, self.turns, self.what = [field.strip() for field in head.split("|")]
        self.setup, self.body = text.split("--\n", 1)


def read_cases():
    with open(CASES) as f:
        text = "".join(line for line in f if not line.startswith("#"))
    found = [Case(*part.split("\n", 1)) for part in text.split("== ")[1:]]
    return {case.name: case for case in found}


def build(case):
    """The path of the case's ELF file."""
    path = os.path.join(WORK, case.name)
    with open(path + ".S", "w") as f:
        f.write(FRAME % vars(case))
    subprocess.run([*GCC, path + ".S", "-o", path + ".elf"], check=True)
    return path + ".elf"


def cycles_of_a_turn(elf, turns, engine, *options):
    report = "%s.%s%s.json" % (elf, engine, "".join(options))
    command = [os.path.join(BUILD, "selkirk"), "run", "--engine", engine, "--report-json", report, *options, elf]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=3600)
    if done.returncode != 0:
        sys.exit("costs: %s\ncosts: exit status %d\n%s" % (" ".join(command), done.returncode, done.stderr.decode()))
    with open(report) as f:
        return json.load(f)["roi"]["cycles"] / turns


def measure(cases, labels):
    """{(case, label): cycles of a turn}"""
    elfs = {case.name: build(case) for case in cases.values()}
    return run_all({(case.name, label): (elfs[case.name], int(case.turns), *RUNS[label]) for case in cases.values() for label in labels},
                   cycles_of_a_turn)


def table(cases, turn):
    lines = HEAD.splitlines() + ["", "%-18s %10s %10s   %s" % ("case", "gear 0", "gear 1", "what it is")]
    for case in cases.values():
        if case.base != "-":
            costs = [turn[case.name, gear] - turn[case.base, gear] for gear in ("gear 0", "gear 1")]
            lines.append("%-18s %10.1f %10.1f   %s" % (case.name, *costs, case.what))
    return lines


def main():
    os.makedirs(WORK, exist_ok=True)
    cases = read_cases()
    must_compare = "--compare" in sys.argv[1:]
    turn = measure(cases, list(RUNS) if must_compare else ["gear 0", "gear 1"])
    lines = table(cases, turn)
    print("\n".join(lines))
    if "--write" in sys.argv[1:]:
        with open(LEDGER, "w") as f:
            f.write("\n".join(lines) + "\n")
    if must_compare:
        different = [name for name in cases if turn[name, "gear 1"] != turn[name, "gear 1, RTL"]]
        print("costs: %d cases, %s" % (len(cases), "RTL and ISS differ in " + ", ".join(different) if different else
                                       "RTL and ISS agree to the cycle"))
        sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
