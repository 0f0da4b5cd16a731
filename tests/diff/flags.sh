#!/bin/sh
# SPDX-License-Identifier: MIT
# flags.sh ENGINE PROGRAMS SEED: random guest programs in lock-step with each optimisation off in turn, each chaos switch
# on, and the translation cache tiny. Every run gets seeds of its own.
set -u
engine=$1 programs=$2 seed=$3
insns=0 runs=0
for flags in --no-chain --no-learn --no-late --no-fold --no-pack --no-jtl --chaos-sched --chaos-evict --eager '--eager --chaos-sched' --misaligned-traps \
    '--eager --tcache 4K' '--eager --tcache 4K --chaos-sched --no-fold' '--eager --no-pack --no-chain --no-jtl'; do
    log=$("$BUILD/selkirk" lockstep --engine "$engine" --random "$programs" --seed "$seed" $flags 2>&1) ||
        { echo "$log"; echo "flags: failed with $flags"; exit 1; }
    insns=$((insns + $(echo "$log" | sed -n 's/.* programs*, \([0-9]*\) guest instructions,.*/\1/p' | tail -n 1)))
    seed=$((seed + programs)) runs=$((runs + 1))
done
echo "flags: $runs sets of switches on $engine, $insns random guest instructions in lock-step: no difference"
