#!/bin/sh
# SPDX-License-Identifier: MIT
# What the operator gives the machine reaches the guest's devices (cmdline.c): the command line in the firmware configuration, the date in
# the RTC. Dates are those of date(1); what is no date is refused.
set -u
: "${BUILD:=build}"
runs=0

# says WANTED OPTIONS... [-- ARGUMENTS...]
says() {
    wanted=$1
    shift
    got=$("$BUILD/selkirk" "$@" 2>&1)
    runs=$((runs + 1))
    [ "$got" = "$wanted" ] && return
    echo "cmdline: '$*' says '$got', not '$wanted'"
    exit 1
}

elf=$BUILD/platform/cmdline.elf
start=$(date -u -d 2026-01-01 +%s)
says "0 '' 0, $start" run "$elf"
says "12 'console=abc' 0, $start" run --append console=abc "$elf"
says "18 'console=abc x y z' 0, $start" run --append console=abc "$elf" x 'y z'
says "4 'one' 0, $start" run --gear 0 "$elf" one
for day in 1970-01-01 1999-12-31 2000-02-29 2026-11-30T12:34:56 2038-01-19T03:14:08 2100-03-01 2106-02-07; do
    says "0 '' 0, $(date -u -d "$day" +%s)" run --rtc $day "$elf"
done
says "0 '' 0, 1234567890" run --rtc 1234567890 "$elf"
says "0 '' 0, 951782400" run --engine rtl --rtc 2000-02-29 "$elf"
for day in '' now 2026-1-1 2026-13-01 2026-02-29 2100-02-29 2026-01-32 2026-00-01 1969-12-31 2500-01-01 2026-01-01T24:00:00 \
    2026-01-01T12:30 2026-01-01T12:60:00 2026-01-01x -1 99999999999 99999999999999999999999; do
    says "selkirk: --rtc wants a date of 1970 to 2499 (2026-01-31, 2026-01-31T12:30:00 or seconds since 1970), not '$day'" run --rtc "$day" "$elf"
done
echo "cmdline: $runs command lines and dates"
