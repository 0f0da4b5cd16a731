/* SPDX-License-Identifier: MIT
 * A hand-made region with two inner commit points and five exits, bundle by bundle (native_put.h):
 *
 *   part A   x5 += 1, store to x9         commit point 1, three guest instructions
 *   part B   x6 += 2, store to x9 + 4     commit point 2, four
 *   part C   x7 += 1, store to x9 + 8, load x8 from x10; leave by exit x11, 0 to 4 (x12 to x15 hold
 *            0 to 3), after a commit of 4 + exit, 8 for the last
 *
 * tests/hosted/region_test.c has it under the dispatcher, tests/native/commit_cases.c without any
 * firmware on ISS and RTL.
 */
#ifndef SELKIRK_TESTS_REGION_CODE_H
#define SELKIRK_TESTS_REGION_CODE_H

enum {
    REGION_BUNDLES = 30,
    REGION_EXITS = 5,
    REGION_STORE_A = 1, /* the bundles of ... */
    REGION_COMMIT_A = 2,
    REGION_STORE_B = 6,
    REGION_COMMIT_B = 7,
    REGION_LOAD_C = 11
};

/* The bundle that leaves by exit k; its commit stands before it. */
static inline unsigned region_stub(unsigned k) {
    return k + 1 < REGION_EXITS ? 23 + 2 * k : 21;
}

static const char *const region_code[REGION_BUNDLES + 1] = {
    "1 addi r5, r5, 1",
    "1 sw r5, 0(r9)",
    "2 commit 3",
    "2 addi r6, r6, 1",
    "2 addi r6, r6, 1",
    "-",
    "1 sw r6, 4(r9)",
    "2 commit 4",
    "3 addi r7, r7, 1",
    "-",
    "1 sw r7, 8(r9)",
    "0 lw r8, 0(r10)",
    "-",
    "-",
    "-",
    "-",
    "3 beq r11, r12, 6",
    "3 beq r11, r13, 7",
    "3 beq r11, r14, 8",
    "3 beq r11, r15, 9",
    "2 commit 8",
    "3 exit 0",
    "2 commit 4",
    "3 exit 0",
    "2 commit 5",
    "3 exit 0",
    "2 commit 6",
    "3 exit 0",
    "2 commit 7",
    "3 exit 0",
    NULL,
};

#endif
