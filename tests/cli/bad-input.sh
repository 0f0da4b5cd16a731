#!/bin/sh
# Bad input: one line on stderr, exit status 2, nothing written. Each case: expected words, then the arguments.
set -u
S="$BUILD/selkirk"
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
failed=0 n=0
GOOD="$BUILD/prog/rv32im/hello.elf"
[ -f "$GOOD" ] || GOOD=$(ls "$BUILD"/prog/rv32im/*.elf | head -n 1)

expect() { # words, arguments...
    words=$1; shift
    n=$((n + 1))
    "$S" "$@" >"$T/out" 2>"$T/err" </dev/null
    status=$?
    if [ $status -ne 2 ] || [ "$(wc -l <"$T/err")" -ne 1 ] || [ -s "$T/out" ] || ! grep -q -- "$words" "$T/err"; then
        echo "FAILED: selkirk $*: status $status, wanted 2 and '$words'; stderr:"; cat "$T/err"
        failed=$((failed + 1))
    fi
}

# patched COPY OFFSET BYTES(octal escapes): the good program with bytes changed
patched() {
    cp "$GOOD" "$T/$1"
    printf "$3" | dd of="$T/$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

patched class64.elf 4 '\002'
patched bigendian.elf 5 '\002'
patched notriscv.elf 18 '\003\000'
patched object.elf 44 '\000\000'
printf '\001' | dd of="$T/object.elf" bs=1 seek=16 conv=notrunc 2>/dev/null
head -c 60 "$GOOD" >"$T/short.elf"
size=$(wc -c <"$GOOD")
head -c $((size / 8)) "$GOOD" >"$T/truncated.elf"
echo "not an ELF" >"$T/text.elf"
: >"$T/empty.elf"
lines="$T/$(printf 'two\nlines\t.elf')"
echo "not an ELF" >"$lines"

expect "cannot read"        run "$T/missing.elf"
expect "cannot read"        run "$T"
expect "not an ELF"         run "$T/text.elf"
expect "not an ELF"         run "$T/empty.elf"
expect 'two\\nlines\\x09.elf.: not an ELF' run "$lines"
expect "64-bit"             run "$T/class64.elf"
expect "big-endian"         run "$T/bigendian.elf"
expect "not for RISC-V"     run "$T/notriscv.elf"
expect "not an executable"  run "$T/object.elf"
expect "truncated"          run "$T/truncated.elf"
expect "truncated"          run "$T/short.elf"
expect "segment [0-9]*, at 0x80" run --ram 4K "$GOOD"
expect "segment [0-9]*, at 0x80" lockstep --ram 4K "$GOOD"
expect "no guest program"   run
expect "one file"           dis "$GOOD" "$GOOD"
expect "unknown option"     run --frobnicate "$GOOD"
expect "unknown option"     run -x "$GOOD"
expect "engine wants iss or rtl, not .fpga." run --engine fpga "$GOOD"
expect "gear wants 0 to 1, not 7" run --gear 7 "$GOOD"
expect "wants"              run --gear one "$GOOD"
expect "wants"              run --max-cycles
expect "wants"              run --max-cycles 12q "$GOOD"
expect "power of two, or the sum of two" run --ram 7M "$GOOD"
expect "power of two, or the sum of two" run --ram 4098K "$GOOD"
expect "not 4097 bytes"     run --ram 4097 "$GOOD"
expect "to 24M (--memory ulx3s), not 33554432" run --memory ulx3s --ram 32M "$GOOD"
expect "to 24M (--memory ulx3s)" lockstep --ram 25165825 --memory ulx3s "$GOOD"
expect "to 96M (--memory uneven)" run --engine rtl --ram 128M --memory=uneven "$GOOD"
memories=$(sed -n 's/^MEMORY(\([a-z0-9_]*\),.*/\1/p' rtl/machine/memories.def | paste -s -d '|')
expect "memory wants $memories, not .sdram." run --memory sdram "$GOOD"
expect "memory wants $memories, not .." lockstep --memory= "$GOOD"
expect "memory wants $memories, not .ulx3,icache=8K." run --memory ulx3,icache=8K "$GOOD"
expect "memory ulx3s,icache=9K: icache wants a power of two up to 131072, not .9K." run --memory ulx3s,icache=9K "$GOOD"
expect "memory ulx3s,icache=8K,dcache=: dcache wants a power of two" lockstep --memory ulx3s,icache=8K,dcache= "$GOOD"
expect "memory ulx3s,dcache_ways=3: dcache_ways wants a number up to 2, not .3." run --memory ulx3s,dcache_ways=3 "$GOOD"
expect "memory ulx3s,chip_first=99999999999999999999999999: chip_first wants a number up to 255" run --memory ulx3s,chip_first=99999999999999999999999999 "$GOOD"
expect "memory ulx3s,way=1: .way=1. is no field of it" run --memory ulx3s,way=1 "$GOOD"
expect "memory ulx3s,icache: .icache. is no field of it with a value" run --memory ulx3s,icache "$GOOD"
expect "memory ulx3s,: .. is no field" run --memory ulx3s, "$GOOD"
expect "memory ideal,icache=8K: a cache, but no chip behind it" run --memory ideal,icache=8K "$GOOD"
expect "memory icesugar: --engine rtl has no caches for it (it has those of ulx3s)" run --engine rtl --memory icesugar "$GOOD"
expect "memory ulx3s,icache=16K: --engine rtl has icache=8192 and no other" run --engine rtl --memory ulx3s,icache=16K "$GOOD"
expect "memory ulx3s,dcache=0: --engine rtl has dcache=16384 and no other" lockstep --engine rtl --memory ulx3s,dcache=0 "$GOOD"
expect "lines, [0-9]* words; the store of --memory ulx3s,store_lines=8K has room for 8192 and 40960" run --memory ulx3s,store_lines=8K "$GOOD"
expect "words; the store of --memory ulx3s,store_room=32K has room for 8448 and 32768" lockstep --memory ulx3s,store_room=32K "$GOOD"
expect "memory ulx3s,chip_word=0: a cache, but no chip behind it" lockstep --memory=ulx3s,chip_word=0 "$GOOD"
expect "memory wants $memories" run --memory
expect "unknown option"     dis --memory ideal "$GOOD"
{ cat "$GOOD"; head -c 2200000 /dev/zero; } >"$T/large.elf"
expect "large.elf' and what is loaded with it are larger than the 2 MiB of FLASH (--memory ulx3s)" run --memory ulx3s "$T/large.elf"
expect "to 128M"            run --ram 512M "$GOOD"
expect "to 128M"            run --ram 8G "$GOOD"
expect "to 128M"            run --ram 9999999999G "$GOOD"
expect "to 128M"            run --ram 0 "$GOOD"
expect "wants"              run --ram 1T "$GOOD"
expect "needs --engine rtl" run --trace "$T/x.fst" "$GOOD"
expect "firmware image"     run --firmware "$T/text.elf" "$GOOD"
for offset in 9 24 5000 100000; do # a bit of the image turned over: in its header, the masks of its code, its code
    cp "$BUILD/firmware/selkirk.img" "$T/bad.img"
    byte=$(od -An -tu1 -j $offset -N 1 "$T/bad.img")
    printf "\\$(printf %o $((byte ^ 16)))" | dd of="$T/bad.img" bs=1 seek=$offset conv=notrunc 2>/dev/null
    expect "damaged: " run --firmware "$T/bad.img" "$GOOD"
    expect "damaged: " lockstep --firmware "$T/bad.img" "$GOOD"
done
for bytes in 40 100 5000 100000; do # cut off
    head -c $bytes "$BUILD/firmware/selkirk.stored" >"$T/bad.img"
    expect "firmware image '$T/bad.img': " run --firmware "$T/bad.img" "$GOOD"
done
expect "unknown command"    fly
expect "no file"            dis
expect "'$T/text.elf'"      dis "$T/text.elf"
expect "its own"            lockstep --random 2 "$GOOD"
expect "at least 32 bytes"  run --tcache 31 "$GOOD"
expect "unknown option"     lockstep --native "$GOOD"
expect "golden or spike"    lockstep --model qemu "$GOOD"
expect "make spike"         lockstep --model spike --model-file "$T/missing.so" "$GOOD"
expect "$T/text.elf"        lockstep --model spike --model-file "$T/text.elf" "$GOOD"
expect "needs --ram"        lockstep --random 1 --ram 4K
n=$((n + 1))
[ ! -e "$T/x.fst" ] || { echo "FAILED: x.fst was written"; failed=$((failed + 1)); }
for command in "" run dis lockstep; do
    n=$((n + 1))
    "$S" $command --help >"$T/out" 2>"$T/err" && [ -s "$T/out" ] && [ ! -s "$T/err" ] ||
        { echo "FAILED: selkirk $command --help"; failed=$((failed + 1)); }
done
echo "$n cases of bad input and help, $failed wrong"
[ $failed -eq 0 ]
