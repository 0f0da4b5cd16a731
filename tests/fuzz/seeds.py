#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""seeds.py FOLDER ELF...: what fuzzing starts from, written to FOLDER/elf, FOLDER/options and FOLDER/guest. Small files made here,
good ones and those that were once read wrongly; for guest code pieces of the named guest programs."""
import os
import struct
import sys

RISCV, NATIVE = 243, 0x5E1C
EXECUTABLE, LOAD, SYMTAB, STRTAB = 2, 1, 2, 3
RAM, CODE = 0x80000000, 0x40000000
DUMP_REGIONS, DUMP_GUEST_CODE, PACKED = 0x70000001, 0x70000002, 0x7000000F
HEADER, PROGRAM, SECTION = 52, 32, 40


def elf(machine, entry, segments, symbols=()):
    """An ELF32 file. segments: (type, address, bytes, size in memory, flags); symbols: (name, value)."""
    at = HEADER + PROGRAM * len(segments)
    heads, body = b"", b""
    for kind, address, data, memory, flags in segments:
        heads += struct.pack("<8I", kind, at + len(body), address, address, len(data), memory, flags, 4)
        body += data
    sections = b""
    if symbols:
        names, table = b"\0", bytes(16)
        for name, value in symbols:
            table += struct.pack("<IIIBBH", len(names), value, 0, 0x11, 0, 0xFFF1)
            names += name.encode() + b"\0"
        names += bytes(-len(names) % 4)
        where = at + len(body)
        body += table + names
        sections = bytes(SECTION)
        sections += struct.pack("<10I", 0, SYMTAB, 0, 0, where, len(table), 2, 1, 4, 16)
        sections += struct.pack("<10I", 0, STRTAB, 0, 0, where + len(table), len(names), 0, 0, 1, 0)
    ident = b"\x7fELF\1\1\1" + bytes(9)
    header = ident + struct.pack("<HHIIIIIHHHHHH", EXECUTABLE, machine, 1, entry, HEADER, at + len(body) if sections else 0, 0,
                                 HEADER, PROGRAM, len(segments), SECTION, len(sections) // SECTION, 0)
    return header + heads + body + sections


def dump(bundles, record, code):
    return elf(NATIVE, CODE, [(LOAD, CODE, bundles, len(bundles), 5), (DUMP_REGIONS, 0, record, len(record), 4),
                              (DUMP_GUEST_CODE, 0, code, len(code), 4)])


def elf_seeds():
    code = struct.pack("<4I", 0x00100513, 0x00A00593, 0x00B50533, 0x0000006F)
    bundles = bytes(range(64))
    record = struct.pack("<5I", RAM, 16, CODE, 4, 0)
    yield "guest", elf(RISCV, RAM, [(LOAD, RAM, code, 64, 5)])
    yield "guest-symbols", elf(RISCV, RAM + 0x100, [(LOAD, RAM + 0x100, code, 16, 5), (LOAD, RAM + 0x200, b"data", 256, 6)],
                               [("main", RAM + 0x100), ("tohost", RAM + 0x208)])
    yield "image", elf(NATIVE, CODE, [(LOAD, CODE, bundles, 64, 5), (LOAD, 0x100, b"words", 512, 6)])
    packed = struct.pack("<I8H", 0, 0xB, *[0] * 7) + bytes(range(1, 13))
    yield "image-packed", elf(NATIVE, CODE, [(PACKED, CODE, packed, 16, 5), (LOAD, 0x100, b"words", 512, 6)])
    yield "image-symbols", elf(NATIVE, CODE, [(LOAD, CODE, bundles, 64, 5)], [("start", CODE), ("cms_state", 0x100)])
    yield "dump", dump(bundles, record, code)
    yield "dump-short-code", dump(bundles[:8], record, code)  # read 8 bytes of a bundle behind the segment
    yield "dump-half-insn", dump(bundles, struct.pack("<5I", RAM, 15, CODE, 4, 0), code[:15])  # read a byte behind the file
    yield "dump-many-bundles", dump(bundles, struct.pack("<5I", RAM, 16, CODE, 0xFFFFFFFF, 0), code)  # took minutes


def option_seeds():
    yield "run", b"\0--engine\niss\n--gear\n1\n--ram=32M\n--max-cycles\n0x1000\n--report\nguest.elf"
    yield "run-rtl", b"\0--engine=rtl\n--trace\nwaves.fst\n--tcache\n4K\n--\n--guest"
    yield "run-files", b"\0--report-json\nr.json\n--dump-tcache=t\n--hot\n--firmware\nf.img\n--max-guest-instructions=18446744073709551615\ng"
    yield "flags", b"\0--eager\n--no-chain\n--no-fold\n--no-pack\n--no-jtl\n--chaos-sched\n--chaos-evict\n--no-learn\ng"
    yield "dis", b"\1--help\nimage"
    yield "lockstep", b"\2--random\n10\n--seed\n4294967295\n--length=100\n--tcache\n32"
    yield "tcache", b"\0--tcache\n1"


def guest_seeds(programs):
    """Code (not the start-up) in pieces; each with another of the five ways to run."""
    count, piece = 0, 384
    for program in programs:
        with open(program, "rb") as f:
            data = f.read()
        start, entry = 0x1000, 128
        for at in range(start + entry, start + entry + 6 * piece, piece):
            yield "code-%d" % count, bytes([count % 5]) + data[at : at + piece]
            count += 1


def main():
    for folder, seeds in (("elf", elf_seeds()), ("options", option_seeds()), ("guest", guest_seeds(sys.argv[2:]))):
        path = os.path.join(sys.argv[1], folder)
        os.makedirs(path, exist_ok=True)
        for name, data in seeds:
            with open(os.path.join(path, name), "wb") as f:
                f.write(data)


main()
