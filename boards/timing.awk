# SPDX-License-Identifier: MIT
# Reads nextpnr-ecp5 logs named DESIGN-sSEED.log and prints one line a design: clock (median, least, most) and size. The
# last "Max frequency" of a log is the one after routing. LUT4 are all of them: logic, carry chains and distributed RAM.
# With ledger=1 the line is made of fields separated by " | ", for boards/ledger.sh.
# Fails if the median clock of the design `must_meet` is below min_mhz.
FNR == 1 {
    design = FILENAME
    sub(/.*\//, "", design)
    sub(/-s[0-9]+\.log$/, "", design)
    seed = FILENAME
    sub(/.*-s/, "", seed)
    sub(/\.log$/, "", seed)
    if (!(design in runs))
        order[++designs] = design
    run = ++runs[design]
    seeds[design] = seeds[design] (run > 1 ? " " : "") seed
}
/Max frequency for clock/ { match($0, /: [0-9.]+ MHz/); mhz[design, run] = substr($0, RSTART + 2, RLENGTH - 6) + 0 }
/Total LUT4s:/ { split($4, part, "/"); lut[design] = part[1] }
/ TRELLIS_FF:/ { ff[design] = count() }
/ DP16KD:/ { bram[design] = count() }
/ MULT18X18D:/ { dsp[design] = count() }
/Critical path report/ { in_path = /for clock/ }
in_path && /Info: +clk-to-q / { first[design, run] = $NF }
in_path && /Info: +setup / { last[design, run] = $NF; delay[design, run] = $4 }

# The number after the colon, as in "Info:   TRELLIS_FF:  1949/  83640   2%".
function count(   text) {
    text = $0
    sub(/.*: */, "", text)
    sub(/\/.*/, "", text)
    return text + 0
}

function sort_clocks(d,   i, j, t) {
    for (i = 1; i <= runs[d]; i++)
        sorted[i] = mhz[d, i]
    for (i = 2; i <= runs[d]; i++)
        for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) {
            t = sorted[j]
            sorted[j] = sorted[j - 1]
            sorted[j - 1] = t
        }
}

END {
    if (!ledger)
        printf "%-10s %8s %8s %8s %7s %7s %5s %4s  seeds\n", \
            "design", "MHz", "least", "most", "LUT4", "FF", "BRAM", "DSP"
    for (i = 1; i <= designs; i++) {
        d = order[i]
        sort_clocks(d)
        median = sorted[int((runs[d] + 1) / 2)]
        format = ledger ? "%s | %.1f | %.1f | %.1f | %d | %d | %d | %d | %s \n" : \
            "%-10s %8.1f %8.1f %8.1f %7d %7d %5d %4d  %s\n"
        printf format, d, median, sorted[1], sorted[runs[d]], lut[d], ff[d], bram[d], dsp[d], seeds[d]
        if (d == must_meet && median < min_mhz)
            failed = sprintf("timing: %s reaches %.1f MHz, less than %d MHz", d, median, min_mhz)
    }
    if (!ledger)
        for (i = 1; i <= designs; i++)
            for (run = 1; run <= runs[order[i]]; run++)
                printf "%s, critical path of run %d: %s ns from %s to %s\n", order[i], run, delay[order[i], run], \
                    first[order[i], run], last[order[i], run]
    if (failed) {
        print failed > "/dev/stderr"
        exit 1
    }
}
