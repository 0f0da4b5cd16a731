/* SPDX-License-Identifier: MIT
 * Contexts of rights (firmware/cms/rights.h) against PMP's own answer, access by access: random
 * entries, modes, MPRV. Where PMP's answer may change an access is tried, of every size, aligned
 * and not: inside a window exactly what PMP allows, outside nothing that it allows, unless there
 * were more windows than are kept. The same entries and modes are the same context again.
 *   rights_test [CASES]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/cms/rights.h"

enum { BASE = 0x80000000, RAM_BYTES = 1 << 16, DEFAULT_CASES = 20000, CSR_PMPCFG = 0x3a0 };
enum { CSR_MSTATUS = 0x300, CSR_PMPADDR = 0x3b0, NEAR = 5 };

static uint64_t random_state = 0x5e1c, n_accesses, n_in_windows, n_open, n_same, n_seams, n_lost,
                n_later;
static const struct guest_mem mem = {NULL, BASE, RAM_BYTES};
static struct rights rights;

static uint32_t pick(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static void fail(uint32_t n, const char *what, uint32_t addr, uint32_t bytes) {
    fprintf(stderr, "rights_test: case %" PRIu32 ": %s: %" PRIu32 " bytes at %08" PRIx32 "\n", n,
            what, bytes, addr);
    exit(1);
}

/* Mostly in RAM or near its ends, sometimes everything. */
static uint32_t any_address(void) {
    uint32_t ones = (1u << pick(16)) - 1, word = (BASE >> 2) - 64 + pick(RAM_BYTES / 4 + 128);
    switch (pick(8)) {
    case 0:
        return UINT32_MAX >> pick(6);
    case 1:
        return word;
    default:
        return (word & ~ones) | ones >> 1;
    }
}

static void any_entries(struct guest_priv *p) {
    priv_reset(p);
    uint32_t n = 1 + pick(PRIV_PMP_ENTRIES);
    for (uint32_t i = 0; i < n; i++)
        priv_csr_write(p, CSR_PMPADDR + i, any_address());
    for (uint32_t i = 0; 4 * i < n; i++) {
        uint32_t word = 0;
        for (uint32_t k = 0; k < 4; k++) {
            uint32_t locked = pick(5) == 0 ? 0x80 : 0, right = pick(3) == 0 ? pick(8) : 7;
            word |= (locked | pick(4) << 3 | right) << 8 * k;
        }
        priv_csr_write(p, CSR_PMPCFG + i, word);
    }
}

static void any_mode(struct guest_priv *p) {
    priv_csr_write(p, CSR_MSTATUS, pick(2) == 0 ? MSTATUS_MPP : 0);
    if (pick(2) == 0)
        (void)priv_mret(p);
    else
        priv_csr_write(p, CSR_MSTATUS, p->mstatus | (pick(2) != 0 ? MSTATUS_MPRV : 0));
}

static bool has(const struct xl_windows *ws, uint32_t addr, uint32_t bytes) {
    for (uint32_t i = 0; i < ws->n; i++)
        if (ws->at[i].bytes >= bytes && addr - ws->at[i].base <= ws->at[i].bytes - bytes)
            return true;
    return ws->n == 0;
}

static void try_access(uint32_t n, const struct guest_priv *p, const struct xl_windows *ws,
                       uint32_t addr, uint32_t bytes, enum priv_access access) {
    const bool is_aligned = addr % bytes == 0;
    if (addr - BASE > RAM_BYTES - bytes || (access == PRIV_EXECUTE && !is_aligned) ||
        (!is_aligned && rights.now->data.has_seams))
        return;
    bool may = priv_may_access(p, addr, bytes, access), is_in = has(ws, addr, bytes);
    n_accesses++;
    n_in_windows += is_in;
    if (is_in && !may)
        fail(n, "PMP denies what is in a window", addr, bytes);
    if (may && !is_in && ws->n < XL_WINDOWS)
        fail(n, "PMP allows what is in no window", addr, bytes);
    n_lost += may && !is_in;
}

static void try_around(uint32_t n, const struct guest_priv *p, uint32_t addr) {
    for (uint32_t at = addr - NEAR; at != addr + NEAR; at++) {
        for (uint32_t bytes = 1; bytes <= 4; bytes *= 2) {
            try_access(n, p, &rights.now->data.loads, at, bytes, PRIV_READ);
            try_access(n, p, &rights.now->data.stores, at, bytes, PRIV_WRITE);
        }
        try_access(n, p, &rights.now->code, at, 2, PRIV_EXECUTE);
    }
}

static void try_case(uint32_t n) {
    struct guest_priv p;
    any_entries(&p);
    any_mode(&p);
    uint32_t sp = BASE + pick(RAM_BYTES);
    const uint32_t old_id = rights_id(&rights);
    const struct guest_priv old_p = p;
    if (rights_update(&rights, &p, &mem, sp, false) == RIGHTS_LATER &&
        (rights_id(&rights) != old_id || memcmp(&p, &old_p, sizeof p) != 0))
        fail(n, "what is put off changes something", 0, 0);
    n_later += p.has_changed != 0;
    (void)rights_update(&rights, &p, &mem, sp, true);
    n_open += rights.now == NULL;
    if (p.has_changed != 0)
        fail(n, "the change is not taken back", 0, 0);
    if (rights.now == NULL) {
        if ((p.checks_data | p.checks_fetch) != 0)
            fail(n, "everything is said to be allowed", 0, 0);
        return;
    }
    const uint32_t id = rights_id(&rights);
    n_seams += rights.now->data.has_seams;
    for (uint32_t e = 0; e < PRIV_PMP_ENTRIES; e++) {
        const struct priv_pmp_range r = priv_pmp_range(&p, e);
        try_around(n, &p, r.first * 4);
        try_around(n, &p, r.last * 4 + 4);
    }
    for (uint32_t k = 0; k < 8; k++)
        try_around(n, &p, BASE + pick(RAM_BYTES));
    if (rights_update(&rights, &p, &mem, sp, false) != RIGHTS_KNOWN || rights_id(&rights) != id)
        fail(n, "the same context is another one", 0, 0);
    if (p.pmp_used == 0)
        return;
    const uint32_t last = p.pmp_used - 1, old = p.pmpaddr[last];
    priv_csr_write(&p, CSR_PMPADDR + last, old ^ 1);
    if (p.pmpaddr[last] == old)
        return;
    (void)rights_update(&rights, &p, &mem, sp, true);
    if (rights_id(&rights) == id && id != 0)
        fail(n, "other entries are the same context", 0, 0);
    priv_csr_write(&p, CSR_PMPADDR + last, old);
    if (rights_update(&rights, &p, &mem, sp, false) != RIGHTS_KNOWN || rights_id(&rights) != id)
        fail(n, "a context that comes back is forgotten", 0, 0);
    n_same++;
}

int main(int argc, char **argv) {
    const uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : DEFAULT_CASES;
    for (uint32_t i = 0; i < n; i++)
        try_case(i);
    printf("rights: %" PRIu32 " configurations, %" PRIu64 " open, %" PRIu64 " with seams, %" PRIu64
           " came back, %" PRIu64 " put off first; %" PRIu64 " accesses as PMP says, %" PRIu64
           " in windows, %" PRIu64 " in none for want of room\n",
           n, n_open, n_seams, n_same, n_later, n_accesses, n_in_windows, n_lost);
    return 0;
}
