#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants mutants and looks whether the fast tests notice.

    mutate.py [--count 60] [--seed 1] [--first 1] [--only 3,17] [--part K/N] [--folders rtl,translator,firmware,sim] [--list]

Mutant I of a seed depends on nothing but the seed, I and the sources: a folder, a line in it that the fast tests execute (coverage.py; for RTL any
line of logic), one of the operators that fit (operators.py). It is planted in a copy of the tree, in $BUILD/mutate; what the nearest tests
need is built, they run, then all is built and the other fast tests run (nearest.txt), until one fails. That test must pass without the mutant.
What does not compile, does not pass lint, or compiles to the same code is no mutant: another one is drawn.

Each mutant's line goes to $BUILD/mutate/results-SEED.txt; survivors are printed with their difference. --list draws and prints, no more.
--part K/N: the mutants whose numbers are K modulo N, in a copy of their own, so that N of us can work beside each other.
"""
import argparse
import difflib
import fcntl
import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import coverage  # noqa: E402
import operators  # noqa: E402

BUILD = os.environ.get("BUILD", "build")
WORK = os.path.join(os.path.abspath(BUILD), "mutate")
TREE = os.path.join(WORK, "tree")  # main appends the part's number
FOLDERS = ("rtl", "translator", "firmware", "sim")
# the random programs' generators are tests, and nothing else of these two runs on this machine
NOT_MUTATED = ("sim/rand*", "sim/iss/train.c", "sim/rtl/top.sv", "rtl/trace.sv")
LIMITS = {"HANG_SECONDS": "200", "TEST_SECONDS": "1200", "JOBS": "1"}
COMPILER = ("gcc -std=c11 -O2 -Wall -Wextra -Wshadow -Wconversion -Wundef -Wmissing-prototypes -Wstrict-prototypes -Werror "
            "-D_POSIX_C_SOURCE=200809L -I. -Ibuild/gen -Irtl/machine -c -o").split()
HOSTED = "-Itests/hosted/include -Itests/hosted/include/firmware -DSELKIRK_FIRMWARE".split()


def run(command):
    return subprocess.run(command, cwd=TREE, env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")


def environment():
    env = dict(os.environ, BUILD="build", **LIMITS)
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
        env.pop(name, None)
    for name in ("VENV", "VERILATOR", "YOSYS"):
        value = env.get(name, "")
        if "/" in value:
            env[name] = os.path.abspath(value)
    env.setdefault("VENV", os.path.abspath(os.path.join(BUILD, "venv")))
    return env


ENV = environment()


def make(*targets):
    return run(["make", "-s", "-j2", "--no-print-directory", *targets])


def refresh_tree():
    """The copy holds what the tree holds, and is built."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True)
    files = [f for f in listed.stdout.splitlines() if os.path.isfile(f)]
    os.makedirs(TREE, exist_ok=True)
    for path in files:
        target = os.path.join(TREE, path)
        if not os.path.exists(target) or open(path, "rb").read() != open(target, "rb").read():
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(path, target)
    if not os.path.isdir(os.path.join(TREE, ".git")):
        run(["git", "init", "-q"])
    run(["git", "add", "-A"])
    gone = set(run(["git", "ls-files"]).stdout.splitlines()) - set(files)
    for path in gone:
        os.remove(os.path.join(TREE, path))
    os.makedirs(os.path.join(TREE, "build", "setup"), exist_ok=True)
    for stamp in os.listdir(os.path.join(BUILD, "setup")):  # nothing is to be installed there
        shutil.copy(os.path.join(BUILD, "setup", stamp), os.path.join(TREE, "build", "setup", stamp))
    done = make("test-deps", "docs")  # pages that are behind would notice every mutant
    if done.returncode != 0:
        sys.exit("mutate: the copy of the tree does not build:\n" + done.stderr[-2000:])
    make_same(os.path.join(TREE, "build"), TREE + ".build")


def make_same(source, target):
    """The target folder becomes what the source is, times of change included: nothing has to be built again."""
    for folder, folders, files in os.walk(source):
        there = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(there, exist_ok=True)
        for name in set(os.listdir(there)) - set(files) - set(folders):
            path = os.path.join(there, name)
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
        for name in files:
            old, new = os.path.join(folder, name), os.path.join(there, name)
            have, want = os.path.lexists(new) and os.lstat(new), os.lstat(old)
            if not have or (have.st_mtime_ns, have.st_size) != (want.st_mtime_ns, want.st_size):
                if have:
                    os.remove(new)
                shutil.copy2(old, new, follow_symlinks=False)


def covered_lines():
    """{file: lines} that may be mutated."""
    cache = os.path.join(WORK, "coverage.json")
    state = run(["git", "ls-files", "-s", *FOLDERS]).stdout
    with open(os.path.join(WORK, "coverage.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of parts that start together one measures
        if os.path.exists(cache):
            saved = json.load(open(cache))
            if saved["state"] == state:
                return saved["lines"]
        lines = coverage.measure(TREE, "build/coverage", ENV)
        json.dump({"state": state, "lines": lines}, open(cache, "w"))
    return lines


def lines_of(folders):
    """{folder: [(file, line)]}"""
    chosen = {folder: [] for folder in folders}
    executed = covered_lines()
    for path in sorted(run(["git", "ls-files", *folders]).stdout.splitlines()):
        if any(fnmatch.fnmatch(path, pattern) for pattern in NOT_MUTATED):
            continue
        folder = path.split("/")[0]
        if path.endswith(".sv"):
            source = operators.Source(os.path.join(TREE, path))
            chosen[folder] += [(path, n) for n in range(1, len(source.lines) + 1) if source.is_code(n)]
        elif path.endswith((".c", ".h")):
            chosen[folder] += [(path, n) for n in executed.get(path, [])]
    return {folder: lines for folder, lines in chosen.items() if lines}


def compiled(path):
    """The object of a C file, without debug information; None if it does not compile, or not without a warning."""
    made = TREE + ".o"
    flags = HOSTED if path.startswith(("translator/", "firmware/")) else []
    if run([*COMPILER, made, *flags, path]).returncode != 0:
        return None
    run(["strip", "-g", made])
    return open(made, "rb").read()


def users(path):
    """The C files that a change of this one changes: those that include it, by way of others or not."""
    if path.endswith(".c"):
        return [path]
    files = [f for f in run(["git", "ls-files", *FOLDERS]).stdout.splitlines() if f.endswith((".c", ".h"))]
    texts = {f: open(os.path.join(TREE, f)).read() for f in files}
    found, new = set(), {path}
    while new:
        names = ["/" + os.path.basename(f) + '"' for f in new] + ['"' + os.path.basename(f) + '"' for f in new]
        found |= new
        new = {f for f, text in texts.items() if any(name in text for name in names)} - found
    return sorted(f for f in found if f.endswith(".c"))


class Mutant:
    def __init__(self, path, number, operator, what, line):
        self.path, self.number, self.operator, self.what, self.line = path, number, operator, what, line
        self.file = os.path.join(TREE, path)
        self.time = os.stat(self.file).st_mtime_ns
        with open(self.file) as f:
            self.original = f.read()
        lines = self.original.split("\n")
        self.old = lines[number - 1]
        lines[number - 1] = line
        self.text = "\n".join(lines)

    def name(self):
        return "%s:%d %s: %s" % (self.path, self.number, self.operator, self.what)

    def write(self, text):
        with open(self.file, "w") as f:
            f.write(text)

    def take_back(self):
        self.write(self.original)
        os.utime(self.file, ns=(self.time, self.time))

    def difference(self):
        lines = difflib.unified_diff(self.original.split("\n"), self.text.split("\n"), self.path, self.path, lineterm="", n=2)
        return "\n".join("    " + line for line in lines)

    def is_fit(self):
        """It compiles without a warning, to other code."""
        if self.path.endswith(".sv"):
            return make("lint").returncode == 0
        self.write(self.original)
        before = {path: compiled(path) for path in users(self.path)}
        self.write(self.text)
        after = {path: compiled(path) for path, made in before.items() if made}
        return all(after.values()) and any(after[path] != before[path] for path in after)


def draw(seed, index, lines):
    """The first fit mutant of the index's row; it is planted."""
    rng = random.Random("%d/%d" % (seed, index))
    while True:
        folder = rng.choice(sorted(lines))
        path, number = rng.choice(lines[folder])
        made = operators.Source(os.path.join(TREE, path)).mutants(number)
        if not made:
            continue
        operator = rng.choice(sorted(made))
        mutant = Mutant(path, number, operator, *rng.choice(made[operator]))
        mutant.write(mutant.text)
        if mutant.is_fit():
            return mutant
        mutant.take_back()


def fast_tests():
    listed = run(["tests/run", "--list"]).stdout.splitlines()
    rows = [line.split("|") for line in listed]
    return [row[0].strip() for row in rows if row[1].strip() == "fast"]


def plan(path):
    """([(test, what it needs built or None: everything)] in the order in which they run)"""
    rows = {}
    for line in open(os.path.join(TREE, "tests/mutate/nearest.txt")):
        if line.strip() and not line.startswith("#"):
            pattern, tests = line.split("|")
            rows[pattern.strip()] = tests.split()
    near = next((tests for pattern, tests in rows.items() if fnmatch.fnmatch(path, pattern)), [])
    order = [(name.partition("=")[0], name.partition("=")[2].split(",") if "=" in name else None) for name in near if name != "only"]
    known = {name for name, _ in order}
    left_out = rows["never"] + ([] if path.startswith(("rtl/", "sim/")) else rows["rtl"])
    others = [] if "only" in near else [t for t in fast_tests() if t not in known and t not in left_out]
    # what has its parts built runs before everything is built
    return sorted(order, key=lambda step: step[1] is None) + [(name, None) for name in others]


passes_without = {}


def is_sound(test):
    """Does the test pass without the mutant (in the tree itself)?"""
    if test == "docs-check":
        return True  # made so by refresh_tree
    if test not in passes_without:
        env = dict(ENV, BUILD=BUILD)
        passes_without[test] = subprocess.run(["tests/run", test], env=env, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    return passes_without[test]


def noticed_by(mutant, seconds):
    """The test that fails, 'build' if the tree does not build with it, or None. The number of tests that ran: after so many seconds no
    other one begins."""
    is_built, ran, start = False, 0, time.time()
    for test, needs in plan(mutant.path):
        if time.time() - start > seconds:
            break
        if not is_built:
            targets = ["test-deps"] if needs is None else ["build/" + need for need in needs]
            if make(*targets).returncode != 0:
                return "build", ran
            is_built = needs is None
        ran += 1
        if run(["tests/run", test]).returncode != 0 and is_sound(test):
            return test, ran
    return None, ran


def report(index, mutant, test, ran, seconds, results):
    line = "%3d  %-22s %s" % (index, test or "SURVIVED", mutant.name())
    print("%s  [%d tests, %d s]" % (line, ran, seconds), flush=True)
    if test is None:
        print(mutant.difference(), flush=True)
    with open(results, "a") as f:
        f.write(line + "\n" + (mutant.difference() + "\n" if test is None else ""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", help="these numbers instead of a range")
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="what is not noticed by then counts as survived")
    parser.add_argument("--folders", default=",".join(FOLDERS))
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.part.split("/"))
    global TREE
    TREE += "-%d" % part
    refresh_tree()
    lines = lines_of(arguments.folders.split(","))
    print("mutate: seed %d; lines: %s" % (arguments.seed, ", ".join("%s %d" % (f, len(at)) for f, at in sorted(lines.items()))), flush=True)
    results = os.path.join(WORK, "results-%d.txt" % arguments.seed)
    survivors = planted = not_built = 0
    numbers = map(int, arguments.only.split(",")) if arguments.only else range(arguments.first, arguments.first + arguments.count)
    for index in numbers:
        if index % parts != part:
            continue
        start = time.time()
        mutant = draw(arguments.seed, index, lines)
        try:
            if arguments.list:
                print("%3d  %s\n%s" % (index, mutant.name(), mutant.difference()))
                continue
            test, ran = noticed_by(mutant, arguments.seconds)
        finally:
            mutant.take_back()
            make_same(TREE + ".build", os.path.join(TREE, "build"))
        report(index, mutant, test, ran, time.time() - start, results)
        planted += 1
        not_built += test == "build"
        survivors += test is None
    if planted:
        print("mutate: %d mutants, %d noticed (%d of them when the tree was built), %d survived: %.0f %% noticed" % (
            planted, planted - survivors, not_built, survivors, 100 * (planted - survivors) / planted))


main()
