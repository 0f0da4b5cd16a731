# SPDX-License-Identifier: MIT
"""Which lines of the C sources the fast tests execute: a build of its own with gcc's --coverage, and the tests of COVERED on it.

The firmware's sources count as the workstation runs them (tests/hosted); what only the firmware itself has (main.c, panic.c, libc.c)
is not seen. The RTL model is not counted: there every line of logic is executed in each cycle.
"""
import gzip
import json
import os
import subprocess

COVERED = """gen-roundtrip hosted-tcache hosted-profile hosted-runtime hosted-cases ir-text guest-programs iss-directed iss-image
    cli-bad-input cli-limits rand-iss console-input isolation uart16550 recheck""".split()
BUILT = ["build-all"] + ["%s/tests/" + name for name in """gen/roundtrip hosted/hosted_run hosted/tcache_test hosted/profile_test ir/ir_text
    unit/xlate_random guest/guest_run guest/decode_test guest/value_test guest/ext_test guest/elf_test native/iss_test native/image_test
    native/rand_test""".split()] + ["%s/platform/" + name + ".elf" for name in "echo isolation uart16550 recheck".split()]
COMMANDS = ("tests/unit/xlate_random 1 3000", "tests/guest/decode_test 20000 1", "tests/guest/value_test", "tests/guest/ext_test",
            "tests/guest/elf_test prog/rv32im/sieve.elf prog/rv32i/htif.elf", "tests/native/rand_test 1 100",
            "selkirk run --gear 1 prog/rv32imac/rtos.elf", "selkirk lockstep prog/rv32imac/priv.elf",
            "selkirk lockstep --eager --tcache 4K --chaos-irq 700 --chaos-rollback 25 prog/rv32imac/rtos.elf")


def measure(tree, build, env):
    """{file: [numbers of the executed lines]}, from the tree's sources."""
    env = dict(env, BUILD=build)
    arguments = ["CC=gcc --coverage", "CFLAGS=-O1 -g", "RTL_ENGINE_LIBS=-lz -llz4 -lpthread -lgcov", "BUILD=" + build,
                 "RTL_ENGINE=build/rtl/engine.a", "-o", "build/rtl/engine.a"]  # the RTL model as it is
    with open(os.path.join(tree, "build", "coverage.log"), "w") as log:
        def call(*command):
            return subprocess.run(command, cwd=tree, env=env, stdout=log, stderr=log).returncode
        if call("make", "-j2", "--no-print-directory", *arguments, *[t % build if "%" in t else t for t in BUILT]):
            raise SystemExit("mutate: the build for coverage fails: %s/build/coverage.log" % tree)
        for command in COMMANDS:
            program, *words = command.split()
            call(os.path.join(build, program), *[os.path.join(build, w) if w.endswith(".elf") else w for w in words])
        for name in COVERED:
            call("tests/run", name)
    return collect(tree, build)


def collect(tree, build):
    covered = {}
    for folder, _, files in os.walk(os.path.join(tree, build)):
        for name in files:
            if name.endswith(".gcda"):
                add(covered, tree, folder, name)
    return {path: sorted(lines) for path, lines in covered.items()}


def add(covered, tree, folder, name):
    done = subprocess.run(["gcov", "-j", "-t", name], cwd=folder, capture_output=True)
    out = gzip.decompress(done.stdout) if done.stdout[:2] == b"\x1f\x8b" else done.stdout
    for part in out.decode().splitlines():
        if not part.startswith("{"):
            continue
        for source in json.loads(part)["files"]:
            path = os.path.relpath(os.path.join(tree, source["file"]), tree)
            if not path.startswith(".."):
                covered.setdefault(path, set()).update(line["line_number"] for line in source["lines"] if line["count"])
