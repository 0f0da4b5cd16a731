#!/bin/sh
# SPDX-License-Identifier: MIT
# What docs/00-tour.md and README.md show of the tools, and the figures that README.md takes from the ledgers. In a page each dump
# stands between  <!-- dump: NAME -->  and  <!-- end -->  , figures between  <!-- lines: NAME -->  and the same; the function dump_NAME below
# prints it. `dumps.sh write` puts them into the pages, `dumps.sh check` fails if one differs.
set -eu
: "${BUILD:=build}"
pages='docs/00-tour.md README.md'
showcase=$BUILD/prog/rv32im/mandel.elf
speed_ledger=tests/bench/results.txt clock_ledger=boards/usage.txt
guest=$BUILD/prog/rv32im/crc.elf
fault=$BUILD/tests/planted/twice.elf
block=$BUILD/tests/docs/tour_block
selkirk=$BUILD/selkirk
work=$BUILD/tests/docs/tour
rm -rf "$work"
mkdir -p "$work"

# run NAME OPTION...: a run of the guest with its report and tcache in $work/NAME.*
run() {
    name=$1
    shift
    "$selkirk" run --report --report-json "$work/$name.json" --dump-tcache "$work/$name.dump" "$@" \
        >"$work/$name.out" 2>"$work/$name.report"
    "$selkirk" dis "$work/$name.dump" >"$work/$name.dis"
}

# region NAME: the loop's region in run NAME's tcache
region() {
    awk -v head="^region guest $loop," '$0 ~ head { on = 1 } on && /^$/ { exit } on' "$work/$1.dis"
}

# counters KEY...: from the JSON report of the faulting guest, whole run
counters() {
    for key in "$@"; do
        sed -n "s/^ *\(\"$key\": [0-9]*\).*/\1/p" "$work/fault.json" | head -n 1
    done
}

dump_source() { sed -n '/^static uint32_t crc_bytes/,/^}/p' tests/prog/crc.c; }
dump_guest() { "$block" "$guest" crc_bytes.loop guest; }
dump_entry_guest() { "$block" "$guest" crc_bytes guest | head -n 6; }
dump_gear0() { sed -n '2,$ { /guest instr/p; /native cycles/p; /gear 0/p; }' "$work/gear0.report" | head -n 3; }
dump_ir() { "$block" "$guest" crc_bytes.loop ir; }
dump_entry_plain() { "$block" "$guest" crc_bytes ir no-fold | head -n 9; }
dump_entry_folded() { "$block" "$guest" crc_bytes ir | head -n 9; }
dump_bundles() { "$block" "$guest" crc_bytes.loop bundles; }
dump_unpacked() { "$block" "$guest" crc_bytes.loop bundles no-pack | tail -n 1; }
dump_unchained() { region nochain | tail -n 3; }
dump_chained() { region chained | tail -n 3; }
dump_report() { tail -n +2 "$work/chained.report"; }
dump_fault_guest() { "$block" "$fault" count.loop guest; }
dump_fault_bundles() { "$block" "$fault" count.loop bundles | grep '{'; }
dump_fault_counters() { counters enters fault_store_access rollbacks undo_walks undo_entries tc_invalidations sites_added; }
dump_fw_source() { sed -n '/^bool site_search/,/^}/p' translator/front/sites.c; }
dump_fw_riscv() {
    riscv64-unknown-elf-objdump -d --no-show-raw-insn -M no-aliases --disassemble=site_search "$BUILD/firmware/selkirk.elf" |
        grep '^1'
}
dump_fw_native() { "$selkirk" dis "$BUILD/firmware/selkirk.img" | awk '/<site_search>/ { on = 1; next } on && /^$/ { exit } on'; }

# make run as README.md shows it
dump_run() {
    "$selkirk" run --engine rtl --report "$showcase" 2>"$work/run.report" | tail -n 3
    sed -n "s|$BUILD/|build/|g; /^Selkirk report/p; /^  guest instr/p; /^  native cycles/p; /^  gear [01]/p; /^ region of interest/p" "$work/run.report" |
        awk '/^Selkirk/ { print "" } / region/ { print "  ..."; inside = 1 } !inside || !/gear/'
}

# speed COLUMN: of the ledger's geomean over all programs
speed() { awk -v column="$1" '$1 == "geomean" && $2 == "-" { print $column }' $speed_ledger; }

# clock DESIGN: its newest row in the ledger as the table has it
clock() {
    grep "^$1 " $clock_ledger | tail -n 1 |
        awk -F '|' '{ printf "%.1f MHz (%.1f to %.1f, seeds%s), %.1f k LUT4", $3, $4, $5, substr($10, 1, length($10) - 1), $6 / 1000 }'
}

dump_speed() {
    bench='`make bench`, [ledger](tests/bench/results.txt), [chart](docs/bench.svg)'
    timing='`make timing`, [ledger](boards/usage.txt)'
    echo "| what | figure | from |"
    echo "|---|---|---|"
    echo "| guest instructions per cycle on the RTL, steady state, gear 1, geomean of \`tests/prog\` | $(speed 5) | $bench |"
    echo "| gear 0 cycles / gear 1 cycles, whole run, geomean | $(speed 11) | the same |"
    echo "| native cycles to interpret / to translate one guest instruction, geomean | $(speed 9 | cut -d . -f 1) / $(speed 10) | the same |"
    echo "| core on ECP5-85F speed 6, median | $(clock core) | $timing |"
    echo "| VexRiscv with caches, the same flow | $(clock vexriscv) | the same |"
}

# page_with_dumps PAGE: the page on stdout, every dump as the tools print it now
page_with_dumps() {
    awk -v work="$work" '
        /^<!-- end -->$/ { skipping = 0 }
        !skipping
        /^<!-- (dump|lines): / {
            file = work "/dump_" $3
            fence = $2 == "dump:" ? "```" : ""
            print fence
            while ((got = getline line <file) > 0) { print line; n++ }
            if (got < 0 || n == 0) { print "docs: no dump " $3 >"/dev/stderr"; exit 1 }
            print fence
            close(file)
            n = 0
            skipping = 1
        }' "$1"
}

loop=$(dump_guest | sed -n '1s/:.*//p')
run gear0 --gear 0 "$guest"
run chained "$guest"
run nochain --no-chain "$guest"
run fault "$fault"
sed -i "s|$BUILD/|build/|g" "$work"/*.report
for name in $(sed -n 's/^<!-- \(dump\|lines\): \(.*\) -->$/\2/p' $pages); do
    "dump_$name" >"$work/dump_$name"
done
for page in $pages; do
    page_with_dumps "$page" >"$work/page.md"
    if [ "${1:-check}" = write ]; then
        cp "$work/page.md" "$page"
    elif ! diff -u "$page" "$work/page.md"; then
        echo "docs: $page is out of date: make docs"
        exit 1
    fi
done
echo "docs: the $(ls "$work"/dump_* | wc -l) dumps of $pages are what the tools print"
