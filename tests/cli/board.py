#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A board without a board: `selkirk board` on a pseudo terminal, and `selkirk load` and `selkirk run --engine board:` at the
other end. Output, status and report are those of `selkirk run`; a relay between the two damages the line, cuts it and mends it,
or never does. No result depends on time: only how long a run takes does.

    board.py SELKIRK PROG-FOLDER PLATFORM-FOLDER [GROUP...]     groups: whole bad cut refuse rtl (default: all but rtl)

OPTIONS: further options of `selkirk board`.
"""
import atexit
import json
import os
import pty
import random
import select
import subprocess
import sys
import tempfile
import threading
import tty

SECONDS = 600  # against hangs only
selkirk, prog, platform = sys.argv[1:4]
groups = sys.argv[4:] or ["whole", "bad", "cut", "refuse"]
folder = tempfile.mkdtemp()
checks = 0


def fail(text):
    sys.exit("board: " + text)


def check(condition, text):
    global checks
    checks += 1
    if not condition:
        fail(text)


class Board:
    """A board in simulation, and the path of its serial port."""
    count = 0

    def __init__(self, *options):
        Board.count += 1
        self.port = os.path.join(folder, "board%d" % Board.count)
        self.process = subprocess.Popen([selkirk, "board", "--port-link", self.port, *options,
                                         *os.environ.get("OPTIONS", "").split()], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        atexit.register(self.process.kill)  # if a check fails
        self.first = self.process.stderr.readline()
        check(self.port.encode() in self.first, "a board does not say where its port is: %s" % self.first)

    def end(self):
        status = self.process.wait(SECONDS)
        self.process.stderr.close()
        check(not os.path.lexists(self.port), "the link to the port is still there")
        return status

    def kill(self):
        self.process.terminate()
        check(self.process.wait(SECONDS) == 128 + 15, "a board that is stopped has another status")
        self.process.stderr.close()


class Relay:
    """Another port; what goes through it to the board and back suffers one byte in so many. It can be cut and mended."""

    def __init__(self, board, seed, one_in):
        self.port = board.port + ".relay"
        self.random = random.Random(seed)
        self.one_in = one_in
        self.harmed = self.passed = 0
        self.cut_at = None
        self.is_cut = threading.Event()
        self.is_over = False
        self.board = os.open(board.port, os.O_RDWR | os.O_NOCTTY)
        self.master, self.slave = pty.openpty()
        for fd in (self.board, self.slave):
            tty.setraw(fd)
        os.symlink(os.ttyname(self.slave), self.port)
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def harm(self, data):
        out = bytearray()
        for byte in data:
            if self.one_in == 0 or self.random.randrange(self.one_in):
                out.append(byte)
                continue
            self.harmed += 1
            kind = self.random.randrange(4)
            if kind == 1:
                out += bytes([byte, byte])
            elif kind == 2:
                out.append(byte ^ 1 << self.random.randrange(8))
            elif kind == 3:
                out += bytes([self.random.randrange(256), byte])
        return bytes(out)

    def work(self):
        while not self.is_over:
            for fd in select.select([self.master, self.board], [], [], 0.05)[0]:
                try:
                    data = os.read(fd, 4096)
                except OSError:
                    return
                if self.is_cut.is_set():
                    continue
                self.passed += len(data)
                if self.cut_at is not None and self.passed >= self.cut_at:
                    self.is_cut.set()
                    continue
                data = self.harm(data)
                to = self.board if fd == self.master else self.master
                while data:
                    data = data[os.write(to, data):]

    def end(self):
        self.is_over = True
        self.thread.join()
        os.unlink(self.port)
        for fd in (self.board, self.master, self.slave):
            os.close(fd)


def run(*arguments, text=b""):
    p = subprocess.run([selkirk, *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS)
    return p.returncode, p.stdout, p.stderr


def run_on(port, *arguments, text=b""):
    return run("run", "--engine", "board:" + port, *arguments, text=text)


GUESTS = [
    (prog + "/rv32im/words.elf", [], b""), (prog + "/rv32im/htif.elf", [], b""), (prog + "/rv32imac/format.elf", [], b""),
    (platform + "/echo.elf", [], b"hello\nsecond line 2\n\n"), (platform + "/echo.elf", [], b"x" * 3000 + b"\n\n"),
    (platform + "/uart16550.elf", [], b""), (platform + "/reset.elf", [], b""),
    (platform + "/semihosting.elf", ["one", "two"], b""),
]


def whole():
    """Output and status as here."""
    for elf, arguments, text in GUESTS:
        here = run("run", elf, *arguments, text=text)
        board = Board()
        there = run_on(board.port, elf, *arguments, text=text)
        check(there == here, "%s on a board: %s, here %s" % (elf, there, here))
        check(board.end() == here[0], elf + ": the board's own status")
    report()
    plain()
    memory_test()
    stop()


def report():
    """The same report."""
    elf = prog + "/rv32im/words.elf"
    files = [os.path.join(folder, name) for name in ("here", "there")]
    here = run("run", "--memory", "ulx3s", "--report", "--report-json", files[0], elf)
    board = Board("--memory", "ulx3s")
    there = run_on(board.port, "--report", "--report-json", files[1], elf)
    board.end()
    a, b = (json.load(open(f)) for f in files)
    check(set(a) == set(b) and set(a["counters"]) == set(b["counters"]), "the JSON has other members")
    check((b["engine"], b["memory"], b["exit_status"], b["ended_by"]) == ("board", "ulx3s", a["exit_status"], "exit"), "JSON's head")
    check(b["guest_instructions"] == a["guest_instructions"], "guest instructions: %d, here %d" % (
        b["guest_instructions"], a["guest_instructions"]))
    check(b["cycles"] < 3 * a["cycles"], "loading is counted as a part of the run")
    lines = [[line for line in t[2].decode().split("\n") if not line.startswith(("  I$", "  D$"))] for t in (here, there)]
    check([line[:20] for line in lines[0][2:]] == [line[:20] for line in lines[1][2:]], "the text of the report has other lines")
    heads = [lines[0][1].replace(" on iss, ", " on board, "), lines[1][1]]
    check(" memory ulx3s (" in heads[0] and heads[0] == heads[1], "the report's head: %s, here %s" % tuple(heads))


def plain():
    """After `load` the port is the guest's console, as it is, and the firmware's log."""
    elf = platform + "/echo.elf"
    here = run("run", elf, text=b"hello\n\n")
    board = Board()
    status, output, errors = run("load", "--port", board.port, elf)
    check((status, output) == (0, b""), "load: status %d: %s" % (status, errors))
    check(b"loaded, verified and started" in errors and b" bytes sent" in errors, "load says: %s" % errors)
    port = os.open(board.port, os.O_RDWR | os.O_NOCTTY)
    os.write(port, b"hello\n")
    got = b""
    while len(got) < len(here[1]):
        got += os.read(port, 4096)
    os.write(port, b"\n")
    check(got == here[1], "the bare port says %r" % got)
    check(board.end() == here[0], "the board's own status")
    os.close(port)


def memory_test():
    """Its result is on the bare line, for anybody who listens, and a workstation does not mind."""
    elf = prog + "/rv32im/htif.elf"
    here = run("run", elf)
    board = Board("--memory-test", "100K")
    port = os.open(board.port, os.O_RDWR | os.O_NOCTTY)
    got = b""
    while not got.endswith(b"\n"):
        got += os.read(port, 4096)
    os.close(port)
    check(got == b"selkirk: memory test: 128 KiB: good\r\n", "the memory test says %r" % got)
    check(run_on(board.port, elf) == here, "a guest behind a memory test")
    board.end()


def stop():
    """Somebody stops the run: the guest ends, the report comes."""
    board = Board()
    name = os.path.join(folder, "stopped")
    process = subprocess.Popen([selkirk, "run", "--engine", "board:" + board.port, "--report-json", name, platform + "/echo.elf"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"hello\n")
    process.stdin.flush()
    check(process.stdout.readline() == b"HELLO\n", "the guest does not answer")
    process.send_signal(2)
    errors = process.stderr.read()
    check(process.wait(SECONDS) == 130 and errors.count(b"stopped by signal 2") == 1, "a run that is stopped: %s" % errors)
    j = json.load(open(name))
    check((j["exit_status"], j["ended_by"]) == (130, "signal") and j["guest_instructions"] > 20, "its report")
    board.end()


def bad():
    """A line that harms what goes over it."""
    for seed, (elf, arguments, text) in enumerate(GUESTS[1:4]):
        here = run("run", elf, *arguments, text=text)
        board = Board()
        relay = Relay(board, seed, 3000)
        there = run_on(relay.port, elf, *arguments, text=text)
        check(there == here, "%s over a bad line: %s, here %s" % (elf, there, here))
        check(relay.harmed != 0, "the line did no harm")
        relay.end()
        board.process.kill()
        board.process.wait(SECONDS)


def cut():
    """A line that is cut in the middle: said clearly; and what was sent is not sent again."""
    elf = prog + "/rv32im/words.elf"
    here = run("run", elf)
    board = Board()
    relay = Relay(board, 1, 0)
    relay.cut_at = 50000
    status, output, errors = run_on(relay.port, "--patience", "1", elf)
    check((status, output) == (74, b"") and errors.count(b"\n") == 1 and b"no board answers on" in errors,
          "a line that is cut: status %d: %s" % (status, errors))
    relay.end()
    status, output, errors = run_on(board.port, elf)
    check((status, output) == here[:2], "after a line that was cut: status %d" % status)
    check(b"goes on at byte" in errors and errors.count(b"\n") == 1, "it does not go on: %s" % errors)
    check(board.end() == here[0], "the board's own status")
    mended()
    gone()


def mended():
    """Cut while the list is on its way, and mended while the workstation still waits."""
    elf = prog + "/rv32im/words.elf"
    here = run("run", elf)
    board = Board()
    relay = Relay(board, 1, 0)
    relay.cut_at = 30000
    process = subprocess.Popen([selkirk, "run", "--engine", "board:" + relay.port, elf], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(relay.is_cut.wait(SECONDS), "nothing was sent")
    relay.cut_at = None
    relay.is_cut.clear()
    output, errors = process.communicate(timeout=SECONDS)
    check((process.returncode, output, errors) == here, "over a line that was mended: status %d: %s" % (process.returncode, errors))
    board.end()
    relay.end()


def gone():
    """The board is switched off while the guest runs."""
    board = Board()
    process = subprocess.Popen([selkirk, "run", "--engine", "board:" + board.port, "--patience", "1", platform + "/echo.elf"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"hello\n")
    process.stdin.flush()
    check(process.stdout.readline() == b"HELLO\n", "the guest does not answer")
    board.kill()
    status, errors = process.wait(SECONDS), process.stderr.read()
    check(status == 74 and errors.count(b"\n") == 1 and b"is gone" in errors, "a board that is gone: status %d: %s" % (status, errors))


def one_line(result, status, text, name):
    check(result[0] == status and result[1] == b"" and result[2].count(b"\n") == 1 and text in result[2],
          "%s: status %d: %s" % (name, result[0], result[2]))


def refuse():
    """What cannot be."""
    elf = prog + "/rv32im/words.elf"
    junk = os.path.join(folder, "junk")
    open(junk, "wb").write(b"\x7fELF" + bytes(3 << 20))
    port = os.path.join(folder, "none")
    one_line(run_on(port, elf), 2, b"cannot open the port", "no port")
    one_line(run("load", elf), 2, b"load wants --port", "load without a port")
    one_line(run("load", "--port", port, "--baud", "1234", elf), 2, b"--baud wants", "a strange rate")
    one_line(run_on(port, "--gear", "0", elf), 2, b"--gear is not for a board", "an option of the machine")
    one_line(run_on(port, "--no-chain", elf), 2, b"--no-chain is a switch of the board", "a switch of the machine")
    one_line(run("board", elf), 2, b"a board has no guest of its own", "a board with a guest")
    master, slave = pty.openpty()
    tty.setraw(slave)
    one_line(run_on(os.ttyname(slave), "--patience", "1", elf), 74, b"no board answers", "a port without a board")
    os.close(master)
    os.close(slave)
    board = Board("--memory", "ulx3s")
    one_line(run_on(board.port, junk), 2, b"room for 2097152", "more than there is room for")
    open(junk, "wb").write(b"no ELF file")
    here = run("run", junk)
    check(run_on(board.port, junk) == here and here[0] == 2, "a file that is no ELF file")
    check(board.end() == 2, "the board's own status")
    occupied()


def occupied():
    board = Board()
    process = subprocess.Popen([selkirk, "run", "--engine", "board:" + board.port, platform + "/echo.elf"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"hello\n")
    process.stdin.flush()
    check(process.stdout.readline() == b"HELLO\n", "the guest does not answer")
    one_line(run_on(board.port, platform + "/echo.elf"), 2, b"is in use", "a port that somebody has")
    process.kill()
    process.wait(SECONDS)
    one_line(run_on(board.port, platform + "/echo.elf"), 2, b"runs a guest: reset it", "a board that runs a guest")
    board.kill()


def rtl():
    """The RTL is the same board."""
    elf = prog + "/rv32im/htif.elf"
    here = run("run", elf)
    board = Board("--engine", "rtl")
    there = run_on(board.port, "--patience", str(SECONDS), elf)
    check(there == here, "%s on the RTL as a board: %s, here %s" % (elf, there, here))
    check(board.end() == here[0], "the board's own status")


for group in groups:
    globals()[group]()
print("board: %d checks: %s" % (checks, ", ".join(groups)))
