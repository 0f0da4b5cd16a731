#!/bin/sh
# SPDX-License-Identifier: MIT
# What the ahead-of-time translator must refuse: one line on stderr, exit status 2, no image written.
# Usage: tests/aot/bad.sh AOT DIRECTORY   (DIRECTORY has hello.elf and hello.o)
aot=$1 dir=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0 count=0

refuse() { # description, arguments of aot
    what=$1
    shift
    rm -f "$work/image"
    "$aot" "$@" >"$work/out" 2>"$work/err"
    status=$?
    count=$((count + 1))
    if [ $status -ne 2 ] || [ "$(wc -l <"$work/err")" -ne 1 ] || [ -e "$work/image" ]; then
        echo "$what: status $status, message: $(cat "$work/err")"
        failures=$((failures + 1))
    fi
}

refuse "no arguments"
refuse "unknown option" --frobnicate "$dir/hello.elf" "$work/image"
refuse "dump of no pass" --dump frobnicate "$dir/hello.elf" "$work/image"
refuse "pass that is needed" --no-encode "$dir/hello.elf" "$work/image"
refuse "missing file" "$work/none.elf" "$work/image"
echo "no ELF" >"$work/text"
refuse "text" "$work/text" "$work/image"
refuse "object file" "$dir/hello.o" "$work/image"
refuse "no relocations" "$dir/hello.qemu.elf" "$work/image"
refuse "64-bit ELF" "$aot" "$work/image"
refuse "image cannot be written" "$dir/hello.elf" "$work/none/image"
if mknod "$work/full" c 1 7 2>/dev/null; then # root only
    refuse "image on a full device" "$dir/hello.elf" "$work/full"
    [ -c "$work/full" ] || { echo "a device was removed"; failures=$((failures + 1)); }
fi
refuse "missing profile" --profile "$work/none" "$dir/hello.elf" "$work/image"
refuse "text as profile" --profile "$work/text" "$dir/hello.elf" "$work/image"
echo "7ffffff0 1 1" >"$work/profile"
refuse "profile of another image" --profile "$work/profile" "$dir/hello.elf" "$work/image"
bytes=$(wc -c <"$dir/hello.elf")
for part in 1 10 60 100 500 900 999; do
    head -c $((bytes * part / 1000)) "$dir/hello.elf" >"$work/cut"
    refuse "cut to $part/1000" "$work/cut" "$work/image"
done

# Code that has no native meaning: built from assembly, each with the smallest start around it.
unsupported() { # description, assembly
    printf '.section .text.start,"ax"\n.globl _start\n_start:\n%b\n1: j 1b\n' "$2" >"$work/a.s"
    if ! riscv64-unknown-elf-gcc -march=rv32em -mabi=ilp32e -mno-relax -nostdlib -Wl,--no-relax,--emit-relocs,-Ttext=0x10000000 \
        -Wl,--no-warn-rwx-segments -o "$work/a.elf" "$work/a.s"; then
        echo "$1: does not assemble"
        failures=$((failures + 1))
        return
    fi
    refuse "$1" "$work/a.elf" "$work/image"
}
unsupported "system call" "ecall"
unsupported "guest csr" ".option arch, +zicsr\ncsrr a0, cycle"
unsupported "unknown word" ".word 0xffffffff"
unsupported "difference of code addresses" ".text\nf: nop\n.data\nd: .word f - _start\n.section .text.start"
unsupported "load of text" "lui a0, %hi(_start)\nlw a0, %lo(_start)(a0)"
unsupported "store to text" "lui a0, %hi(_start)\nsw a0, %lo(_start)(a0)"
echo "aot refusals: $count cases, $failures wrong"
[ $failures -eq 0 ]
