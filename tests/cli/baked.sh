#!/bin/sh
# SPDX-License-Identifier: MIT
# selkirk dis of a dump made with --note-pcs: each place that is said to be made of a guest pc holds it, and without the switch there is none.
set -u
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
for switch in --note-pcs --eager; do
    "$BUILD/selkirk" run $switch --dump-tcache "$T/dump" "$BUILD/prog/rv32im/format.elf" >/dev/null || exit 1
    "$BUILD/selkirk" dis "$T/dump" >"$T/text$switch" || exit 1
done
python3 - "$T/text--note-pcs" "$T/text--eager" <<'END'
import re, sys

LOWER_BITS = 11  # of a constant that lui leaves to addi
bundles, n, wrong = {}, 0, 0
for line in open(sys.argv[1]):
    if m := re.match(r"  ([0-9a-f]{8})  \{ (.*) \}$", line):
        bundles[m[1]] = m[2].split(" | ")
    elif m := re.match(r"  ([0-9a-f]{8})  slot (\d): made of a guest pc, ([0-9a-f]{8})$", line):
        slot, pc = int(m[2]), int(m[3], 16)
        at = bundles[m[1]]
        text = at[slot - 1] if at[slot] == "lit" else at[slot]
        value = int(text.split(", ")[-1], 0)
        parts = {"li32": pc, "li": pc, "lui": pc >> LOWER_BITS, "addi": pc & (1 << LOWER_BITS) - 1}
        wrong += (value - parts[text.split()[0]]) % (1 << 32 - (LOWER_BITS if text.startswith("lui") else 0)) != 0
        n += 1
others = open(sys.argv[2]).read().count("made of a guest pc")
print(f"baked: {n} places in the dump, {wrong} do not hold their guest pc, {others} without --note-pcs")
sys.exit(n < 20 or wrong != 0 or others != 0)
END
