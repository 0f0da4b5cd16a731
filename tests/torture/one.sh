#!/bin/sh
# SPDX-License-Identifier: MIT
# one.sh ARCH NAME: compiles one torture program, runs it in QEMU and on build/selkirk, and prints one line:
#
#   ARCH NAME QEMU SELKIRK       each of the last two: pass, fail:STATUS, or -  (not compiled; not run because QEMU does not pass)
#
# The ELF file and QEMU's word are kept in $BUILD/torture/ARCH and made again when what they are made from is newer.
# Programs named in fence.txt write code to the stack and run it; they are compiled with Zifencei, so that the compiler says fence.i.
# ENGINE (iss), GEAR (1), OPTIONS: how selkirk runs. LOCKSTEP=1: in lock-step with the golden interpreter instead.
set -u
arch=$1 name=$2
dir=$(dirname "$0")
: "${BUILD:=build}" "${ENGINE:=iss}" "${GEAR:=1}" "${OPTIONS:=}" "${LOCKSTEP:=}" "${HANG_SECONDS:=600}"
source=$BUILD/torture/src/$name.c
out=$BUILD/torture/$arch
elf=$out/$name.elf
own=$out/$name.$$ # two of us may be at the same program
trap 'rm -f "$own".*' EXIT
start="$BUILD/prog/$arch/start.o $BUILD/prog/$arch/uart.o $out/support.o"

# The options a program asks for in its comments (dg-options), except those for some targets only.
options_of() {
    sed -n 's/.*{ *dg-\(additional-\)*options  *{* *"\([^"]*\)" *}.*/\2/p' "$source"
}

compile() {
    [ "$elf" -nt "$source" ] && [ "$elf" -nt "$out/support.o" ] && return
    compiled_for=$arch
    grep -qx "$name" "$dir/fence.txt" && compiled_for=${arch}_zifencei
    # shellcheck disable=SC2046,SC2086 # lists of words
    riscv64-unknown-elf-gcc --specs=picolibc.specs -mabi=ilp32 -march="$compiled_for" -O2 -w -DSTACK_SIZE=0x40000 $(options_of) \
        -c "$source" -o "$own.o" 2>"$own.log" &&
        riscv64-unknown-elf-gcc --specs=picolibc.specs -mabi=ilp32 -march="$arch" -nostartfiles -T tests/prog/guest.ld \
            -Wl,--no-warn-rwx-segments $start "$own.o" -lm -o "$own.elf" 2>>"$own.log" &&
        mv "$own.elf" "$elf"
}

qemu() {
    tests/qemu.sh "$elf" </dev/null >/dev/null 2>&1
}

selkirk() {
    command=run
    [ -n "$LOCKSTEP" ] && command=lockstep
    # shellcheck disable=SC2086 # OPTIONS is a list of words
    timeout "$HANG_SECONDS" "$BUILD/selkirk" $command --engine "$ENGINE" --gear "$GEAR" $OPTIONS "$elf" </dev/null >/dev/null 2>&1
}

# verdict STATUS
verdict() {
    if [ "$1" -eq 0 ]; then echo pass; else echo "fail:$1"; fi
}

if ! compile; then
    echo "$arch $name - -"
    exit
fi
if [ ! "$out/$name.qemu" -nt "$elf" ]; then
    qemu
    verdict $? >"$own.qemu"
    mv "$own.qemu" "$out/$name.qemu"
fi
reference=$(cat "$out/$name.qemu")
if [ "$reference" = pass ]; then
    selkirk
    echo "$arch $name $reference $(verdict $?)"
else
    echo "$arch $name $reference -"
fi
