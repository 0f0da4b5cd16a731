#!/bin/sh
# SPDX-License-Identifier: MIT
# boot.sh qemu|selkirk KERNEL.elf: boots the Linux guest with the terminal as its console. CHECK=FILE: no terminal; the console's text
# goes into FILE, and the exit status says whether init's words are in it and the machine was turned off.
# With CHECK and TYPE=WORDS each word is typed as a line when init's prompt is there, and init must have said which commands it has.
# RAM_MEBIBYTES (32). ENGINE (iss), OPTIONS: how selkirk runs. LIMIT_SECONDS (with CHECK; 3600).
set -u
machine=$1 kernel=$2
: "${BUILD:=build}" "${ENGINE:=iss}" "${OPTIONS:=}" "${CHECK:=}" "${TYPE:=}" "${LIMIT_SECONDS:=3600}" "${RAM_MEBIBYTES:=32}"

case $machine in
qemu)
    set -- qemu-system-riscv32 -M virt -bios none -cpu rv32,mmu=false -m "$RAM_MEBIBYTES" -display none -monitor none -serial stdio -kernel
    ;;
selkirk)
    # shellcheck disable=SC2086 # OPTIONS is a list of words
    set -- "$BUILD/selkirk" run --engine "$ENGINE" --ram "${RAM_MEBIBYTES}M" --report $OPTIONS
    ;;
*)
    echo "usage: boot.sh qemu|selkirk KERNEL.elf" >&2
    exit 2
    ;;
esac
[ -n "$CHECK" ] || exec "$@" "$kernel"

# What the terminal's user types; nothing at all without TYPE.
typed_lines() {
    [ -n "$TYPE" ] || return
    for _ in $(seq "$LIMIT_SECONDS"); do
        grep -q 'selkirk> ' "$CHECK" && break
        sleep 1
    done
    # shellcheck disable=SC2086 # a list of words
    printf '%s\n' $TYPE
}

: >"$CHECK"
typed_lines | timeout "$LIMIT_SECONDS" "$@" "$kernel" >"$CHECK" 2>"$CHECK.report"
status=$?
if [ -n "$TYPE" ] && ! grep -q 'commands: uname' "$CHECK"; then
    status=1
fi
if [ $status -eq 0 ] && grep -q 'init: hello from user space' "$CHECK" && grep -q 'reboot: Power down' "$CHECK"; then
    echo "linux ($machine): booted to init and turned off; $(wc -l <"$CHECK") lines of log"
    exit 0
fi
echo "linux ($machine): exit status $status; the end of the log:"
tail -n 20 "$CHECK" "$CHECK.report"
exit 1
