#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The console on a terminal, as a person has it: on every engine a character goes to the guest when it is
typed, not at the end of the line, and is not echoed by the terminal; and the terminal is as it was when the
command has ended, by itself or by Ctrl-C. A guest that waits is paced to the clock, and wakes when a key is
pressed.

    terminal.py SELKIRK ECHO.elf IDLE.elf
"""
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

SECONDS = 600  # against hangs only: a busy workstation may take its time
CTRL_C = b"\x03"


def fail(text):
    sys.exit("terminal: " + text)


class Terminal:
    """A command with a terminal of its own."""

    def __init__(self, *command, typed_ahead=b""):
        self.name = " ".join(command)
        self.master, self.slave = pty.openpty()
        if typed_ahead:
            mode = termios.tcgetattr(self.slave)
            mode[3] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(self.slave, termios.TCSANOW, mode)
            self.type(typed_ahead)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=subprocess.PIPE,
                                        preexec_fn=self.take_terminal)

    def take_terminal(self):
        os.setsid()
        os.close(os.open(os.ttyname(self.slave), os.O_RDWR))  # becomes the controlling one

    def expect(self, wanted):
        got = b""
        while len(got) < len(wanted):
            if not select.select([self.master], [], [], SECONDS)[0]:
                break
            got += os.read(self.master, len(wanted) - len(got))
        if got != wanted:
            fail("'%s': %r instead of %r" % (self.name, got, wanted))

    def wait_until_raw(self):
        for _ in range(SECONDS * 100):
            if not termios.tcgetattr(self.slave)[3] & termios.ECHO:
                return
            select.select([], [], [], 0.01)
        fail("'%s': the terminal goes on to echo" % self.name)

    def type(self, keys):
        os.write(self.master, keys)

    def end(self, wanted):
        status = self.process.wait(SECONDS)
        if status != wanted:
            fail("'%s': status %d instead of %d: %s" % (self.name, status, wanted, self.process.stderr.read()))
        if termios.tcgetattr(self.slave) != self.before:
            fail("'%s': leaves the terminal changed" % self.name)
        os.close(self.master)
        os.close(self.slave)


def echo(command):
    """The guest writes a letter back as a capital as soon as it comes."""
    t = Terminal(*command)
    t.wait_until_raw()
    for key in b"abc":
        t.type(bytes([key]))
        t.expect(bytes([key - 32]))
    t.type(b"\r")  # the terminal makes a new line of it
    t.expect(b"\r\n")
    t.type(b"\r")
    t.end(1)


def interrupt(command):
    t = Terminal(*command)
    t.wait_until_raw()
    t.type(b"x")
    t.expect(b"X")
    t.type(CTRL_C)
    t.end(128 + signal.SIGINT)


def sleep(command):
    """0.3 seconds of the guest's time are as much on the clock, but for 0.01 that the machine may make up."""
    begin = time.monotonic()
    t = Terminal(*command, typed_ahead=b"6")
    t.expect(b"asleep\r\nawake\r\n")
    if time.monotonic() - begin < 0.28:
        fail("'%s' sleeps for %.3f seconds" % (t.name, time.monotonic() - begin))
    t.end(0)


def wake(command):
    t = Terminal(*command, typed_ahead=b"k")
    t.expect(b"ready\r\n")
    t.type(b"x")
    t.expect(b"key x\r\n")
    t.end(0)


def read(command):
    """The key is pressed when the call has begun to wait, or not yet: both are in time."""
    t = Terminal(*command)
    t.wait_until_raw()
    select.select([], [], [], 0.2)
    t.type(b"y")
    t.expect(b"read y, 1 interrupt, in time\r\n")
    t.end(0)


def main():
    selkirk, elf, idle = sys.argv[1:]
    runs = 0
    for engine in ("iss", "rtl"):
        for gear in ("0", "1"):
            command = (selkirk, "run", "--engine", engine, "--gear", gear, elf)
            echo(command)
            interrupt(command)
            runs += 2
    sleep((selkirk, "run", idle))
    read((selkirk, "run", idle))
    for engine in ("iss", "rtl"):
        wake((selkirk, "run", "--engine", engine, idle))
    runs += 4
    print("terminal: %d runs typed to" % runs)


main()
