#!/bin/sh
# SPDX-License-Identifier: MIT
# random.sh ENGINE PROGRAMS SEED [LENGTH]: random guest programs of about LENGTH instructions in lock-step: as they are, at gear 0,
# with each optimisation off in turn, each chaos switch on, and the translation cache tiny. Every set of switches runs PROGRAMS
# programs with seeds of its own; a set with --chaos-evict, whose programs take many times as long (they are translated again
# and again), a fifth of them. Prints a table: one line a set. JOBS: how many sets at the same time. MODEL: what to compare with (golden).
set -u
: "${BUILD:=build}" "${JOBS:=1}" "${MODEL:=golden}"
export MODEL

# one WORK ENGINE PROGRAMS LENGTH FIRST_SEED NUMBER SWITCHES: runs set NUMBER, its line of the table to WORK/NUMBER
one() {
    work=$1 engine=$2 programs=$3 length=$4 number=$6
    seed=$(($5 + (number - 1) * programs))
    shift 6
    case "$*" in *--chaos-evict*) programs=$(((programs + 4) / 5)) ;; esac
    "$BUILD/selkirk" lockstep --model "$MODEL" --engine "$engine" --random "$programs" --length "$length" --seed "$seed" "$@" \
        >"$work/$number.log" 2>&1 </dev/null
    status=$?
    if [ $status -ne 0 ]; then
        echo "$* ($engine, seeds from $seed):" >"$work/$number.failed"
        tail -n 60 "$work/$number.log" >>"$work/$number.failed"
    fi
    { echo 'selkirk: lockstep: 0 programs 0 0 0 0 0 0 0 0'; cat "$work/$number.log"; } |
        grep '^selkirk: lockstep: [0-9]* program' | tail -n 1 | tr -c '0-9\n' ' ' | {
        read -r n insns commits _ traps interrupts latency rollbacks _
        printf '%-58s %4s %9s %8s %11s %11s %9s %10s %9s %7s %5s\n' "$*" "$engine" "$seed" "$n" "$insns" "$commits" "$traps" \
            "$interrupts" "$rollbacks" "$latency" "$((status != 0))" >"$work/$number"
    }
}

if [ "$1" = --one ]; then
    shift
    one "$@"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/sets" <<'SETS'
--gear 1
--gear 0
--no-chain
--no-learn
--no-late
--no-fold
--no-pack
--no-jtl
--misaligned-traps
--chaos-sched
--chaos-evict
--eager
--eager --chaos-sched
--eager --tcache 4K
--eager --tcache 4K --chaos-sched --no-fold
--eager --no-pack --no-chain --no-jtl
--eager --tcache 4K --note-pcs
--chaos-rollback 1
--chaos-rollback 5 --eager
--chaos-irq 128
--chaos-irq 1500 --eager
--chaos-irq 700 --chaos-rollback 3 --chaos-sched --eager
--chaos-irq 2500 --chaos-evict --tcache 4K
SETS
sets=$(wc -l <"$work/sets")
nl "$work/sets" | xargs -P "$JOBS" -L 1 sh "$0" --one "$work" "$1" "$2" "${4:-10000}" "$3"

printf '%-58s %4s %9s %8s %11s %11s %9s %10s %9s %7s %5s\n' switches on 'seeds>=' programs instructions commits traps interrupts rollbacks latency wrong
for n in $(seq "$sets"); do cat "$work/$n"; done | tee "$work/table"
cat "$work"/*.failed 2>/dev/null
awk -v sets="$sets" -v engine="$1" '
    { n = NF; p += $(n-7); i += $(n-6); c += $(n-5); t += $(n-4); q += $(n-3); r += $(n-2); w += $n; if ($(n-1) > l) l = $(n-1) }
    END { printf "random: %d sets of switches on %s, %d programs, %.0f guest instructions in lock-step, %.0f commits, %.0f traps, " \
          "%.0f interrupts (latency up to %d cycles), %.0f forced rollbacks: %d sets with a difference\n", sets, engine, p, i, c, t, q, l, r, w
          exit w != 0 || NR != sets }' "$work/table"
