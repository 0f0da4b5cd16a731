/* SPDX-License-Identifier: MIT
 * The directed native programs (native_cases.h), in the order of docs/architecture.md sections 1
 * to 3.
 */
#include "tests/native/native_cases.h"

/* Bundles 0-: TVEC = bundle 100, r4 = guest RAM, r36 = 5, guest mode at bundle 50 in cycle 9. */
#define GUEST                                                                                      \
    "0 li32 r36, @100\n0 li32 r40, @50\n2 csrw r36, tvec\n0 li32 r4, 0x80000000\n"                 \
    "0 addi r36, r0, 5\n3 enter r40\n@50\n"
/* The handler: cause r34, pc r38, address r42, mode r46, undo entries r50, its first cycle r54. */
#define HANDLER                                                                                    \
    "@100\n2 csrr r54, cycles\n2 csrr r34, trap_cause\n2 csrr r38, trap_pc\n2 csrr r42, "          \
    "trap_addr\n"                                                                                  \
    "2 csrr r46, trap_mode\n2 csrr r50, undo_count\n-\n-\n"
#define FIRMWARE "0 li32 r36, @100\n-\n2 csrw r36, tvec\n0 li32 r4, 0x80000000\n-\n-\n"

const struct native_case native_cases[] = {
    /* 1. Native execution model */
    {"all sources before any result",
     "0 addi r4, r0, 1 ; 1 addi r5, r0, 2\n-\n0 addi r4, r5, 0 ; 1 addi r5, r4, 0\n", "r4=2 r5=1"},
    {"register 0 reads 0", "0 addi r0, r0, 5 ; 1 addi r5, r0, 1\n0 addi r4, r0, 1\n",
     "r0=0 r4=1 r5=1"},
    {"a dropped result takes no port", "0 lw r0, 64(r0)\n0 addi r4, r0, 3\n", "r4=3"},
    {"literal above li32", "0 li32 r4, 0xdeadbeef\n2 li32 r6, 0x12345678\n",
     "r4=0xdeadbeef r6=0x12345678"},
    {"early read names the register", "0 addi r4, r0, 1\n1 addi r5, r4, 0\n",
     "stop=assert says=read"},
    {"write port", "0 lw r4, 64(r0)\n0 addi r8, r0, 1\n", "stop=assert says=results"},
    {"write port, longer", "2 mul r6, r0, r0\n-\n2 addi r10, r0, 1\n", "stop=assert says=results"},
    {"write port free again", "2 mul r6, r0, r0\n2 addi r10, r0, 1\n-\n2 addi r14, r0, 1\n",
     "r10=1 r14=1"},
    {"write after write in flight", "2 mul r6, r0, r0\n2 addi r6, r0, 1\n",
     "stop=assert says=flight"},
    {"write after write complete", "0 lw r8, 64(r0)\n-\n0 addi r8, r0, 9\n", "r8=9"},
    {"divider stalls",
     "0 addi r4, r0, 7\n2 addi r6, r0, 100\n2 div r6, r4\n2 divres r10\n2 csrr r14, cycles\n-\n-\n",
     "r10=14 r14=38 stalls=34"},
    {"divider in time",
     "0 addi r4, r0, 7\n2 addi r6, r0, -100\n2 rem r6, r4\n@3\n2 addi r34, r0, 16\n2 addi r34, "
     "r34, -1\n-\n3 bne+ r34, r0, -2\n2 divres r10\n2 divres r14\n",
     "r10=-2 r14=-2 stalls=0"},
    {"a new start discards the old",
     "0 addi r4, r0, 7\n2 addi r6, r0, 100\n2 divu r6, r4\n2 remu r6, r4\n2 divres r10\n",
     "r10=2 stalls=34"},
    {"division by zero and overflow",
     "0 li32 r4, 0x80000000\n2 addi r6, r0, 100\n2 div r6, r0\n2 divres r10\n2 rem r6, r0\n2 "
     "divres r14\n2 addi r18, r0, -1\n2 div r4, r18\n2 divres r22\n2 rem r4, r18\n2 divres r26\n",
     "r10=-1 r14=100 r22=0x80000000 r26=0"},
    {"a stall freezes results in flight",
     "0 addi r4, r0, 7\n2 addi r6, r0, 100\n2 div r6, r4\n0 lw r8, 64(r0)\n2 divres r10 ; 1 addi "
     "r13, r8, 0\n",
     "stop=assert"},
    {"wait stalls until the cycle after the timer, on or not",
     "0 addi r4, r0, 40\n-\n2 csrw r4, timer_cmp\n-\n-\n-\n2 wait 0\n2 csrr r34, cycles\n-\n-\n",
     "r34=42 stalls=35 timer_on=0"},
    {"wait stalls for a cycle when the timer is due",
     "2 wait 0\n2 wait 0\n2 csrr r34, cycles\n-\n-\n", "r34=4 stalls=2"},
    {"a trap beside a wait is taken after it",
     FIRMWARE
     "0 addi r8, r0, 100\n-\n2 csrw r8, timer_cmp\n-\n-\n-\n2 wait 0 ; 1 lw r13, 1(r4)\n" HANDLER,
     "r34=3 r42=0x80000001 r54=105"},
    {"a wait that an older bundle kills does not wait",
     FIRMWARE
     "0 li32 r8, 0x40000000\n-\n2 csrw r8, timer_cmp\n-\n-\n-\n0 lw r12, 1(r4)\n2 wait 0\n" HANDLER,
     "r34=3 stalls=0"},
    {"wait beside a mispredicted branch",
     "0 addi r4, r0, 40\n-\n2 csrw r4, timer_cmp\n-\n-\n-\n2 wait 0 ; 3 beq r0, r0, 1\n2 csrr r34, "
     "cycles\n-\n-\n",
     "r34=45 branch_misses=1"},
    {"ISS: wait too early after a csrw of the timer", "2 csrw r0, timer_cmp\n-\n-\n2 wait 0\n",
     "stop=assert says=timer"},
    {"guest may not wait", GUEST "2 wait 0\n" HANDLER, "r34=1 r46=1"},
    {"taken, predicted", "3 beq+ r0, r0, 2\n-\n2 csrr r34, cycles\n-\n-\n",
     "r34=1 branch_misses=0"},
    {"not taken, predicted", "3 bne r0, r0, 3\n2 csrr r34, cycles\n-\n-\n",
     "r34=1 branch_misses=0"},
    {"taken, mispredicted", "3 beq r0, r0, 2\n-\n2 csrr r34, cycles\n-\n-\n",
     "r34=4 branch_misses=1"},
    {"not taken, mispredicted", "3 bne+ r0, r0, 3\n2 csrr r34, cycles\n-\n-\n",
     "r34=4 branch_misses=1"},
    {"bubbles count for latencies", "0 lb r8, 64(r0) ; 3 beq r0, r0, 2\n-\n1 addi r5, r8, 1\n",
     "r5=1"},
    {"branch conditions",
     "0 addi r4, r0, -1\n-\n3 blt+ r4, r0, 2\n3 exit 1\n3 bltu r4, r0, 90\n3 bge r4, r0, 90\n3 "
     "bgeu+ r4, r0, 2\n3 exit 2\n",
     ""},
    {"j", "3 j 4\n-\n-\n-\n2 csrr r34, cycles\n-\n-\n", "r34=1"},
    {"jl links the next bundle", "3 jl r35, 4\n-\n-\n-\n2 csrr r34, cycles\n-\n-\n",
     "r34=1 r35=@1"},
    {"jr", "0 li32 r4, @6\n-\n3 jr r4\n-\n-\n-\n2 csrr r34, cycles\n-\n-\n", "r34=6"},
    {"jlr", "0 li32 r4, @6\n-\n3 jlr r35, r4\n-\n-\n-\n2 csrr r34, cycles\n-\n-\n", "r34=6 r35=@3"},
    {"the other slots of a branch's bundle take effect",
     "0 addi r4, r0, 3 ; 3 beq r0, r0, 2\n0 addi r8, r0, 1\n", "r4=3 r8=0"},
    {"cycle 0", "2 csrr r34, cycles\n2 csrr r38, cycles\n", "r34=0 r38=1"},
    {"ISS: csrr too soon after csrw", "2 csrw r0, timer_cmp\n-\n2 csrr r34, timer_cmp\n",
     "stop=assert says=csrr"},
    {"csrr settled", "2 addi r6, r0, 9\n2 csrw r6, timer_cmp\n-\n-\n-\n2 csrr r34, timer_cmp\n",
     "r34=9"},
    {"boot registers",
     "2 csrr r34, boot_flash\n2 csrr r38, boot_ram\n2 csrr r42, uart_rx\n2 csrr r46, uart_status\n",
     "r34=0x1234 r38=0x10000 r42=0x80000000 r46=1"},
    {"a byte to the SPI flash takes 32 cycles, one that comes meanwhile none; there is no chip",
     "2 csrr r34, spi_data\n2 csrw r0, spi_data\n@20\n2 csrw r0, spi_data\n@33\n2 csrr r38, "
     "spi_data\n2 csrr r42, spi_data\n-\n-\n",
     "r34=0 r38=0x80000000 r42=0xff"},
    {"a bundle that traps sends nothing to the SPI flash",
     FIRMWARE "1 lw r13, 1(r4) ; 2 csrw r0, spi_data\n@100\n-\n2 csrr r34, spi_data\n-\n-\n",
     "r34=0"},
    {"platform time",
     "2 addi r34, r0, 12\n2 addi r34, r34, -1\n-\n3 bne+ r34, r0, -2\n2 csrr r38, time_ticks\n",
     "r38=4"},
    {"sub-word loads and stores",
     "0 li32 r4, 0x8081ff7f\n-\n1 sw r4, 256(r0)\n0 lb r8, 257(r0) ; 1 lhu r9, 258(r0)\n0 lh r12, "
     "258(r0) ; 1 lbu r13, 259(r0)\n1 sb r4, 257(r0)\n1 sh r4, 258(r0)\n",
     "r8=-1 r9=0x8081 r12=0xffff8081 r13=0x80 [100]=0xff7f7f7f"},
    {"load beside a store sees memory before it",
     "0 addi r4, r0, 7\n-\n1 sw r4, 256(r0) ; 0 lw r8, 256(r0)\n0 lw r12, 256(r0)\n", "r8=0 r12=7"},
    {"multiply",
     "0 addi r4, r0, -3 ; 1 addi r5, r0, 5\n-\n2 mul r6, r4, r5\n2 mulh r10, r4, r5\n2 mulhu r14, "
     "r4, r5\n2 mulhsu r18, r4, r5\n",
     "r6=-15 r10=-1 r14=4 r18=-1"},
    {"code store runs after it settled",
     "0 li32 r4, @14.3\n-\n-\n1 sw r0, 0(r4)\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n3 j 700\n0 addi r12, "
     "r0, 4\n",
     "r12=4"},
    {"ISS: code store too late", "0 li32 r4, @6.3\n-\n-\n1 sw r0, 0(r4)\n-\n-\n-\n",
     "stop=assert says=store"},
    {"literal stored after the word below it",
     "0 li32 r4, @15.2\n-\n-\n1 sw r0, 0(r4)\n1 sw r0, 4(r4)\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n2 li32 "
     "r6, 5\n",
     "r6=0"},
    {"ISS: li32 stored over, its literal left",
     "0 li32 r4, @15.2\n-\n-\n1 sw r0, 0(r4)\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n2 li32 r6, 0\n",
     "stop=assert says=literal"},
    {"jump-target table",
     "0 li32 r4, 0x80000124\n0 li32 r8, 0x40000700\n2 csrw r4, jt_tag\n2 csrw r8, jt_insert\n2 "
     "csrw r4, jt_miss\n-\n-\n-\n3 jtl r7, r4\n3 jtl r11, r8\n-\n2 csrr r34, jt_hits\n2 csrr r38, "
     "jt_misses\n2 csrw r0, jt_flush\n-\n-\n-\n3 jtl r15, r4\n",
     "r7=0x40000700 r11=0x40000120 r34=1 r38=1 jt_misses=2 r15=0x40000120"},
    {"jump-target entry removed",
     "0 li32 r4, 0x80000124\n-\n2 csrw r4, jt_tag\n2 csrw r4, jt_insert\n2 csrw r0, "
     "jt_insert\n-\n-\n-\n3 jtl r7, r4\n",
     "jt_misses=1 r7=0x40000000"},

    /* 2. Traps */
    {"exit traps, nothing of its bundle counts",
     FIRMWARE "0 addi r8, r0, 1 ; 1 sw r4, 256(r0) ; 2 commit 3 ; 3 exit 77\n" HANDLER,
     "r34=10 r38=@6 r42=77 r46=0 r8=0 [100]=0 insns_fw=0 r54=10"},
    {"older results in flight survive",
     FIRMWARE "0 addi r8, r0, 6\n2 mul r34, r4, r0\n3 exit 1 ; 0 addi r8, r0, 8\n" HANDLER,
     "r8=6 r34=10"},
    {"load misaligned", FIRMWARE "0 lw r8, 2(r4)\n" HANDLER, "r34=3 r42=0x80000002 r8=0"},
    {"load of code", FIRMWARE "0 lw r8, 0(r36)\n" HANDLER, "r34=4 r42=@100"},
    {"store misaligned", FIRMWARE "1 sh r4, 1(r4)\n" HANDLER, "r34=5 r42=0x80000001"},
    {"flash is the firmware's",
     FIRMWARE "0 li32 r8, 0x20000000\n0 li32 r12, 0x12345678\n-\n-\n1 sw r12, 4(r8)\n1 sb r0, "
              "7(r8)\n0 lw r16, 4(r8)\n-\n-\n",
     "r16=0x345678"},
    {"flash is not the guest's", GUEST "0 li32 r8, 0x20000000\n-\n1 sw r36, 4(r8)\n" HANDLER,
     "r34=6 r42=0x20000004 r46=1"},
    {"byte store to code", FIRMWARE "1 sb r0, 64(r36)\n" HANDLER, "r34=6"},
    {"misaligned load wins over the bad load below it",
     FIRMWARE "0 lw r8, 0(r36) ; 1 lh r9, 1(r4)\n" HANDLER, "r34=3 r42=0x80000001"},
    {"lower slot gives the address", FIRMWARE "0 lw r8, 1(r4) ; 1 lw r9, 2(r4)\n" HANDLER,
     "r34=3 r42=0x80000001"},
    {"4: wrong slot", FIRMWARE "0 .word 0x50\n" HANDLER, "r34=1 r38=@6"},
    {"spare bits", FIRMWARE "0 .word 0x100\n" HANDLER, "r34=1"},
    {"unknown opcode", FIRMWARE "1 .word 0x7f\n" HANDLER, "r34=1"},
    {"jump to no bundle", FIRMWARE "3 jr r4\n" HANDLER, "r34=2 r38=0x40000000 r54=14"},
    {"jump past the code memory", FIRMWARE "0 li32 r8, 0x41fffff0\n-\n3 jr r8\n" HANDLER,
     "r34=2 r38=0x41fffff0"},
    {"fall through past the end", FIRMWARE "0 li32 r8, @131071\n-\n3 jr r8\n" HANDLER,
     "r34=2 r38=@131072"},
    {"guest exit", GUEST "0 addi r36, r0, 1\n3 exit 5\n" HANDLER,
     "r34=10 r42=5 r46=1 r38=@51 r36=1 r54=14 rollbacks=0"},
    {"guest may not use firmware operations", GUEST "2 csrr r34, cycles\n" HANDLER, "r34=1 r46=1"},
    {"guest may not reach firmware memory", GUEST "0 lw r8, 64(r0)\n" HANDLER,
     "r34=4 r42=64 r46=1"},
    {"guest RAM ends at its mask",
     "0 li32 r36, @100\n0 li32 r4, 0x80001000\n2 csrw r36, tvec\n2 csrw r0, guest_mask\n0 li32 "
     "r40, @50\n-\n3 enter r40\n@50\n0 lw r8, -4(r4)\n0 lw r12, 0(r4)\n" HANDLER,
     "r34=4 r42=0x80001000 r38=@51"},
    {"cycles and bundles of the guest", GUEST "-\n-\n3 beq r0, r0, 1\n3 exit 0\n" HANDLER,
     "cycles_guest=10 bundles_guest=3"},

    /* 3. Commit, shadow, undo log */
    {"rollback restores homes, keeps temporaries",
     GUEST "0 addi r4, r0, 1 ; 1 addi r33, r0, 2\n2 mul r6, r36, r36\n0 addi r4, r0, 9\n3 exit "
           "0\n" HANDLER,
     "r4=0x80000000 r33=2 r6=0 rollbacks=1"},
    {"4: rollback time", GUEST "0 addi r8, r0, 1 ; 1 addi r33, r0, 2\n3 exit 0\n" HANDLER,
     "r8=0 r33=2 r54=30 rollbacks=1 cycles_guest=21"},
    {"2: rollback time", GUEST "0 addi r8, r0, 1 ; 1 addi r33, r0, 2\n3 exit 0\n" HANDLER,
     "r8=0 r33=2 r54=38 rollbacks=1 cycles_guest=29"},
    {"a load in flight to a home is rolled back", GUEST "0 lw r8, 0(r4)\n3 exit 0\n" HANDLER,
     "r8=0 rollbacks=1"},
    {"commit keeps its own bundle",
     GUEST "0 addi r8, r0, 1 ; 1 sw r36, 8(r4) ; 2 commit 2\n0 addi r8, r0, 2\n3 exit 0\n" HANDLER,
     "r8=1 [80000008]=5 r50=0 insns_guest=2 commits_guest=1 commit_pc=@50 rollbacks=1"},
    {"undo entries, newest first",
     GUEST "1 sw r36, 8(r4)\n1 sb r4, 9(r4)\n3 exit 0\n@100\n2 csrr r34, undo_count\n2 csrr r38, "
           "undo_addr\n2 csrr r42, undo_data\n2 csrw r0, undo_pop\n-\n-\n-\n2 csrr r46, "
           "undo_addr\n2 csrr r50, undo_data\n2 csrr r54, undo_count\n",
     "r34=2 r38=0x80000008 r42=5 r46=0x80000008 r50=0 r54=1 [80000008]=5"},
    {"firmware stores are not logged", FIRMWARE "1 sw r4, 8(r4)\n3 exit 0\n" HANDLER, "r50=0"},
    {"firmware commit counts", "2 commit 3\n2 csrr r34, insns_fw\n",
     "r34=3 commits_guest=0 insns_guest=0"},
    {"commit over a home in flight", GUEST "0 lb r8, 0(r4)\n2 commit 1\n",
     "stop=assert says=commit"},
    {"commit with a home that completes in time",
     GUEST "0 lw r8, 0(r4)\n2 commit 1\n3 exit 1\n" HANDLER, "commits_guest=1 rollbacks=0"},
    {"a late load in the commit's own bundle", GUEST "1 lw r9, 0(r4) ; 2 commit 1\n",
     "stop=assert says=commit"},
    {"timer interrupt",
     "2 addi r34, r0, 1\n2 csrw r34, timer_on\n0 li32 r36, @100\n0 li32 r40, @50\n2 csrw r36, "
     "tvec\n-\n3 enter r40\n@50\n1 addi r9, r0, 1 ; 2 commit 1\n" HANDLER,
     "r34=9 r9=0 insns_guest=0 commits_guest=0 rollbacks=0"},
    {"timer not yet pending",
     "2 addi r34, r0, 1\n2 csrw r34, timer_on ; 1 addi r5, r0, 12\n0 li32 r36, @100\n0 li32 r40, "
     "@50\n2 csrw r36, tvec\n2 csrw r5, timer_cmp\n3 enter r40\n@50\n-\n2 commit 1\n2 commit 1\n2 "
     "commit 1\n" HANDLER,
     "r34=9 r38=@52 commits_guest=1"},
    {"timer one cycle later",
     "2 addi r34, r0, 1\n2 csrw r34, timer_on ; 1 addi r5, r0, 12\n0 li32 r36, @100\n0 li32 r40, "
     "@50\n2 csrw r36, tvec\n2 csrw r5, timer_cmp\n3 enter r40\n@50\n2 commit 1\n-\n2 commit "
     "1\n" HANDLER,
     "r34=9 r38=@52 commits_guest=1"},
/* Code protection: granule 0x80000200 is protected, r4 = 0x80000200 */
#define GUARD                                                                                      \
    "0 li32 r36, @100\n0 li32 r4, 0x80000200\n2 csrw r36, tvec\n2 csrw r4, prot_set\n"             \
    "0 li32 r40, @50\n-\n-\n3 enter r40\n@50\n"
    {"guest store into a protected granule, commit as soon as it sees it",
     GUARD
     "0 addi r8, r0, 1 ; 1 sw r36, 508(r4)\n-\n2 commit 1\n1 addi r9, r0, 2 ; 2 commit 1\n" HANDLER,
     "r34=8 r38=@53 r42=0 r46=1 r8=1 r9=0 commits_guest=1 rollbacks=0 prot_hit=0x80000201"},
    {"the commit beside and the two after a hit see nothing",
     GUARD "1 sb r36, 0(r4) ; 2 commit 1\n2 commit 1\n2 commit 1\n-\n2 commit 1\n" HANDLER,
     "r34=8 r38=@54 commits_guest=3"},
    {"bubbles count for a hit", GUARD "1 sb r36, 0(r4) ; 3 beq r0, r0, 1\n2 commit 1\n" HANDLER,
     "r34=8 r38=@51 commits_guest=0 r50=1"},
    {"stores beside the granule",
     GUARD "1 sw r36, 512(r4)\n1 sh r36, -2(r4)\n-\n-\n2 commit 1\n3 exit 1\n" HANDLER,
     "r34=10 commits_guest=1 prot_hit=0"},
    {"loads do not hit", GUARD "0 lw r8, 4(r4)\n-\n-\n-\n2 commit 1\n3 exit 1\n" HANDLER,
     "r34=10 commits_guest=1 prot_hit=0"},
    {"a bundle that traps hits nothing", GUARD "1 sw r36, 4(r4) ; 0 lw r8, 1(r4)\n" HANDLER,
     "r34=3 prot_hit=0"},
    {"rolled back, but a hit", GUARD "1 sw r36, 4(r4)\n-\n-\n3 exit 1\n" HANDLER,
     "r34=10 prot_hit=0x80000201"},
    {"code write before interrupt, exit after both",
     "2 addi r34, r0, 1\n2 csrw r34, timer_on\n" GUARD
     "1 sw r36, 4(r4)\n-\n-\n2 commit 1 ; 3 exit 1\n" HANDLER,
     "r34=8"},
    {"first granule stays, another sets bit 1",
     "0 li32 r4, 0x80000200\n2 li32 r38, 0x80000800\n2 csrw r4, prot_set\n2 csrw r38, "
     "prot_set\n-\n-\n-\n1 sw r0, 4(r4)\n1 sw r0, 8(r4)\n1 sw r0, 4(r38) ; 2 csrr r34, prot_hit\n2 "
     "csrr r42, prot_hit\n2 csrr r46, prot_hit\n2 csrr r50, prot_hit\n",
     "r34=0 r42=0x80000201 r46=0x80000201 r50=0x80000203 prot_hit=0x80000203"},
    {"a write to prot_hit forgets older hits, seen or not",
     "0 li32 r4, 0x80000200\n-\n2 csrw r4, prot_set\n-\n-\n-\n1 sw r0, 4(r4)\n2 csrw r4, "
     "prot_hit\n-\n-\n-\n2 csrr r34, prot_hit\n-\n-\n",
     "r34=0 prot_hit=0"},
    {"but not the store beside it",
     "0 li32 r4, 0x80000200\n2 li32 r38, 0x80000800\n2 csrw r4, prot_set\n2 csrw r38, "
     "prot_set\n-\n-\n-\n1 sw r0, 4(r4)\n-\n1 sh r0, 2(r38) ; 2 csrw r0, prot_hit\n",
     "prot_hit=0x80000801"},
    {"prot_clear, firmware commits, other memories",
     "0 li32 r4, 0x80000200\n2 li32 r38, 0x80000800\n2 csrw r4, prot_set\n2 csrw r38, prot_set\n2 "
     "csrw r4, prot_clear\n-\n-\n-\n1 sw r0, 4(r4)\n1 sw r0, 0x200(r0)\n1 sw r0, 4(r38)\n-\n-\n2 "
     "commit 1\n2 csrr r34, prot_hit\n2 csrr r42, prot_set\n",
     "r34=0x80000801 r42=0 insns_fw=1 stop=exit"},
    {"granule numbers drop the upper bits",
     "0 li32 r4, 0x80000200\n2 li32 r38, 0x38000200\n2 csrw r38, prot_set\n-\n-\n-\n1 sw r0, "
     "0(r4)\n",
     "prot_hit=0x80000201"},
    {"wrh and rdh",
     "0 addi r36, r0, 6 ; 1 addi r37, r0, 77\n-\n0 wrh r36, r37 ; 1 wrh r36, r37 ; 2 wrh r36, r37 "
     "; 3 wrh r36, r37\n-\n-\n0 rdh r40, r36\n",
     "r6=77 r40=77"},
    {"rdh too early",
     "0 addi r36, r0, 6 ; 1 addi r37, r0, 77\n-\n0 wrh r36, r37 ; 1 wrh r36, r37 ; 2 wrh r36, r37 "
     "; 3 wrh r36, r37\n-\n0 rdh r40, r36\n",
     "stop=assert"},
    {"wrh takes all write ports",
     "0 addi r36, r0, 6 ; 1 addi r37, r0, 77\n-\n0 wrh r36, r37 ; 1 wrh r36, r37 ; 2 wrh r36, r37 "
     "; 3 wrh r36, r37\n0 addi r40, r0, 1\n",
     "stop=assert says=results"},
    {"wrh of x0 writes nothing", "0 wrh r0, r36 ; 1 wrh r0, r36 ; 2 wrh r0, r36 ; 3 wrh r0, r36\n",
     "r0=0"},
};
const unsigned native_cases_count = sizeof native_cases / sizeof native_cases[0];
