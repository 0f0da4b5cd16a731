/* SPDX-License-Identifier: MIT
 * The region contract carries more than gear 1 needs: a hand-made region of three guest ranges in
 * four granules, with two inner commit points and five exits, under the dispatcher and on the ISS.
 *
 *   range A   x5 += 1, store        commit point 1
 *   range B   x6 += 2, store        commit point 2 (crosses a granule's border)
 *   range C   x7 += 1, store; load from x10; leave by exit x11, 0 to 4
 *
 * What traps in C goes back to commit point 2: A and B are not done again. What traps in A goes
 * back to the start, though COMMIT_PC still says commit point 2 from the entry before. Each exit
 * leads to its target. A change of any of the four granules stops the region.
 */
#include <stdlib.h>
#include "firmware/cms/dispatch.h"
#include "firmware/cms/life.h"
#include "firmware/native.h"
#include "tests/hosted/hosted.h"
#include "tests/native/native_put.h"
#include "tests/native/region_code.h"
#include "translator/xlate_impl.h"

enum {
    RAM = MEM_GUEST_BASE,
    A = RAM + 0x1000,
    B = RAM + 0x13f8,
    C = RAM + 0x2000,
    TARGETS = RAM + 0x3000, /* 32 bytes each */
    HANDLER = RAM + 0x4000,
    DATA = RAM + 0x5000,
    FINISHER = 0x00100000,
};

static struct xl translator;
static struct tc_tables tables;
static uint32_t code[REGION_BUNDLES * SLOT_COUNT];
static int n_wrong;

static void check(bool is_right, const char *what, uint32_t which) {
    if (is_right)
        return;
    printf("region_test: %s (%u)\n", what, which);
    n_wrong++;
}

static uint32_t *ram_word(uint32_t addr) {
    return (uint32_t *)(void *)(hosted.platform.guest_ram + (addr - RAM));
}

static uint32_t rv_i(uint32_t opcode, uint32_t funct3, uint32_t rd, uint32_t rs1, uint32_t imm) {
    return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static uint32_t rv_addi(uint32_t rd, uint32_t rs1, uint32_t imm) {
    return rv_i(0x13, 0, rd, rs1, imm);
}

static uint32_t rv_sw(uint32_t rs2, uint32_t rs1, uint32_t imm) {
    return rs2 << 20 | rs1 << 15 | 2 << 12 | imm << 7 | 0x23;
}

static uint32_t rv_jump(uint32_t from, uint32_t to) {
    uint32_t d = to - from;
    return (d >> 20 & 1) << 31 | (d >> 1 & 0x3ff) << 21 | (d >> 11 & 1) << 20 |
           (d >> 12 & 0xff) << 12 | 0x6f;
}

static uint32_t rv_beq(uint32_t rs1, uint32_t rs2, uint32_t from, uint32_t to) {
    uint32_t d = to - from;
    return (d >> 12 & 1) << 31 | (d >> 5 & 0x3f) << 25 | rs2 << 20 | rs1 << 15 |
           (d >> 1 & 15) << 8 | (d >> 11 & 1) << 7 | 0x63;
}

/* x31 = mark; stop by the finisher. */
static void put_stop(uint32_t at, uint32_t mark) {
    uint32_t *w = ram_word(at);
    w[0] = rv_addi(31, 0, mark);
    w[1] = FINISHER | 28 << 7 | 0x37; /* lui x28, 0x100 */
    w[2] = 0x5000 | 29 << 7 | 0x37;   /* lui x29, 5 */
    w[3] = rv_addi(29, 29, 0x555);
    w[4] = rv_sw(29, 28, 0);
}

static void put_guest(void) {
    uint32_t *w = ram_word(A);
    w[0] = rv_addi(5, 5, 1);
    w[1] = rv_sw(5, 9, 0);
    w[2] = rv_jump(A + 8, B);
    w = ram_word(B);
    w[0] = w[1] = rv_addi(6, 6, 1);
    w[2] = rv_sw(6, 9, 4);
    w[3] = rv_jump(B + 12, C);
    w = ram_word(C);
    w[0] = rv_addi(7, 7, 1);
    w[1] = rv_sw(7, 9, 8);
    w[2] = rv_i(0x03, 2, 8, 10, 0);
    for (uint32_t k = 0; k < REGION_EXITS; k++) {
        uint32_t at = C + 12 + 4 * k, to = TARGETS + 32 * k;
        *ram_word(at) = k + 1 < REGION_EXITS ? rv_beq(11, 12 + k, at, to) : rv_jump(at, to);
        put_stop(to, 10 + k);
    }
    put_stop(HANDLER, 1);
}

static void put_native(void) {
    for (uint32_t i = 0; i < REGION_BUNDLES; i++) {
        char error[NATIVE_TEXT_BYTES];
        check(native_words(region_code[i], &code[i * SLOT_COUNT], error) == NATIVE_PUT_DONE,
              "a bundle of the region is wrong", i);
    }
}

static struct tc_region *install(void) {
    static const struct xl_range ranges[] = {{A, 12}, {B, 16}, {C, 32}};
    static const struct xl_note commits[] = {{B, REGION_COMMIT_A, 0}, {C, REGION_COMMIT_B, 0}};
    static struct xl_exit exits[REGION_EXITS];
    const struct xl_result res = {.n_bundles = REGION_BUNDLES,
                                  .n_insns = 15,
                                  .n_ranges = 3,
                                  .n_exits = REGION_EXITS,
                                  .n_commits = 2,
                                  .ranges = ranges,
                                  .exits = exits,
                                  .commits = commits};
    for (uint32_t k = 0; k < REGION_EXITS; k++)
        exits[k] = (struct xl_exit){.guest_target = TARGETS + 32 * k,
                                    .stub_bundle = (uint16_t)region_stub(k),
                                    .branch_bundle = (uint16_t)region_stub(k),
                                    .commit_bundle = (uint16_t)(region_stub(k) - 1),
                                    .pair = XL_NO_PAIR,
                                    .likelihood = XL_ALWAYS / REGION_EXITS};
    struct tcache *tc = &cms_state.tc;
    tc_flush(tc); /* the same place every time */
    struct tc_needs needs;
    check(tc_make_room(tc, &res, UINT32_MAX, &needs) == TC_ROOM_READY, "no room", 0);
    struct tc_region *r = tc_install(tc, &res, &needs, code);
    hosted_check();
    return r;
}

/* From A to the guest's end. */
static void run(uint32_t data, uint32_t load_from, uint32_t way) {
    struct cms *cms = &cms_state;
    cms_power_on(cms);
    dispatch_init(cms);
    for (uint32_t n = 1; n < 32; n++)
        greg_write(&cms->gs, n, n >= 12 && n < 16 ? n - 12 : 0);
    greg_write(&cms->gs, 9, data);
    greg_write(&cms->gs, 10, load_from);
    greg_write(&cms->gs, 11, way);
    for (uint32_t i = 0; i < 4; i++)
        *ram_word(DATA + 4 * i) = 0;
    cms->interp.priv.mtvec = HANDLER;
    cms->interp.pc = A;
    dispatch_run(cms);
    hosted_check();
}

/* Registers and memory after A, B and C have been done once, or not at all. */
static void check_once(uint32_t a, uint32_t b, uint32_t c, const char *what, uint32_t which) {
    const struct guest_state *gs = &cms_state.gs;
    check(greg_read(gs, 5) == a && greg_read(gs, 6) == 2 * b && greg_read(gs, 7) == c, what, which);
}

static void trap_in_c(uint32_t which) {
    install();
    run(DATA, 0, 0);
    check(cms_state.interp.priv.mepc == C + 8, "a load that traps has a wrong mepc", which);
    check(greg_read(&cms_state.gs, 31) == 1, "the handler was not reached", which);
    check_once(1, 1, 1, "a trap in C did not go back to commit point 2", which);
    check(*ram_word(DATA) == 1 && *ram_word(DATA + 4) == 2 && *ram_word(DATA + 8) == 1,
          "stores are wrong after a trap in C", which);
}

static void trap_in_a(void) {
    install();
    run(0, DATA, 0);
    check(cms_state.interp.priv.mepc == A + 4, "a store that traps has a wrong mepc", 0);
    check_once(1, 0, 0, "a trap in A did not go back to the start", 0);
}

static void leave_by(uint32_t k) {
    uint64_t before = cms_state.stats.now[STAT_EXIT_DIRECT];
    struct tc_region *r = install();
    run(DATA, DATA + 12, k);
    check(greg_read(&cms_state.gs, 31) == 10 + k, "an exit leads elsewhere", k);
    check(cms_state.stats.now[STAT_EXIT_DIRECT] > before, "the region was not left by an exit", k);
    check(r->guest_pc == A && r->n_spans == 4, "the region has not four spans", k);
    check_once(1, 1, 1, "wrong registers behind exit", k);
}

static void change(uint32_t addr) {
    struct tcache *tc = &cms_state.tc;
    const struct tc_region *r = install();
    *ram_word(addr) ^= 1u << 20;
    tc_scan_granule(tc, addr, false);
    while (tc->scan.is_on)
        tc_scan_on(tc);
    check(r->is_stopped, "a region outlives a change of its code", addr);
    *ram_word(addr) ^= 1u << 20;
    hosted_check();
}

int main(void) {
    const struct engine_boot boot = {.ram_bytes = 1 << 20, .flags = 1};
    hosted_start(&boot);
    cms_init(&cms_state, &hosted.platform, &translator, &tables);
    put_guest();
    put_native();
    trap_in_c(0);
    trap_in_a();
    trap_in_c(1);
    for (uint32_t k = 0; k < REGION_EXITS; k++)
        leave_by(k);
    static const uint32_t places[] = {A, B, B + 8, C + 28};
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++)
        change(places[i]);
    printf("region_test: a region of 3 ranges, 4 granules, 2 commit points and 5 exits: %d wrong\n",
           n_wrong);
    return n_wrong != 0;
}
