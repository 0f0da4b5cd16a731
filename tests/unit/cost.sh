#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs cost.elf and fails if translating one guest instruction takes more RISC-V instructions than the limit.
#   tests/unit/cost.sh GUEST_RUN COST_ELF LIMIT
line=$("$1" "$2" | head -1)
echo "$line"
n=$(echo "$line" | sed -n 's/.*translating one takes \([0-9]*\) instructions/\1/p')
[ -n "$n" ] && [ "$n" -le "$3" ]
