#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run that somebody ends: SIGINT, SIGTERM and --max-seconds stop it after a bundle, everything that was asked
for is written, and the status says what it was; a second signal does not wait. On a terminal every signal that
ends or stops the command leaves it as it was, and SIGCONT brings the guest's console back.

    signals.py SELKIRK ECHO.elf FLOOD.elf     (guests that wait for input, and write, for ever)
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

SECONDS = 600  # against hangs only
PIPE_BYTES = 16384
checks = 0


def fail(text):
    sys.exit("signals: " + text)


def check(condition, text):
    global checks
    checks += 1
    if not condition:
        fail(text)


def until(condition, text):
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            fail(text)
        time.sleep(0.005)


def run_and_send(selkirk, elf, engine, number, folder):
    """Without a terminal: the guest has read a byte and answered, so it runs; then the signal."""
    name = "%s, signal %d" % (engine, number)
    files = {kind: os.path.join(folder, kind) for kind in ("json", "tcache", "waves")}
    command = [selkirk, "run", "--engine", engine, "--report", "--report-json", files["json"], "--dump-tcache",
               files["tcache"]] + (["--trace", files["waves"]] if engine == "rtl" else []) + [elf]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"a")
    process.stdin.flush()
    check(process.stdout.read(1) == b"A", name + ": the guest does not answer")
    process.send_signal(number)
    output, errors = process.communicate(timeout=SECONDS)
    check(process.returncode == 128 + number, "%s: status %d: %s" % (name, process.returncode, errors))
    check(errors.count(b"stopped by signal %d" % number) == 1, name + ": no line")
    check(b"Selkirk report" in errors, name + ": no report")
    report = json.load(open(files["json"]))
    check((report["exit_status"], report["ended_by"]) == (128 + number, "signal"), name + ": JSON")
    check(report["guest_instructions"] > 20 and report["cycles"] > 1000, name + ": JSON holds no run")
    text = subprocess.run([selkirk, "dis", files["tcache"]], stdout=subprocess.PIPE, check=True).stdout
    check(text.count(b"\nregion guest") == report["tcache"]["regions"], name + ": tcache dump")
    if engine == "rtl":
        check(open(files["waves"], "rb").read(1) == b"\0", name + ": waves were not closed")


def lockstep(selkirk):
    process = subprocess.Popen([selkirk, "lockstep", "--random", "1000000"], stderr=subprocess.PIPE)
    process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    errors = process.communicate(timeout=SECONDS)[1]
    check(process.returncode == 128 + signal.SIGTERM and b"stopped by signal" in errors, "lockstep: status %d" % process.returncode)


def seconds(selkirk, elf):
    process = subprocess.Popen([selkirk, "run", "--max-seconds", "1", elf], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    check(process.wait(SECONDS) == 124, "--max-seconds: status %d" % process.returncode)
    check(b"limit of 1 seconds" in process.stderr.read(), "--max-seconds: no line")


def blocked(selkirk):
    """A console that nobody reads: the clock ends that, too."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, bytes(4096))
    except BlockingIOError:
        os.set_blocking(write, True)
    process = subprocess.Popen([selkirk, "run", "--max-seconds", "1", sys.argv[3]], stdin=subprocess.DEVNULL,
                               stdout=write, stderr=subprocess.PIPE)
    check(process.wait(SECONDS) == 74, "console blocked: status %d" % process.returncode)
    os.close(read)
    os.close(write)


def queued(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def lead_session(terminal, command):
    """As a shell does: the command in a process group of its own, in the foreground, with a parent in the session
    (without one it could not be stopped). Its status becomes ours."""
    os.setsid()
    os.close(os.open(terminal, os.O_RDWR))  # becomes the controlling one
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        os.tcsetpgrp(0, os.getpgid(0))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTTOU})
        os.execvp(command[0], command)
    os.write(2, b"%d\n" % child)
    _, status = os.waitpid(child, 0)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


class Terminal:
    def __init__(self, name, *command):
        self.name = name
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen([sys.executable, "-B", __file__, "--session", os.ttyname(self.slave), *command],
                                        stdin=self.slave, stdout=self.slave, stderr=subprocess.PIPE)
        self.command = int(self.process.stderr.readline())

    def is_raw(self):
        return not termios.tcgetattr(self.slave)[3] & termios.ECHO

    def wait_raw(self):
        until(self.is_raw, self.name + ": the console is not the guest's")

    def wait_restored(self):
        until(lambda: termios.tcgetattr(self.slave) == self.before, self.name + ": the terminal is not restored")

    def echo(self, key):
        os.write(self.master, key)
        got = b""
        while got != key.upper():
            if not select.select([self.master], [], [], SECONDS)[0]:
                fail(self.name + ": no answer")
            got += os.read(self.master, 1)
        check(True, "")

    def close(self):
        os.close(self.master)
        os.close(self.slave)


def on_terminal(selkirk, elf, number, status):
    t = Terminal("signal %d on a terminal" % number, selkirk, "run", elf)
    t.wait_raw()
    t.echo(b"x")
    os.kill(t.command, number)
    check(t.process.wait(SECONDS) == status, "%s: status %d" % (t.name, t.process.returncode))
    t.wait_restored()
    t.close()


def stop_and_go_on(selkirk, elf):
    t = Terminal("stop and go on", selkirk, "run", elf)
    t.wait_raw()
    t.echo(b"x")
    os.write(t.master, b"\x1a")  # Ctrl-Z
    t.wait_restored()
    os.kill(t.command, signal.SIGCONT)
    t.wait_raw()
    t.echo(b"y")
    os.write(t.master, b"\x03")
    check(t.process.wait(SECONDS) == 130, "%s: status %d" % (t.name, t.process.returncode))
    t.wait_restored()
    t.close()


def second(selkirk):
    """The first signal waits for a console that nobody reads, the second does not wait."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    process = subprocess.Popen([selkirk, "run", sys.argv[3]], stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE)
    until(lambda: queued(read) == PIPE_BYTES, "the console does not fill")
    process.send_signal(signal.SIGTERM)
    until(lambda: process.poll() is not None or process.send_signal(signal.SIGTERM), "the second signal does not end it")
    check(process.returncode == -signal.SIGTERM, "second signal: status %d" % process.returncode)
    os.close(read)
    os.close(write)


def main():
    selkirk, elf = sys.argv[1:3]
    if selkirk == "--session":
        lead_session(elf, sys.argv[3:])
    with tempfile.TemporaryDirectory() as folder:
        for engine in ("iss", "rtl"):
            for number in (signal.SIGINT, signal.SIGTERM):
                run_and_send(selkirk, elf, engine, number, folder)
    lockstep(selkirk)
    seconds(selkirk, elf)
    blocked(selkirk)
    second(selkirk)
    on_terminal(selkirk, elf, signal.SIGINT, 130)
    on_terminal(selkirk, elf, signal.SIGTERM, 143)
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT, signal.SIGSEGV, signal.SIGUSR1, signal.SIGALRM + 13):
        on_terminal(selkirk, elf, number, 128 + number)
    stop_and_go_on(selkirk, elf)
    print("signals: %d checks" % checks)


main()
