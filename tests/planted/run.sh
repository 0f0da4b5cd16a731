#!/bin/sh
# SPDX-License-Identifier: MIT
# Planted bugs: proof that the checks can fail. Each NAME.bug in this folder is a shell fragment that sets
#   file     the source that gets the bug
#   edit     the bug as a sed script; it must change exactly $lines lines (default 1): if not, bring it up to date
#   needs    what make has to build for the checks, names in the folder $OUT
#   checks   one a line,  command => regular expression : with the bug the command must fail and print that; without the bug it
#            must pass. $MAIN is the build folder, $OUT that of the copied tree with the bug, or $MAIN when there is none; $TREE is that tree, or this one.
#
#   run.sh GROUP [NAME...]     GROUP: a folder name under $BUILD/planted; default: all bugs but rtl-* and spike-*
#
# The bugs are planted one after the other into one copy of the tree, so that make rebuilds only what a bug touches.
# VERBOSE=1 prints by which message each was noticed.
set -u
here=tests/planted
: "${BUILD:=build}" "${MAKE:=make}" "${JOBS:=2}"
unset MAKEFLAGS MFLAGS MAKELEVEL

# absolute PATH: the copied tree is another working folder
absolute() {
    case $1 in /* | '') echo "$1" ;; *) echo "$PWD/$1" ;; esac
}

# fail TEXT: counts a failure of bug $name
fail() {
    echo "FAIL $name: $1"
    failed=$((failed + 1))
}

# load NAME: the bug's description
load() {
    name=$1 file='' edit='' needs='' checks='' lines=1
    . "$here/$1.bug"
    case $checks in *' => '*) ;; *) fail "it has no check" ;; esac
}

# build: what bug $name needs, in the copied tree; the firmware is not trained, which takes longer than all else
build() {
    (cd "$tree" && "$MAKE" -s -j "$JOBS" BUILD="$OUT" FW_TRAINING= $(printf "$OUT/%s\n" $needs)) >"$work/make.log" 2>&1 && return
    fail "make $needs:"
    tail -n 5 "$work/make.log"
    return 1
}

# plant: puts bug $name into the tree
plant() {
    cp "$tree/$file" "$work/original"
    sed "$edit" "$work/original" >"$tree/$file"
    changed=$(diff "$work/original" "$tree/$file" | grep -c '^>')
    [ "$changed" -eq "$lines" ] && return
    fail "its edit changes $changed lines of $file, not $lines: bring it up to date"
    return 1
}

# run_checks IS_PLANTED: all checks of bug $name
run_checks() {
    echo "$checks" | sed '/^[[:space:]]*$/d' >"$work/checks"
    while read -r line <&3; do
        command=${line%% => *} message=${line##* => }
        timeout "${HANG_SECONDS:-600}" sh -c "$command" >"$work/log" 2>&1 </dev/null
        status=$?
        n_checks=$((n_checks + 1))
        if [ "$1" = no ]; then
            [ $status -eq 0 ] && continue
            fail "a check fails without the bug: $command"
            tail -n 5 "$work/log"
        elif [ $status -eq 0 ]; then
            fail "not noticed by: $command"
        elif ! grep -qE -e "$message" "$work/log"; then
            fail "'$command' fails, but without a message like '$message':"
            tail -n 5 "$work/log"
        elif [ -n "${VERBOSE:-}" ]; then
            echo "$name: $(grep -E -m 1 -e "$message" "$work/log")"
        fi
    done 3<"$work/checks"
}

group=$1
shift
[ $# -gt 0 ] || set -- $(cd $here && ls | sed -n '/^rtl-/d; /^spike-/d; s/\.bug$//p')
MAIN=$(absolute "$BUILD")
VENV=$(absolute "${VENV:-$BUILD/venv}")
case ${VERILATOR:-} in */*) VERILATOR=$(absolute "$VERILATOR") ;; esac
case ${YOSYS:-} in */*) YOSYS=$(absolute "$YOSYS") ;; esac
work=$MAIN/planted/$group
tree=$work/tree OUT=$work/build
TREE=$tree
export MAIN OUT TREE VENV VERILATOR YOSYS
failed=0 n_checks=0
rm -rf "$work"
mkdir -p "$tree"
git ls-files --cached --others --exclude-standard | while read -r f; do [ -e "$f" ] && echo "$f"; done |
    xargs cp -p --parents -t "$tree"

for bug in "$@"; do
    load "$bug"
    OUT=$MAIN TREE=. run_checks no
done
for bug in "$@"; do
    load "$bug"
    plant && build && run_checks yes
    cp "$work/original" "$tree/$file"
done
echo "$# planted bugs, $n_checks checks, $failed wrong"
[ "$failed" -eq 0 ]
