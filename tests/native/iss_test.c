/* SPDX-License-Identifier: MIT
 * The directed native programs on the ISS, and what only hooks and limits of an engine show.
 */
#include <stdio.h>
#include <string.h>

#include "tests/native/native_cases.h"
#include "tests/native/native_put.h"

struct seen {
    unsigned bundles, commits, stores;
    char text[8];
    size_t text_bytes;
};

static bool see_bundle(void *ctx, const struct engine_bundle *b) {
    struct seen *s = ctx;
    s->bundles++;
    return b->cycle < 1000;
}

static bool see_commit(void *ctx, uint32_t pc, bool is_guest, uint32_t insns) {
    struct seen *s = ctx;
    s->commits += pc == MEM_CODE_BASE + 2 * BUNDLE_BYTES && !is_guest ? insns : 100;
    return true;
}

static void see_store(void *ctx, uint32_t addr, uint32_t data, uint32_t bytes, bool is_guest) {
    struct seen *s = ctx;
    s->stores += addr == MEM_GUEST_BASE + 4 && data == 'A' && bytes == 1 && !is_guest;
}

static void see_byte(void *ctx, uint8_t byte) {
    struct seen *s = ctx;
    s->text[s->text_bytes++ % sizeof s->text] = (char)byte;
}

static int give_byte(void *ctx) {
    (void)ctx;
    return 'A';
}

/* uart_rx -> r34; log it, send it, store it into guest RAM; commit 5; loop for ever. */
static const char *const program[] = {
    "2 csrr r34, uart_rx", "0 li32 r36, 0x80000000", "2 commit 5", "2 csrw r34, uart_tx",
    "2 csrw r34, log_tx",  "1 sb r34, 4(r36)",       "3 j 6",      NULL,
};

static bool test_hooks(void) {
    struct seen s = {0};
    struct engine *e = engine_iss_create();
    struct engine_hooks hooks = {.ctx = &s,
                                 .on_bundle = see_bundle,
                                 .on_commit = see_commit,
                                 .on_store = see_store,
                                 .on_uart_tx = see_byte,
                                 .on_log_tx = see_byte,
                                 .uart_rx = give_byte};
    native_put_all(e, program);
    bool is_good = e->ops->run(e, &hooks, 20, UINT64_MAX) == ENGINE_CYCLE_LIMIT &&
                   s.bundles == 20 && e->ops->csr(e, CSR_CYCLES) == 20;
    is_good &= s.commits == 5 && s.stores == 1 && memcmp(s.text, "AA", 3) == 0;
    is_good &= e->ops->run(e, &hooks, 100000, UINT64_MAX) == ENGINE_HOOK_STOP &&
               e->ops->csr(e, CSR_CYCLES) == 1001;
    e->ops->set_pc(e, MEM_CODE_BASE, false);
    is_good &=
        e->ops->run(e, NULL, 100000, 10) == ENGINE_INSN_LIMIT && e->ops->csr(e, CSR_INSNS_FW) == 10;
    e->ops->destroy(e);
    if (!is_good) {
        printf("hooks or limits: %u bundles, %u instructions, %u stores, text %.8s\n", s.bundles,
               s.commits, s.stores, s.text);
    }
    return is_good;
}

int main(void) {
    bool is_good = test_hooks();
    is_good &= native_cases_run(engine_iss_create, NULL);
    return is_good ? 0 : 1;
}
