/* SPDX-License-Identifier: MIT
 * The tcache alone, under random work: installs of random sizes at random guest addresses,
 * several ranges, exits, commit points and rights, chaining, jump-table inserts, guest code that
 * changes, stops, invalidations and flushes, in arenas from a few bundles to many. After every step
 * the invariants are checked (hosted_check), and what CODE memory holds is compared with what the
 * records say: every exit is a native exit with its number, or leads to the first bundle of the
 * region it is chained to; and the protection bits with what lies in their granules. A region whose
 * code was changed is stopped when the scan is over, and no slice of a scan takes more than its
 * steps. At the end of each arena nothing may be left over: after a flush no list, hash chain or
 * count knows a region.
 *
 *   tcache_test [STEPS]     steps in each arena
 */
#include <stdlib.h>
#include <string.h>
#include "firmware/cms/life.h"
#include "tests/hosted/hosted.h"
#include "firmware/tcache/tcache_impl.h"
#include "firmware/native.h"
#include "machine_encode.h"
#include "sim/iss/iss.h"

enum { DEFAULT_STEPS = 20000, GUEST_BLOCKS = 300, MAX_BUNDLES = 40, SHORT_BUDGET_CYCLES = 8 };
enum { MAX_RANGES = 3, MAX_EXITS = 6, MAX_NOTES = 4 };
enum { RAM_BYTES = 1 << 20, RAM_GRANULES = RAM_BYTES / GRANULE_BYTES, CROWDED_BUCKETS = 4 };

static struct tc_tables tables;
static uint32_t guest_pcs[GUEST_BLOCKS];
static uint64_t random_state = 0x5e1c, n_installs, n_later, n_stops, n_patches, n_slices, n_losses;

static uint32_t pick(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static void fail(const char *what, uint32_t step) {
    fprintf(stderr, "tcache_test: step %u: %s\n", step, what);
    exit(1);
}

static uint32_t guest_pc_of(uint32_t block) {
    return guest_pcs[block];
}

/* Block starts at a distance; 0: anywhere, but in a few buckets of the hash. */
static void place_blocks(uint32_t distance) {
    uint32_t pc = MEM_GUEST_BASE;
    for (uint32_t i = 0; i < GUEST_BLOCKS; i++) {
        while (distance == 0 && tc_hash_of(pc) >= CROWDED_BUCKETS)
            pc += 2;
        guest_pcs[i] = pc;
        pc += distance != 0 ? distance : 2;
    }
}

static uint32_t code_word(const struct tc_region *r, uint32_t bundle) {
    return hosted.platform.code[(tc_bundle_of(r) + bundle) * 4 + 3];
}

/* Every other exit goes to the same block. */
static uint32_t any_target(void) {
    return guest_pc_of(pick(2) == 0 ? 0 : pick(GUEST_BLOCKS));
}

/* Follows an exit through CODE memory: the exit number it ends at, or the bundle index it goes to
 * (<< 32). */
static uint64_t follow_exit(const struct tc_region *r, const struct tc_exit *e) {
    struct vop_fields f;
    uint32_t own = tc_bundle_of(r);
    if (e->made.branch_bundle != e->made.stub_bundle) {
        if (!vop_decode(code_word(r, e->made.branch_bundle), 3, &f))
            return UINT64_MAX;
        if (f.op == VOP_J)
            return (uint64_t)(uint32_t)f.imm << 32;
        uint32_t to = own + e->made.branch_bundle + (uint32_t)f.imm;
        if (f.op != VOP_NOP && to != own + e->made.stub_bundle)
            return (uint64_t)to << 32;
    }
    if (!vop_decode(code_word(r, e->made.stub_bundle), 3, &f))
        return UINT64_MAX;
    return f.op == VOP_J ? (uint64_t)(uint32_t)f.imm << 32 : (uint32_t)f.imm;
}

static void check_code(uint32_t step) {
    struct tcache *tc = &cms_state.tc;
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        uint32_t index = (tc->oldest + k) & (TC_MAX_REGIONS - 1);
        const struct tc_region *r = &tc->regions[index];
        if (!r->is_live)
            continue;
        if (tc_find_native(tc, r->native + 16 * pick(r->n_bundles)) != r)
            fail("a native address is not found", step);
        if (r->is_stopped && code_word(r, 0) != vop_encode_X(VOP_EXIT, XL_EXIT_STALE))
            fail("a stopped region can be entered", step);
        for (uint32_t x = 0; x < r->n_exits; x++) {
            const struct tc_exit *e = tc_exit_of(tc, tc_exit_number(r, x));
            if (r->is_stopped && (e->made.branch_bundle == 0 || e->made.stub_bundle == 0))
                continue; /* taken by the stop */
            uint64_t want = tc_exit_number(r, x);
            if (e->chained_to != TC_NO_REGION)
                want = (uint64_t)tc_bundle_of(&tc->regions[e->chained_to]) << 32;
            if (follow_exit(r, e) != want)
                fail("CODE memory does not do what the records say", step);
        }
        for (uint32_t x = 0; x < r->n_commits; x++) {
            const struct tc_note *note = &tc_notes_of(tc, r)[x];
            if (tc_commit_point(tc, r, r->native + 16u * note->bundle) != note->guest_pc)
                fail("a commit point is not found", step);
        }
        if (tc_commit_point(tc, r, r->native - 16) != r->guest_pc)
            fail("a commit elsewhere is taken for the region's own", step);
    }
}

/* A granule's bit is set when a live region that does not check itself has bytes in it. */
static void check_bits(uint32_t step) {
    static uint8_t is_needed[RAM_GRANULES];
    const struct tcache *tc = &cms_state.tc;
    memset(is_needed, 0, sizeof is_needed);
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        const struct tc_region *r = &tc->regions[(tc->oldest + k) & (TC_MAX_REGIONS - 1)];
        for (uint32_t x = 0; r->is_live && !r->is_stopped && !r->rechecks && x < r->n_spans; x++)
            for (uint32_t at = 0; at < tc_spans_of(tc, r)[x].bytes; at += 2)
                is_needed[(tc_spans_of(tc, r)[x].guest_pc + at - MEM_GUEST_BASE) / GRANULE_BYTES] =
                    1;
    }
    for (uint32_t i = 0; i < RAM_GRANULES; i++)
        if (iss_prot_is_set((const struct iss *)hosted.engine,
                            MEM_GUEST_BASE + i * GRANULE_BYTES) != (is_needed[i] != 0))
            fail("a granule's protection is wrong", step);
}

/* With a budget of 0 nothing is evicted, with the other one region or two. */
static enum tc_room make_room(const struct xl_result *res, struct tc_needs *needs) {
    enum tc_room room = tc_make_room(&cms_state.tc, res, 0, needs);
    n_later += room == TC_ROOM_LATER;
    while (room == TC_ROOM_LATER)
        room = tc_make_room(&cms_state.tc, res, SHORT_BUDGET_CYCLES, needs);
    return room;
}

/* One range more, now and then of several granules or beside the one before. */
static void add_range(struct xl_range *ranges, struct xl_result *res, uint32_t pc) {
    struct xl_range *range = &ranges[res->n_ranges++];
    uint32_t bytes = 2 + 2 * pick(2 * XL_MAX_INSNS);
    if (pick(40) == 0)
        bytes += 2 * pick(GRANULE_BYTES);
    *range = (struct xl_range){pc, bytes};
}

/* Exit k of a made-up region: a branch from bundle `branch` to its stub, or a stub that is fallen
 * into. */
static void add_exit(struct xl_exit *exits, struct xl_result *res, uint32_t *code, uint32_t branch,
                     uint32_t stub, bool has_branch) {
    uint32_t k = res->n_exits++;
    exits[k] = (struct xl_exit){.guest_target = any_target(),
                                .stub_bundle = (uint16_t)stub,
                                .branch_bundle = (uint16_t)(has_branch ? branch : stub),
                                .commit_bundle = (uint16_t)(has_branch ? branch : stub),
                                .pair = XL_NO_PAIR,
                                .likelihood = has_branch ? XL_LIKELIER : XL_UNLIKELIER};
    if (has_branch)
        code[branch * 4 + 3] = vop_encode_B(VOP_BNE, 1, 5, 6, (int32_t)(stub - branch));
    code[stub * 4 + 3] = vop_encode_X(VOP_EXIT, 0);
    if (k % 2 == 1 && !has_branch && exits[k - 1].pair == XL_NO_PAIR &&
        exits[k - 1].likelihood == XL_LIKELIER) {
        exits[k].pair = (uint16_t)(k - 1);
        exits[k - 1].pair = (uint16_t)k;
    }
}

/* A made-up region: branches, inner commit points, stubs. */
static void install(uint32_t step) {
    static uint32_t code[MAX_BUNDLES * 4];
    struct xl_exit exits[MAX_EXITS];
    struct xl_range ranges[MAX_RANGES];
    struct xl_note notes[2 * MAX_NOTES];
    struct tcache *tc = &cms_state.tc;
    struct xl_result res = {.n_insns = 3,
                            .ranges = ranges,
                            .exits = exits,
                            .commits = notes,
                            .baked = notes + MAX_NOTES,
                            .rights = tc->rights,
                            .rechecks = pick(4) == 0};
    uint32_t pc = guest_pc_of(pick(GUEST_BLOCKS)), n_exits = 1 + pick(pick(2) == 0 ? 2 : MAX_EXITS);
    if (tc_find(tc, pc) != NULL)
        return;
    add_range(ranges, &res, pc);
    while (pick(3) == 0 && res.n_ranges < MAX_RANGES)
        add_range(ranges, &res,
                  pick(2) == 0 ? ranges[res.n_ranges - 1].guest_pc + 256
                               : guest_pc_of(pick(GUEST_BLOCKS)));
    res.n_commits = pick(3) == 0 ? pick(MAX_NOTES + 1) : 0;
    res.n_baked = pick(MAX_NOTES + 1);
    uint32_t least = 2 * n_exits + res.n_commits;
    uint32_t n = res.n_bundles = least + pick(MAX_BUNDLES - least);
    uint32_t first = pick(n - least + 1);
    memset(code, 0, sizeof code);
    for (uint32_t k = 0; k < n_exits; k++)
        add_exit(exits, &res, code, first + k, n - 1 - k,
                 pick(3) != 0 && (k % 2 == 0 || pick(2) == 0));
    for (uint32_t k = 0; k < res.n_commits; k++)
        notes[k] = (struct xl_note){ranges[0].guest_pc + 2 * k, (uint16_t)(first + n_exits + k), 0};
    for (uint32_t k = 0; k < res.n_baked; k++)
        notes[MAX_NOTES + k] = (struct xl_note){pc, (uint16_t)pick(n), (uint16_t)pick(4)};
    struct tc_needs needs;
    enum tc_room room = make_room(&res, &needs);
    if ((room == TC_ROOM_NEVER) != (n > tc->n_bundles))
        fail("a region that fits is refused or the other way round", step);
    if (room == TC_ROOM_NEVER)
        return;
    struct tc_region *r = tc_install(tc, &res, &needs, code);
    if (tc_find(tc, pc) != r)
        fail("a new region is not found", step);
    n_installs++;
}

/* A live one, if there are many. */
static struct tc_region *any_region(void) {
    const struct tcache *tc = &cms_state.tc;
    for (uint32_t n = 0; n < 4 && tc->n_regions != 0; n++) {
        struct tc_region *r =
            &tc->regions[(tc->oldest + pick(tc->n_regions)) & (TC_MAX_REGIONS - 1)];
        if (r->is_live && !r->is_stopped)
            return r;
    }
    return NULL;
}

static void chain_one(void) {
    struct tcache *tc = &cms_state.tc;
    struct tc_region *r = any_region();
    if (r == NULL || r->rights != tc->rights)
        return;
    uint32_t number = tc_exit_number(r, pick(r->n_exits));
    const struct tc_exit *e = tc_exit_of(tc, number);
    struct tc_region *to = tc_find(tc, e->made.guest_target);
    if (to != NULL && e->chained_to == TC_NO_REGION && tc_learn(tc, number))
        tc_chain(tc, number, to);
}

static void stop(struct tc_region *r) {
    tc_stop(&cms_state.tc, r);
    n_stops++;
    if (pick(2) == 0)
        tc_bury(&cms_state.tc, r);
}

/* Scans to the end, now and then with more to be scanned on the way. */
static void scan(uint32_t step) {
    struct tcache *tc = &cms_state.tc;
    for (uint32_t n = 0; tc->scan.is_on; n++) {
        uint32_t stopped = tc_scan_on(&cms_state.tc);
        if (stopped > TC_SCAN_STEPS / TC_SCAN_STOP_STEPS + 1)
            fail("a slice of a scan stops too many", step);
        n_slices++;
        if (n < 20 && pick(4) == 0)
            tc_scan_granule(tc, guest_pc_of(pick(GUEST_BLOCKS)), pick(4) == 0);
        if (n < 20 && pick(20) == 0)
            tc_scan_ring(tc, pick(20) == 0);
        if (n > 20 + 4 * TC_MAX_REGIONS)
            fail("a scan does not come to its end", step);
    }
}

/* A half word of the region's guest code changes, mostly the last one of a range. */
static void patch(struct tc_region *r, uint32_t step) {
    const struct tc_span *s = &tc_spans_of(&cms_state.tc, r)[pick(r->n_spans)];
    uint32_t addr = s->guest_pc + (pick(4) == 0 ? 2 * pick(s->bytes / 2) : s->bytes - 2u);
    hosted.platform.guest_ram[addr - MEM_GUEST_BASE] ^= (uint8_t)(1 + pick(255));
    if (pick(8) == 0)
        tc_scan_ring(&cms_state.tc, false);
    else
        tc_scan_granule(&cms_state.tc, addr, false);
    scan(step);
    n_patches++;
    if (!r->is_stopped)
        fail("a region outlives its guest code", step);
}

static void step_once(uint32_t step) {
    struct tcache *tc = &cms_state.tc;
    struct tc_region *r;
    uint32_t what = pick(1000);
    if (what < 300) {
        install(step);
    } else if (what < 890) {
        chain_one();
    } else if (what < 900) {
        tc_set_rights(tc, pick(4) == 0);
    } else if ((r = any_region()) != NULL) {
        if (what < 950 && r->rights == tc->rights)
            tc_jump_table_add(tc, r);
        else if (what < 970)
            tc_invalidate(tc, r);
        else if (what < 985)
            stop(r);
        else if (what < 998)
            patch(r, step);
        else
            tc_flush(tc);
    }
}

static void note_loss(void *ctx, uint32_t guest_pc) {
    (void)ctx;
    (void)guest_pc;
    n_losses++;
}

static void check_nothing_left(uint32_t step) {
    struct tcache *tc = &cms_state.tc;
    tc_flush(tc);
    hosted_check();
    if (tc_live_regions(tc) != 0 || tc_live_bundles(tc) != 0 || tc->n_regions != 0 ||
        tc->head != tc->first_native)
        fail("a count is not 0 after a flush", step);
    for (uint32_t i = 0; i < TC_HASH_SIZE; i++)
        if (tc->hash[i] != TC_NO_REGION)
            fail("a region is in the hash after a flush", step);
    for (uint32_t i = 0; i < TC_GRANULES; i++)
        if (tc->granules[i] != 0)
            fail("a region is in a granule's list after a flush", step);
}

int main(int argc, char **argv) {
    const uint32_t steps = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : DEFAULT_STEPS;
    static const uint32_t arena_bundles[] = {2, 30, 64, 200, 1000, 5000, 20000};
    static const uint32_t distances[] = {64, 4, 64, 4, 2, 0, 2};
    const struct engine_boot boot = {.ram_bytes = RAM_BYTES};
    hosted_start(&boot);
    cms_state.platform = hosted.platform;
    cms_state.mem = (struct guest_mem){hosted.platform.guest_ram, MEM_GUEST_BASE, RAM_BYTES};
    const struct tc_config config = {.code = hosted.platform.code,
                                     .mem = &cms_state.mem,
                                     .stats = &cms_state.stats,
                                     .on_loss = note_loss};
    for (unsigned a = 0; a < sizeof arena_bundles / sizeof arena_bundles[0]; a++) {
        tc_init(&cms_state.tc, &config, &tables, 16 + 48 * a, arena_bundles[a] * 16);
        cms_state.tc.next_cell = TC_CELLS - a; /* the first region finds no cell there, or a few */
        cms_state.tc.cells_end = TC_CELLS;
        place_blocks(distances[a]);
        for (uint32_t step = 0; step < steps; step++) {
            step_once(step);
            if (step % 16 == 0 || arena_bundles[a] < 300) {
                hosted_check();
                check_code(step);
                check_bits(step);
            }
        }
        check_nothing_left(steps);
    }
    const uint64_t *now = cms_state.stats.now;
    printf("tcache: %u steps in each of 7 arenas: %llu installs, %u evictions (room put off %u "
           "times), "
           "%u chained in the branch, %u in the stub, %u unchained, %u branches turned, %u regions "
           "stopped, %u lost their code in %u slices, %u dropped from a crowded bucket\n",
           (unsigned)steps, (unsigned long long)n_installs, (unsigned)now[STAT_TC_EVICTIONS],
           (unsigned)n_later, (unsigned)now[STAT_CHAIN_BRANCHES], (unsigned)now[STAT_CHAIN_STUBS],
           (unsigned)now[STAT_UNCHAINS], (unsigned)now[STAT_BRANCH_TURNS], (unsigned)n_stops,
           (unsigned)n_patches, (unsigned)n_slices, (unsigned)now[STAT_TC_CROWDED]);
    return now[STAT_CHAIN_BRANCHES] != 0 && now[STAT_CHAIN_STUBS] != 0 &&
                   now[STAT_BRANCH_TURNS] != 0 && n_later != 0 && now[STAT_TC_CROWDED] != 0 &&
                   n_losses == now[STAT_TC_EVICTIONS] + now[STAT_TC_CROWDED]
               ? 0
               : 1;
}
