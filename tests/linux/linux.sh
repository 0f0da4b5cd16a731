#!/bin/sh
# SPDX-License-Identifier: MIT
# linux.sh SOURCE.tar.xz INIT OUT [CONFIG]: builds Linux 6.1 for a 32-bit guest without MMU, with INIT (a bFLT file) as the only program of its
# initramfs, and leaves OUT/linux.elf, an ELF file that is loaded and entered at 0x80000000. CONFIG: more wishes, laid over those of `config`.
#
# Linux 6.1 has no rv32 without MMU; two lines of arch/riscv/Kconfig are in the way and are changed here:
# ARCH_RV32I selects MMU (that line goes), and PAGE_OFFSET has no default for 32 bits without MMU (it gets one).
# The build says nothing of when and by whom it was made, so the same sources give the same kernel. JOBS: of the kernel's make (2).
set -eu
tarball=$1 init=$(realpath "$2") out=$(realpath -m "$3")
dir=$(cd "$(dirname "$0")" && pwd)
more=${4:-/dev/null}
: "${JOBS:=2}"
source=$out/source
unset MAKEFLAGS MFLAGS MAKELEVEL

unpack() {
    [ -e "$source/.unpacked" ] && return
    rm -rf "$source" && mkdir -p "$source"
    tar -xJf "$tarball" -C "$source" --strip-components=1
    kconfig=$source/arch/riscv/Kconfig
    sed -i -e '/^config ARCH_RV32I$/,/^config ARCH_RV64I$/ { /^\tselect MMU$/d }' \
        -e '/^config PAGE_OFFSET$/,/^config / s/^\tdefault 0xC0000000 if 32BIT$/\tdefault 0x80000000 if 32BIT \&\& !MMU\n&/' "$kconfig"
    [ "$(grep -c '^	default 0x80000000 if 32BIT && !MMU$' "$kconfig")" = 1 ]
    touch "$source/.unpacked"
}

# The archive of files that the kernel unpacks at its start: a console and init. The archive keeps a file's time.
write_initramfs_list() {
    cp "$init" "$out/init"
    touch -d '2026-01-01 UTC' "$out/init"
    cat >"$out/initramfs.list" <<LIST
dir /dev 0755 0 0
nod /dev/console 0600 0 0 c 5 1
file /init $out/init 0755 0 0
LIST
}

kernel_make() {
    make -C "$source" -s -j"$JOBS" ARCH=riscv CROSS_COMPILE=riscv64-unknown-elf- \
        KBUILD_BUILD_TIMESTAMP='2026-01-01' KBUILD_BUILD_USER=selkirk KBUILD_BUILD_HOST=selkirk KBUILD_BUILD_VERSION=1 "$@"
}

configure() {
    {
        grep -oE 'CONFIG_[A-Z0-9_]+' "$more" | grep -vwFf - "$dir/config"
        cat "$more"
        echo "CONFIG_INITRAMFS_SOURCE=\"$out/initramfs.list\""
    } >"$out/allconfig"
    kernel_make KCONFIG_ALLCONFIG="$out/allconfig" allnoconfig
    # A wish that the kernel's configuration does not grant would go unnoticed otherwise.
    grep '^CONFIG_' "$out/allconfig" | while read -r wish; do
        grep -qxF "$wish" "$source/.config" || { echo "linux.sh: not granted: $wish" >&2; exit 1; }
    done
}

mkdir -p "$out"
unpack
write_initramfs_list
configure
kernel_make vmlinux
# The kernel's segments have load addresses counted from 0; a machine without boot loader needs the real ones.
riscv64-unknown-elf-objcopy --strip-all --remove-section='.note*' --remove-section=.comment --remove-section=.riscv.attributes \
    --change-section-lma '*+0x80000000' "$source/vmlinux" "$out/linux.elf"
