# SPDX-License-Identifier: MIT
# Makes guest ELF files for elf.sh: elf_make.py FOLDER. All of them hold, or seem to hold, the same few instructions, which print "ok" on the
# UART and power off with status 0.
import struct
import sys

RAM, RAM_BYTES = 0x80000000, 128 << 20
LOAD, NOTE = 1, 4
EXECUTABLE, DYNAMIC, OBJECT = 2, 3, 1


def code():
    def lui(rd, value):
        return value & 0xFFFFF000 | rd << 7 | 0x37

    def addi(rd, rs, value):
        return (value & 0xFFF) << 20 | rs << 15 | rd << 7 | 0x13

    def store(rs2, rs1, width):
        return rs2 << 20 | rs1 << 15 | width << 12 | 0x23

    words = [lui(10, 0x10000000)]
    for c in b"ok\n":
        words += [addi(11, 0, c), store(11, 10, 0)]
    words += [lui(12, 0x100000), lui(13, 0x5000), addi(13, 13, 0x555), store(13, 12, 2), 0x6F]
    return struct.pack("<%dI" % len(words), *words)


CODE = code()


class Segment:
    """data: bytes; or the length of the file's beginning, which it covers then"""

    def __init__(self, paddr, data, memsz=None, vaddr=None, kind=LOAD, flags=7, filesz=None, offset=None):
        size = data if isinstance(data, int) else len(data)
        self.paddr, self.data, self.kind, self.flags = paddr, data, kind, flags
        self.vaddr = paddr if vaddr is None else vaddr
        self.filesz = size if filesz is None else filesz
        self.memsz = size if memsz is None else memsz
        self.offset = offset


def elf(segments, kind=EXECUTABLE, entry=RAM, flags=0, headers=52):
    body, table = bytearray(), bytearray()
    start = headers + 32 * len(segments)
    for s in segments:
        if isinstance(s.data, int):
            offset = 0
        else:
            body += bytes(-(start + len(body)) % 16)
            offset = start + len(body)
            body += s.data
        offset = offset if s.offset is None else s.offset
        table += struct.pack("<8I", s.kind, offset, s.vaddr, s.paddr, s.filesz, s.memsz, s.flags, 4)
    header = b"\x7fELF\1\1\1" + bytes(9)
    header += struct.pack("<HHIIIIIHHHHHH", kind, 243, 1, entry, headers, 0, flags, 52, 32, len(segments), 40, 0, 0)
    return header + bytes(headers - len(header)) + bytes(table) + bytes(body)


def program(**options):
    return Segment(RAM, CODE, **options)


def headers_in_segment():
    """One segment from the file's beginning on, its code on the next page: what ld makes of -Ttext=0x80000000."""
    file = bytearray(elf([Segment(RAM - 0x1000, 0x1000 + len(CODE), flags=5)]))
    return bytes(file + bytes(0x1000 - len(file)) + CODE)


def notes_below():
    note = struct.pack("<III", 4, 4, 1) + b"abc\0" + b"\1\2\3\4"
    end = 160 + len(note)
    file = elf([Segment(RAM - 0x1000, end, flags=4), Segment(0, note, kind=NOTE), program()])
    assert file[160:end] == note
    return file


def many(count, size):
    """The code is in the last one; the others are full of it as well, somewhere below it in RAM."""
    segments = [Segment(RAM + 0x1000 + n % 4096 * 16, size, memsz=size, flags=6) for n in range(count)]
    return elf(segments + [program()]) + bytes(max(0, size - 52 - 32 * (count + 1)))


def with_table_entry(size):
    file = bytearray(elf([program()]))
    struct.pack_into("<H", file, 42, size)
    return bytes(file)


STARTS = {
    "plain": elf([program()]),
    "headers": headers_in_segment(),
    "header-segment": elf([Segment(RAM - 0x1000, 52 + 64, flags=4), program()]),
    "headers-above": elf([program(), Segment(RAM + RAM_BYTES, 52 + 64, flags=4)]),
    "notes-below": notes_below(),
    "lma": elf([program(vaddr=0xC0000000)], entry=0xC0000000),
    "not-executable": elf([program(flags=6)]),
    "pie": elf([program()], kind=DYNAMIC),
    "no-entry": elf([program()], entry=0),
    "entry-outside": elf([program()], entry=0x90000000),
    "empty-segment": elf([Segment(0x12345678, b""), program()]),
    "bss": elf([program(), Segment(RAM + 0x4000, b"", memsz=RAM_BYTES // 2)]),
    "object": elf([program()], kind=OBJECT),
    "core": elf([program()], kind=4),
    "float": elf([program()], flags=6),
    "flags": elf([program()], flags=0xFFFFFFFF),
    "odd-entry": elf([program()], entry=RAM + 5),
    "table-entry": with_table_entry(16),
}
# The same, but for a line about what is not loaded
BESIDE = {
    "data-below": (elf([Segment(RAM - 0x1000, CODE), program()]), "segment 0, at 0x7ffff000"),
    "data-in-flash": (elf([Segment(0x20000000, CODE), program()]), "segment 0, at 0x20000000"),
    "data-in-device": (elf([Segment(0x100000, b"\x55\x55\0\0"), program()]), "segment 0, at 0x00100000"),
    "bss-below": (elf([Segment(RAM - 0x1000, b"", memsz=64), program()]), "segment 0, at 0x7ffff000"),
    "zeros-below": (elf([Segment(RAM - 0x1000, bytes(64)), program()]), "segment 0, at 0x7ffff000"),
    "code-with-headers": (headers_in_segment()[:0x800] + CODE + headers_in_segment()[0x800 + len(CODE):], "segment 0, at 0x7ffff000"),
    "two-below": (elf([Segment(RAM - 0x2000, CODE), Segment(RAM - 0x1000, CODE), program()]), "segment 0, at 0x7fffe000"),
}
# QEMU's word for them: regions overlap
OURS = {
    "overlap": elf([Segment(RAM, b"\xff" * len(CODE)), program()]),
    "many": many(60000, 64),
    "many-outside": elf([Segment(RAM - 0x100000, 0x1000, flags=4)] * 60000 + [program()]),
}
REFUSED = {
    "data-above": (elf([program(), Segment(RAM + RAM_BYTES, CODE)]), "outside the guest's RAM (segment 1, at 0x88000000)"),
    "data-at-end": (elf([program(), Segment(0xFFFFFFF0, CODE)]), "outside the guest's RAM (segment 1, at 0xfffffff0)"),
    "bss-around": (elf([program(), Segment(RAM - 0x1000, b"", memsz=0xF0000000)]), "RAM (segment 1, at 0x7ffff000)"),
    "data-across": (elf([program(), Segment(RAM + RAM_BYTES - 4, CODE)]), "RAM (segment 1, at 0x87fffffc)"),
    "bss-wraps": (elf([program(), Segment(RAM + 64, b"", memsz=0xFFFFFFF0)]), "RAM (segment 1, at 0x80000040)"),
    "file-larger": (elf([program(memsz=8)]), "(segment 0, p_filesz 0x00000034)"),
    "cut-off": (elf([program()])[:-4], "(segment 0, p_offset 0x00000060)"),
    "offset-wraps": (elf([program(offset=0xFFFFFFF0)]), "(segment 0, p_offset 0xfffffff0)"),
    "all-outside": (elf([Segment(0, CODE, vaddr=RAM), Segment(0x20000000, CODE)]), "RAM (segment 0, at 0x00000000)"),
    "object-file": (elf([], kind=OBJECT), "(e_type 1)"),
    "nothing": (elf([program(kind=NOTE)]), "nothing to load"),
    "only-headers": (elf([Segment(RAM - 0x1000, 52 + 32, flags=4)]), "nothing to load"),
    "table-outside": (elf([program()], headers=0x1000)[:0x1000], "(e_phoff 0x00001000)"),
    "too-many": (many(60000, 0x10000), "segments overlap"),
}


def main():
    folder = sys.argv[1]
    for names, files in (("starts", STARTS), ("beside", BESIDE), ("ours", OURS), ("refused", REFUSED)):
        with open("%s/%s.txt" % (folder, names), "w") as table:
            for name, file in files.items():
                words = ""
                if isinstance(file, tuple):
                    file, words = file
                with open("%s/%s.elf" % (folder, name), "wb") as out:
                    out.write(file)
                table.write("%s %s\n" % (name, words))
    # debug information, as it were: a hole in the file
    with open("%s/large.elf" % folder, "wb") as out:
        out.write(STARTS["plain"])
        out.truncate(80 << 20)
    with open("%s/too-large.elf" % folder, "wb") as out:
        out.write(STARTS["plain"])
        out.truncate(129 << 20)


main()
