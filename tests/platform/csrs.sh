#!/bin/sh
# SPDX-License-Identifier: MIT
# csrs.S, which tries every CSR number, in QEMU and here (gear 0, gear 1, in lock-step): they agree, but for the rows of the first table
# of docs/guest-csrs.md, which must say what each of the two does. SHOW=1 prints all differences.
set -u
: "${BUILD:=build}" "${SHOW:=}"
elf=$BUILD/platform/csrs.elf table=docs/guest-csrs.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# values LOG: "number what" for every CSR that exists; what: "ro value", "initial/after ones/after zeros", "U mode". marchid and mimpid
# are QEMU's version; mepc is the place of the last trap first of all.
values() {
    awk 'function short(hex) { sub(/^0+/, "", hex); return hex == "" ? "0" : hex }
        NF == 5 { if ($1 == "00000341") $3 = "0"
                  if ($1 ~ /^00000f1[23]$/ && $3 != "00000000") $3 = "version"
                  what = short($3) "/" short($4) "/" short($5)
                  if ($2 == "0000000a") what = "ro " short($3)
                  else if ($2 == "00000100" || $2 == "00000200") what = "U mode"
                  else if ($2 != "00000000") what = "traps " short($2) " " what
                  print ($2 == "00000100" ? "U0:" : $2 == "00000200" ? "U:" : "") "0x" short($1), what }' "$1"
}

# compare QEMU HERE: "number | QEMU | here" where they differ
compare() {
    awk 'NR == FNR { key = $1; sub(/^[^ ]* /, ""); qemu[key] = $0; next }
        { key = $1; sub(/^[^ ]* /, ""); here[key] = $0 }
        END { for (k in qemu) if (!(k in here)) here[k] = "none"
              for (k in here) { q = (k in qemu) ? qemu[k] : "none"; if (q != here[k]) print k " | " q " | " here[k] } }' "$1" "$2" | sort
}

# expected: the same from the table, whose first column is a number or a range of numbers
expected() {
    awk -F ' *[|] *' 'function number(text, n, i) { n = 0; sub(/^0x/, "", text)
            for (i = 1; i <= length(text); i++) n = 16 * n + index("0123456789abcdef", substr(text, i, 1)) - 1
            return n }
        $2 ~ /^(U:|U0:)?0x[0-9a-f]+( to 0x[0-9a-f]+)?$/ {
            prefix = ""; range = $2
            if (match(range, /^U0?:/)) { prefix = substr(range, 1, RLENGTH); range = substr(range, RLENGTH + 1) }
            n = split(range, ends, " to ")
            for (k = number(ends[1]); k <= number(ends[n]); k++) printf "%s0x%x | %s | %s\n", prefix, k, $4, $5 }' "$table" | sort
}

tests/qemu.sh "$elf" -cpu rv32,mmu=false,s=false,h=false,f=false,d=false </dev/null >"$work/qemu.log" 2>&1
values "$work/qemu.log" >"$work/qemu"
expected >"$work/expected"
for gear in 0 1; do
    "$BUILD/selkirk" run --gear $gear "$elf" >"$work/here.log" 2>"$work/err" </dev/null
    values "$work/here.log" >"$work/here"
    compare "$work/qemu" "$work/here" >"$work/differences"
    [ -z "$SHOW" ] || cat "$work/differences"
    if [ "$(wc -l <"$work/here")" -lt 200 ] || ! diff "$work/expected" "$work/differences" >"$work/diff"; then
        echo "csrs: at gear $gear not as $table says (<: the page, >: QEMU | here):"
        head -n 20 "$work/diff" "$work/err"
        exit 1
    fi
done
"$BUILD/selkirk" lockstep "$elf" >"$work/out" 2>&1 </dev/null || {
    tail -n 3 "$work/out"
    exit 1
}
echo "csrs: $(wc -l <"$work/here") CSRs (with those of U mode), $(wc -l <"$work/differences") of them not as in QEMU, all as $table says"
