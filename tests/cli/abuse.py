#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad input of every kind, made from a seed: damaged ELF files and images, options, paths, signals and readers that go away,
at random moments. A run may do what it is asked, or say in a line why not; it must not crash (die of a signal that nobody
sent, abort, make a sanitizer speak, end with a status that sim/cmd/selkirk.h does not know) and must not lose anything silently
(a file that was asked for is missing or short, console output is missing, and the status is that of a good run).

    abuse.py COUNT SEED FOLDER SELKIRK SANITIZED_SELKIRK IMAGE GUEST.elf...

FOLDER gets the input of each case that failed. Every fourth case runs the sanitized command.
"""
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

SECONDS = 600  # against hangs only
BAD_INPUT, BUG, NO_MEMORY, CANNOT_WRITE, LIMIT = 2, 70, 71, 74, 124
KILLERS = (signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGABRT, signal.SIGSEGV)
STOPPERS = (signal.SIGINT, signal.SIGTERM)


class Wrong(Exception):
    pass


def require(condition, text):
    if not condition:
        raise Wrong(text)


class Case:
    """One call of the command: what it is given, and what may come of it."""

    def __init__(self, tools, rng, folder):
        self.tools, self.rng, self.folder = tools, rng, folder
        self.words = []
        self.guest = rng.choice(tools.guests)
        self.json = self.dump = None
        self.console = None  # what a run that ends with 0 must have written
        self.sent = []
        self.may_be_cut = False  # the reader of the console goes away

    def path(self, name):
        return os.path.join(self.folder, name)

    def outputs(self):
        if self.rng.random() < 0.5:
            self.json = self.path("json")
            self.words += ["--report-json", self.json]
        if self.rng.random() < 0.3:
            self.dump = self.path("dump")
            self.words += ["--dump-tcache", self.dump]

    def limits(self):
        self.words += ["--max-cycles", str(self.rng.choice((0, 1, 1000, 100000, 300000, self.tools.cycles)))]

    def judge(self, selkirk, status, output, errors):
        text = errors.decode(errors="replace")
        require("Sanitizer" not in text and "runtime error" not in text, "a sanitizer speaks")
        require("terminate called" not in text and "Assertion" not in text, "aborted")
        if status < 0:
            require(-status in self.sent, "died of signal %d" % -status)
            return "signal"
        require(status != BUG, "status 70: a bug of ours")
        report = self.read_json()
        ended = report and report.get("ended_by")
        if status in (BAD_INPUT, NO_MEMORY, CANNOT_WRITE, LIMIT) and ended != "exit":
            require("selkirk: " in text, "status %d without a line" % status)
            if self.words[0] == "run" and "--hot" not in self.words and "--report" not in self.words:
                stops = text.count("selkirk: stopped at the limit") if status == CANNOT_WRITE else 0  # two facts
                missing = text.count("the guest's RAM is not loaded (")
                require(len(text.splitlines()) == 1 + stops + missing, "more than one line")
        if status - 128 in self.sent or status in (BAD_INPUT, NO_MEMORY, CANNOT_WRITE):
            if status != CANNOT_WRITE and status >= 128:
                self.check_files(selkirk)
            return "refused" if status == BAD_INPUT else str(status)
        require(status == LIMIT or not self.sent or set(self.sent) <= {signal.SIGTSTP, signal.SIGCONT} or
                status == 0, "status %d after signals %s" % (status, self.sent))
        if self.words[0] == "run" and "--help" not in self.words:
            self.check_files(selkirk)
            if status == 0 and self.console is not None and not self.may_be_cut:
                require(output == self.console, "console output is missing: %d of %d bytes" % (len(output), len(self.console)))
        return "ran"

    def read_json(self):
        try:
            return json.load(open(self.json)) if self.is_written(self.json) else None
        except ValueError:
            return None

    @staticmethod
    def is_written(path):
        return path is not None and os.path.isfile(path) and os.path.getsize(path) > 0

    def check_files(self, selkirk):
        if self.json is not None:
            require(self.read_json() is not None, "no JSON")
        if self.dump is not None:
            require(self.is_written(self.dump), "no tcache dump")
            require(subprocess.run([selkirk, "dis", self.dump], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   timeout=SECONDS).returncode == 0, "the tcache dump cannot be read")


class Tools:
    def __init__(self, selkirk, sanitized, image, guests):
        self.selkirk, self.sanitized, self.image, self.guests = selkirk, sanitized, image, guests
        self.cycles = 3000000
        self.good = {}
        for guest in guests:
            self.good[guest] = subprocess.run([selkirk, "run", guest], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                              check=True, timeout=SECONDS).stdout


# --- kinds of cases

WORDS = (0, 1, 2, 3, 4, 0x1F, 0x20, 0x34, 0xFF, 0x1000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0x80000001, 0x8001FFFC, 0x88000000, 0xFFFFFFF0,
         0xFFFFFFFF)


def damaged(rng, data):
    data = bytearray(data)
    entry, phoff, shoff = struct.unpack_from("<III", data, 24)
    phnum, = struct.unpack_from("<H", data, 44)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        what = rng.randrange(7)
        if what == 0:
            struct.pack_into("<I", data, rng.randrange(4, 48), rng.choice(WORDS))
        elif what == 1:
            struct.pack_into("<H", data, rng.randrange(16, 51), rng.choice(WORDS) & 0xFFFF)
        elif what == 2 and phoff + 32 * phnum <= len(data) and phnum > 0:
            struct.pack_into("<I", data, phoff + 32 * rng.randrange(phnum) + 4 * rng.randrange(8), rng.choice(WORDS))
        elif what == 3 and shoff + 40 <= len(data):
            struct.pack_into("<I", data, rng.randrange(shoff, len(data) - 3) & ~3, rng.choice(WORDS))
        elif what == 4:
            del data[rng.randrange(len(data)):]
        elif what == 5:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        else:
            at = rng.randrange(len(data))
            data[at:at + 16] = rng.randbytes(16)
        if len(data) < 64:
            break
    return bytes(data)


def elf(case):
    rng = case.rng
    name = case.path("guest.elf")
    with open(name, "wb") as f:
        f.write(damaged(rng, open(case.guest, "rb").read()))
    case.words = [rng.choice(("run", "run", "run", "lockstep", "dis"))]
    if case.words[0] == "run":
        case.outputs()
    if case.words[0] != "dis":
        case.limits()
    case.words.append(name)


def image(case):
    """The firmware's own file. What runs then is no firmware of ours, so only how it is read counts."""
    name = case.path("image")
    with open(name, "wb") as f:
        f.write(damaged(case.rng, open(case.tools.image, "rb").read()[:20000]))
    case.words = ["dis", name] if case.rng.random() < 0.7 else ["run", "--max-cycles", "0", "--firmware", name, case.guest]


OPTIONS = ("--engine", "--gear", "--ram", "--memory", "--max-cycles", "--max-guest-instructions", "--max-seconds", "--report", "--hot",
           "--tcache", "--random", "--length", "--seed", "--no-chain", "--eager", "--chaos-irq", "--chaos-rollback", "--help", "-h", "--",
           "--nonsense", "--gear=0", "--ram=4K", "--report=1", "-", "", "--=", "---", "--ram=")
VALUES = ("0", "1", "-1", "+1", "007", "0x10", "0x", "4K", "4k", "1M", "4G", "999999999999999999999", "18446744073709551616", "4294967296", "1e3", "1.5",
          " 1", "1 ", "K", "iss", "rtl", "ISS", "ideal", "ulx3s", "", "\n", "\x1b[31m", "\udcff", "%s%n", "A" * 5000)


def options(case):
    rng = case.rng
    case.words = [rng.choice(("run", "run", "run", "lockstep", "dis", "fly", "--help", ""))]
    for _ in range(rng.randrange(1, 5)):
        case.words.append(rng.choice(OPTIONS))
        if rng.random() < 0.7:
            case.words.append(rng.choice(VALUES))
    case.words = [w for w in case.words if w != "rtl"] + ["--max-cycles", "100000", "--random", "0"][:rng.choice((0, 2))]
    if rng.random() < 0.7:
        case.words.append(case.guest)


def paths(case):
    rng = case.rng
    strange = case.path(rng.choice(("new\nline", "tab\t", "quote\"'", "\udcff\udcfe", "a" * 250, "-dash", "%s%s")))
    link, loop, text = case.path("link"), case.path("loop"), case.path("text")
    os.symlink(case.path("nowhere"), link)
    os.symlink(loop, loop)
    with open(text, "w") as f:
        f.write("not an ELF\n")
    places = [strange, strange, link, text, loop, text, case.folder, "/dev/full", "/dev/null", "/dev/zero", case.path("none/x"), text + "/x", "/proc/self/mem", "",
              "x" * 300, "/" + "y/" * 3000, "/sys/kernel/none"]
    case.words = [rng.choice(("run", "run", "run", "dis", "lockstep"))]
    if case.words[0] == "run":
        for option in rng.sample(("--report-json", "--dump-tcache", "--trace", "--firmware"), rng.randrange(1, 3)):
            place = rng.choice(places)
            case.words += [option, place]
            # What is asked for in a place of ours must be there; a device keeps nothing.
            if place in (strange, link, text) and option == "--report-json":
                case.json = place
            elif place in (strange, link, text) and option == "--dump-tcache":
                case.dump = place
    if case.words[0] != "dis":
        case.limits()
    case.console = case.tools.good[case.guest]
    if rng.random() < 0.5 and case.words[0] == "run":
        shutil.copy(case.guest, strange + "g")
        case.words += ["--", strange + "g"]
    else:
        case.words += ["--", rng.choice(places + [case.guest] * 40)]
    if case.words[-1] == "/dev/zero":
        case.words[-1] = text
    case.words = [w.replace("\0", "") for w in case.words]


def signals(case):
    rng = case.rng
    case.words = ["run"]
    case.outputs()
    if rng.random() < 0.3:
        case.words.append("--report")
    case.words.append(case.guest)
    case.console = case.tools.good[case.guest]
    kind = rng.randrange(5)
    if kind == 0:
        case.may_be_cut = True
    elif kind == 1:
        case.sent = [signal.SIGTSTP, signal.SIGCONT]
    elif kind == 2:
        case.sent = [rng.choice(KILLERS)]
    else:
        case.sent = [rng.choice(STOPPERS)] * rng.choice((1, 1, 1, 2))
    case.delay = rng.random() ** 2 * 0.03


KINDS = (elf, elf, options, paths, signals, image)


def await_stop(process):
    """SIGCONT sent too early would come before the stop, and nothing would end that."""
    while process.poll() is None:
        with open("/proc/%d/stat" % process.pid) as stat:
            if stat.read().rpartition(")")[2].split()[0] in "Tt":
                return
        time.sleep(0.001)


def call(case, command):
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:handle_segv=0:handle_abort=0", UBSAN_OPTIONS="print_stacktrace=1")
    process = subprocess.Popen([os.fsencode(w) for w in [command] + case.words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=environment, cwd=case.folder)
    try:
        if case.may_be_cut or case.sent:
            try:
                process.wait(case.delay)
            except subprocess.TimeoutExpired:
                pass
        if case.may_be_cut:
            process.stdout.close()
            errors = process.stderr.read()
            return process.wait(SECONDS), b"", errors
        for number in case.sent:
            if number == signal.SIGCONT:
                await_stop(process)
            process.send_signal(number)
        output, errors = process.communicate(timeout=SECONDS)
        return process.returncode, output, errors
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Wrong("does not end")


def main():
    count, seed, kept = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    names = [os.path.abspath(name) for name in sys.argv[4:]]
    tools = Tools(names[0], names[1], names[2], names[3:])
    outcomes, crashes = {}, 0
    for i in range(count):
        rng = random.Random(seed * 1000003 + i)
        kind = KINDS[i % len(KINDS)]
        folder = tempfile.mkdtemp(prefix="abuse.")
        try:
            case = Case(tools, rng, folder)
            kind(case)
            command = tools.sanitized if i // len(KINDS) % 4 == 3 else tools.selkirk
            result = None
            result = call(case, command)
            outcome = case.judge(tools.selkirk, *result)
            outcomes[kind.__name__, outcome] = outcomes.get((kind.__name__, outcome), 0) + 1
        except Wrong as e:
            crashes += 1
            place = os.path.join(kept, "%d" % i)
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(folder, place, symlinks=True)
            print("case %d (%s, seed %d), kept in %s: %s: %s %s" % (i, kind.__name__, seed, place, e, command, case.words))
            if result is not None:
                print("    " + result[2].decode(errors="replace")[:500].replace("\n", "\n    "))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    for key in sorted(outcomes):
        print("%8s %-10s %5d" % (*key, outcomes[key]))
    print("abuse: %d bad inputs, %d crashes or silent losses" % (count, crashes))
    return crashes != 0


sys.exit(main())
