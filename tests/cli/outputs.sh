#!/bin/sh
# SPDX-License-Identifier: MIT
# What cannot be written is found out before the run or at its end: one line, status 74, the other outputs all there. What cannot take place
# loses nothing that was there before. A full disk is played by a limit on the size of files (ulimit -f).
set -u
S="$BUILD/selkirk" G="$BUILD/prog/rv32im/sieve.elf"
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
failed=0 n=0

# expect STATUS WORDS: of the run that $status, $T/out and $T/err tell of; one line on stderr
expect() {
    n=$((n + 1))
    if [ $status -ne "$1" ] || [ "$(wc -l <"$T/err")" -ne 1 ] || ! grep -q -- "$2" "$T/err"; then
        echo "FAILED: $3: status $status, wanted $1 and '$2'; stderr:"; cat "$T/err"
        failed=$((failed + 1))
    fi
}
check() { # name, condition status
    n=$((n + 1))
    [ "$2" -eq 0 ] || { echo "FAILED: $1"; failed=$((failed + 1)); }
}
selkirk() { "$S" "$@" >"$T/out" 2>"$T/err" </dev/null; status=$?; }

# --- before the run: nothing is run, nothing is left behind
for option in --report-json --dump-tcache "--engine rtl --trace"; do
    for place in "$T/none/x:No such file" "/dev/full:No space left" "$T:Is a directory"; do
        selkirk run $option "${place%:*}" "$G"
        expect 74 "cannot write '${place%:*}': ${place#*:}" "$option ${place%:*}"
        [ ! -s "$T/out" ]; check "$option ${place%:*}: the guest has run" $?
    done
done
selkirk run --engine rtl --trace /dev/null "$G"; expect 74 "regular file" "waves into a device"
selkirk run --report-json "$T/new" --dump-tcache "$T/none/x" "$G"; expect 74 "none/x" "the second of two"
[ ! -e "$T/new" ]; check "an empty file is left behind" $?

# --- refused for another reason: what was there stays
cp "$G" "$T/copy.elf"; echo "old" >"$T/old"; echo "not an ELF" >"$T/text.elf"
selkirk run --report-json "$T/old" "$T/text.elf"; expect 2 "" "not an ELF"
selkirk run --report-json "$T/old" --dump-tcache /dev/full "$G"; expect 74 "/dev/full" "old file, full device"
[ "$(cat "$T/old")" = old ]; check "a refused run has overwritten a file" $?
selkirk run --report-json "$T/one" --dump-tcache "$T/one" "$G"; expect 2 "one file" "two outputs in one file"
selkirk run --report-json "$T/copy.elf" "$T/copy.elf"; expect 2 "overwritten" "an output that is the guest"
ln "$T/copy.elf" "$T/link"
selkirk run --dump-tcache "$T/link" "$T/copy.elf"; expect 2 "overwritten" "an output that is the guest by another name"
cmp -s "$G" "$T/copy.elf"; check "the guest was overwritten" $?

# --- at the end
small() { # blocks of 512 or 1024 bytes, arguments...
    blocks=$1; shift
    (ulimit -f "$blocks"; exec "$S" "$@") </dev/null 2>&1 >/dev/null | cat >"$T/err"
    (ulimit -f "$blocks"; exec "$S" "$@") </dev/null >/dev/null 2>/dev/null; status=$?
}
small 2 run --report-json "$T/j" "$G"; expect 74 "cannot write '$T/j': File too large" "JSON on a full disk"
small 2 run --dump-tcache "$T/d" "$G"; expect 74 "cannot write '$T/d': File too large" "tcache dump on a full disk"
small 32 run --report-json "$T/j" --dump-tcache "$T/d" "$BUILD/prog/rv32im/format.elf"; expect 74 "cannot write '$T/d'" "the JSON fits, the dump does not"
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$T/j"; check "the JSON is not there" $?
small 64 run --engine rtl --trace "$T/w" "$G"; expect 74 "cannot write '$T/w'" "waves on a full disk"
selkirk run --engine rtl --trace "$T/w" --max-cycles 3000 "$G"; expect 124 "limit" "waves"
[ "$(head -c 1 "$T/w" | od -An -tu1 | tr -d ' ')" = 0 ] && [ "$(wc -c <"$T/w")" -gt 10000 ]; check "no waves" $?

# --- console and standard streams
"$S" run "$G" >/dev/full 2>"$T/err" </dev/null; status=$?; expect 74 "console: No space left" "console on /dev/full"
{ "$S" run --report-json "$T/j" "$G" 2>"$T/err" </dev/null; echo $? >"$T/status"; } | true
status=$(cat "$T/status"); expect 74 "console: Broken pipe" "console into a closed pipe"
grep -q '"ended_by": "console"' "$T/j"; check "report after a closed pipe" $?
"$S" run "$G" >&- 2>"$T/err" </dev/null; status=$?; expect 74 "console: Bad file" "console closed"
"$S" run --report-json "$T/j" "$G" >&- 2>"$T/err" </dev/null
head -c 1 "$T/j" | grep -q '{'; check "console bytes in another file" $?
for command in "--help" "run --help" "dis $BUILD/firmware/selkirk.img"; do
    "$S" $command >/dev/full 2>"$T/err"; status=$?; expect 74 "standard output: No space left" "$command"
done
{ "$S" dis "$BUILD/firmware/selkirk.img" 2>"$T/err"; echo $? >"$T/status"; } | head -n 1 >/dev/null
status=$(cat "$T/status"); expect 74 "standard output: Broken pipe" "dis into a closed pipe"
"$S" run --report "$G" >/dev/null 2>/dev/full </dev/null; [ $? -eq 74 ]; check "report on a stderr that is full" $?
"$S" run --report "$G" >/dev/null 2>&- </dev/null; [ $? -eq 74 ]; check "report on a stderr that is closed" $?
"$S" run "$BUILD/platform/echo.elf" --max-cycles 200000 >/dev/null 2>"$T/err" <&-; status=$?; expect 124 "limit" "stdin closed"

# --- names
name=$(printf 'a\nb"\\\377\t.elf'); cp "$G" "$T/$name"
selkirk run --report-json "$T/j" "$T/$name"
python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["guest"].endswith("a\nb\"\\\ufffd\t.elf")' "$T/j"
check "JSON with a name that is not UTF-8" $?
selkirk run "$T/none$name"; expect 2 'nonea\\nb"\\.xff.x09.elf' "a name with a new line"
echo "outputs: $n checks, $failed wrong"
[ $failed -eq 0 ]
