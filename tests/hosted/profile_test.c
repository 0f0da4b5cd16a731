/* SPDX-License-Identifier: MIT
 * The table of execution counts (firmware/cms/profile.h): blocks that take turns in a set
 * with one that was hot once must become hot themselves. And front/near.h: every region that can
 * reach an instruction has it near, and those further away than two chunks have not.
 *   profile_test
 */
#define _DEFAULT_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "firmware/cms/cms.h"
#include "firmware/cms/limits.h"

enum { HOT = XLATE_THRESHOLD, ROUNDS = 20 * HOT, N_SETS = SITE_ENTRIES / 2, MAX_TURNS = 3 };

static uint32_t set_of(uint32_t pc) {
    return site_slot(pc) >> 1;
}

/* The first block start behind pc, in steps of an instruction, that belongs to `set`. */
static uint32_t next_in_set(uint32_t pc, uint32_t set) {
    do
        pc += 2;
    while (set_of(pc) != set);
    return pc;
}

/* n blocks take turns, beside one that was executed HOT times. One that is hot is translated and
 * counted no more. Returns the rounds until all are, or ROUNDS. */
static uint32_t rounds_until_hot(struct profile *p, uint32_t set, unsigned n) {
    uint32_t pcs[MAX_TURNS], old = next_in_set(0x80000000, set), last = old;
    for (unsigned i = 0; i < n; i++)
        pcs[i] = last = next_in_set(last, set);
    for (uint32_t k = 0; k < HOT; k++)
        profile_count(p, old);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < n;) {
            if (profile_count(p, pcs[i]) >= HOT)
                pcs[i] = pcs[--n];
            else
                i++;
        }
        if (n == 0)
            return round;
    }
    return ROUNDS;
}

/* Regions whose answer is wrong, of those around each instruction from `first` on. */
static unsigned wrong_about_near(uint32_t first) {
    unsigned n_wrong = 0;
    for (uint32_t pc = first; pc != first + 2 * NEAR_CHUNK_BYTES; pc += 2) {
        struct near near = {{0}};
        near_add(&near, pc);
        for (uint32_t k = 0; k < NEAR_CHUNK_BYTES; k += 2)
            n_wrong += !near_has(&near, pc - k);
        n_wrong += near_has(&near, pc + NEAR_CHUNK_BYTES);
        n_wrong += near_has(&near, pc - 2 * NEAR_CHUNK_BYTES);
    }
    return n_wrong;
}

/* Instructions of two bytes, all of them, that are not found once they are noted, or that are found
 * although they are not, or after something else has been written there. */
static unsigned wrong_about_sites(void) {
    enum { PC = 0x80000010, BYTES = 4096 };
    void *ram = mmap((void *)(uintptr_t)MEM_GUEST_BASE, BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0); /* where firmware has it */
    struct guest_mem mem = {ram, MEM_GUEST_BASE, BYTES};
    unsigned n_wrong = ram == MAP_FAILED;
    for (uint32_t low = 0; low < 1u << 16 && ram != MAP_FAILED; low++) {
        if ((low & 3u) == 3u)
            continue;
        guest_store16(&mem, PC, (uint16_t)low);
        struct site_entry pair[2] = {{.pc = PC, .site = (uint16_t)site_print(&mem, PC)}};
        n_wrong += !site_search(pair, &mem, PC);
        guest_store16(&mem, PC, (uint16_t)(low ^ 0x8008u));
        n_wrong += site_search(pair, &mem, PC);
        pair[0].site = 0;
        n_wrong += site_search(pair, &mem, PC);
    }
    return n_wrong;
}

int main(void) {
    unsigned n_wrong_sites = wrong_about_sites();
    if (n_wrong_sites != 0) {
        printf("profile: %u answers about noted instructions are wrong\n", n_wrong_sites);
        return 1;
    }
    unsigned n_wrong = wrong_about_near(0x80000000) +
                       wrong_about_near(0x80000000 + (NEAR_CHUNKS - 1) * NEAR_CHUNK_BYTES);
    if (n_wrong != 0) {
        printf("profile: %u regions are wrong about what is near\n", n_wrong);
        return 1;
    }
    struct profile *p = malloc(sizeof *p);
    uint32_t longest = 0;
    if (p == NULL)
        return 1;
    for (unsigned n = 1; n <= MAX_TURNS; n++) {
        memset(p, 0, sizeof *p);
        for (uint32_t set = 0; set < N_SETS; set++) {
            uint32_t rounds = rounds_until_hot(p, set, n);
            longest = rounds > longest ? rounds : longest;
        }
    }
    free(p);
    if (longest == ROUNDS) {
        puts("profile: blocks that take turns never become hot beside one that was hot once");
        return 1;
    }
    printf("profile: %d sets; up to %d blocks that take turns, beside one that was hot once, are "
           "hot after %" PRIu32 " rounds at most\n",
           N_SETS, MAX_TURNS, longest);
    return 0;
}
