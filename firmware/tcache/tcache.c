/* SPDX-License-Identifier: MIT
 * Installing, chaining, unchaining and dropping regions: everything that writes CODE memory or the
 * jump-target table. CODE cannot be read back, so each exit keeps the branch word the translator
 * made.
 *
 * A chained exit is one of
 *   in the branch:  the branch slot of branch_bundle goes straight to the target: a conditional
 *                   branch with its offset rewritten when the target is in reach, or `j` in place
 *                   of a `nop` or `j`
 *   in the stub:    the branch slot of stub_bundle is `j target` instead of `exit number`
 *
 * Unchaining writes the old word back. The guest is stopped meanwhile, so no order of writes
 * matters.
 */
#include "firmware/native.h"
#include "firmware/tcache/tcache_impl.h"
#include "machine_encode.h"

enum { WORDS_PER_BUNDLE = SLOT_COUNT, BRANCH_SLOT = UNIT_BRANCH_SLOT, OPCODE_MASK = 0x7f };

static void write_branch_slot(struct tcache *tc, const struct tc_region *r, uint32_t bundle,
                              uint32_t word) {
    if (UNLIKELY(r->is_stopped) && bundle == 0) /* it stays stopped */
        return;
    uint32_t index = tc_bundle_of(r) + bundle;
    tc->config.code[index * WORDS_PER_BUNDLE + BRANCH_SLOT] = word;
}

uint32_t tc_region_index(const struct tcache *tc, const struct tc_region *r) {
    return (uint32_t)(r - tc->regions);
}

static void set_tables(struct tcache *tc, struct tc_tables *tables) {
    tc->hash = tables->hash;
    tc->granules = tables->granules;
    tc->regions = tables->regions;
    tc->cells = tables->cells;
}

/* No region is left. */
static void empty(struct tcache *tc) {
    tc->head = tc->first_native;
    tc->next_cell = 1;
    tc->oldest = tc->n_regions = 0;
    tc->n_dead = tc->dead_bundles = 0;
    tc_find_free(tc);
    tc->pending_exit = TC_NO_EXIT;
    native_csrw(CSR_JT_FLUSH, 0);
}

void tc_init(struct tcache *tc, const struct tc_config *config, struct tc_tables *tables,
             uint32_t first_byte, uint32_t bytes) {
    uint32_t base = (first_byte + TC_BUNDLE_BYTES - 1) / TC_BUNDLE_BYTES;
    cms_assert(bytes >= TC_MIN_BYTES);
    tc->config = *config;
    tc->ram = config->mem->ram;
    tc->ram_base = config->mem->base;
    set_tables(tc, tables);
    for (uint32_t slot = 0; slot < BRANCH_SLOT; slot++)
        config->code[base * WORDS_PER_BUNDLE + slot] = vop_encode_N(VOP_NOP);
    config->code[base * WORDS_PER_BUNDLE + BRANCH_SLOT] = vop_encode_X(VOP_EXIT, XL_EXIT_INDIRECT);
    native_csrw(CSR_JT_MISS, MEM_CODE_BASE + base * TC_BUNDLE_BYTES);
    tc->first_native = MEM_CODE_BASE + (base + 1) * TC_BUNDLE_BYTES;
    tc->n_bundles = bytes / TC_BUNDLE_BYTES - 1;
    tc->rights = 0;
    tc->has_evicted = false;
    for (uint32_t i = 0; i < TC_HASH_SIZE; i++)
        tc->hash[i] = TC_NO_REGION;
    tc_protect_init(tc);
    empty(tc);
}

/* The jump-target table knows guest pcs alone. */
void tc_set_rights(struct tcache *tc, uint32_t rights) {
    if (tc->rights == rights)
        return;
    tc->rights = rights;
    tc->pending_exit = TC_NO_EXIT;
    native_csrw(CSR_JT_FLUSH, 0);
}

/* Exits of region `index`, the branch slot of whose first bundle is at `to`, in the cells from
 * `number` on. Who is chained to whom is written when it is. */
static inline void install_exits(struct tcache *tc, uint32_t index, volatile uint32_t *to,
                                 uint32_t number, const struct xl_result *res,
                                 const uint32_t *code) {
    const struct xl_exit *from = res->exits, *end = from + res->n_exits;
    struct tc_exit *e = tc_exit_of(tc, number);
    const uint32_t state = index | TC_NO_REGION << TC_REGION_BITS;
    for (; from != end; from++, e++, number++) {
        const uint32_t bundles = from->bundles;
        const uint32_t *branch = code + (bundles >> 16) * WORDS_PER_BUNDLE + BRANCH_SLOT;
        volatile uint32_t *stub = to + (bundles & 0xffff) * WORDS_PER_BUNDLE;
        e->made = *from;
        const uint32_t word = *branch; /* it takes its time */
        e->state = state;
        *stub = vop_encode_X(VOP_EXIT, number);
        e->branch_word = word;
    }
}

static inline struct tc_note *install_notes(struct tc_note *to, const struct xl_note *from,
                                            uint32_t n) {
    for (uint32_t k = 0; k < n; k++)
        to[k] = (struct tc_note){from[k].guest_pc, from[k].bundle, from[k].slot};
    return to + n;
}

static __attribute__((noinline)) struct tc_note *install_all_notes(struct tc_note *to,
                                                                   const struct xl_result *res) {
    to = install_notes(to, res->commits, res->n_commits);
    return install_notes(to, res->baked, res->n_baked);
}

enum { IS_WIDE = WORDS_PER_BUNDLE > 2 };

/* The first bundle, which goes to two places. */
static inline void copy_first(volatile uint32_t *to, uint32_t *first, const uint32_t *from) {
    uint32_t w0 = from[0], w1 = from[1], w2 = IS_WIDE ? from[2] : 0, w3 = IS_WIDE ? from[3] : 0;
    to[0] = first[0] = w0;
    to[1] = first[1] = w1;
    if (IS_WIDE) {
        to[2] = first[2] = w2;
        to[3] = first[3] = w3;
    }
}

static inline void copy_one(volatile uint32_t *to, const uint32_t *from) {
    uint32_t w0 = from[0], w1 = from[1], w2 = IS_WIDE ? from[2] : 0, w3 = IS_WIDE ? from[3] : 0;
    to[0] = w0;
    to[1] = w1;
    if (IS_WIDE) {
        to[2] = w2;
        to[3] = w3;
    }
}

/* Two bundles: the loads of one stand between the stores of the other, in the same cycles. Stores
 * go upwards: code memory wants a literal's `li32` before it (rtl/code_mem.sv). */
static inline void copy_two(volatile uint32_t *to, const uint32_t *from) {
    enum { N = WORDS_PER_BUNDLE };
    uint32_t w0 = from[0], w1 = from[1], w2 = IS_WIDE ? from[2] : 0, w3 = IS_WIDE ? from[3] : 0;
    to[0] = w0;
    w0 = from[N];
    to[1] = w1;
    w1 = from[N + 1];
    if (IS_WIDE) {
        to[2] = w2;
        w2 = from[N + 2];
        to[3] = w3;
        w3 = from[N + 3];
    }
    to[N] = w0;
    to[N + 1] = w1;
    if (IS_WIDE) {
        to[N + 2] = w2;
        to[N + 3] = w3;
    }
}

/* Copies n bundles, n > 0, the first one to `first` as well. */
static inline void install_code(volatile uint32_t *to, const uint32_t *from, uint32_t n,
                                uint32_t *first) {
    const uint32_t *end = from + n * WORDS_PER_BUNDLE;
    copy_first(to, first, from);
    to += WORDS_PER_BUNDLE;
    from += WORDS_PER_BUNDLE;
    if (n % 2 == 0) {
        copy_one(to, from);
        to += WORDS_PER_BUNDLE;
        from += WORDS_PER_BUNDLE;
    }
    for (; from != end; from += 2 * WORDS_PER_BUNDLE, to += 2 * WORDS_PER_BUNDLE)
        copy_two(to, from);
}

/* What is one word is written first, a few at a time: there are not many registers. */
struct tc_region *tc_install(struct tcache *tc, const struct xl_result *res,
                             const struct tc_needs *needs, const uint32_t *code) {
    const uint32_t n_bundles = res->n_bundles, n_exits = res->n_exits, n_spans = needs->spans;
    const uint32_t n_notes = res->n_commits | res->n_baked << TC_HALF_BITS;
    const uint32_t index = (tc->oldest + tc->n_regions) & (TC_MAX_REGIONS - 1);
    struct tc_region *r = &tc->regions[index];
    tc->n_regions++;
    r->lists = needs->next | (uint32_t)TC_NO_EXIT << TC_HALF_BITS;
    tc->hash[needs->bucket] = (uint16_t)index;
    const uint32_t native = tc->head, block = tc->next_cell;
    tc->head = native + n_bundles * TC_BUNDLE_BYTES;
    tc->next_cell = block + needs->cells;
    r->native = native;
    r->place = block | n_bundles << TC_HALF_BITS;
    r->parts = n_exits | n_spans << TC_HALF_BITS;
    r->notes = n_notes;
    r->guest_pc = res->ranges->guest_pc;
    r->rights = res->rights;
    r->state = TC_STATE_LIVE | (uint32_t)res->rechecks << TC_STATE_RECHECKS_AT |
               res->mode << TC_STATE_MODE_AT;
    const uint32_t span = 2 * (block + n_exits);
    struct tc_note *notes = (struct tc_note *)(tc->cells->spans + span + n_spans);
    if (UNLIKELY(n_notes != 0))
        notes = install_all_notes(notes, res);
    tc_protect(tc, index, res->ranges, span, n_spans, (uint32_t *)notes);
    volatile uint32_t *to = tc->config.code + (native - MEM_CODE_BASE) / sizeof *to;
    install_code(to, code, n_bundles, r->first_words);
    install_exits(tc, index, to + BRANCH_SLOT, block, res, code);
    return r;
}

/* Does a branch lead to it? */
static bool has_branch(const struct tc_exit *e) {
    return e->made.branch_bundle != e->made.stub_bundle;
}

static bool is_likely(const struct tc_exit *e) {
    return e->made.likelihood > XL_ALWAYS / 2;
}

/* The word that makes the branch go to native bundle `target` from bundle `from`; 0: out of reach.
 */
static uint32_t chained_branch(uint32_t word, uint32_t from, uint32_t target) {
    uint32_t opcode = word & OPCODE_MASK;
    if (opcode == VOP_NOP_OPCODE || opcode == VOP_J_OPCODE)
        return vop_encode_X(VOP_J, target);
    int32_t offset = (int32_t)(target - from);
    if (offset < FORMAT_B_IMM_MIN || offset > FORMAT_B_IMM_MAX)
        return 0;
    uint32_t no_offset = vop_encode_B(VOP_BEQ, 0, 0, 0, 0);
    uint32_t field = vop_encode_B(VOP_BEQ, 0, 0, 0, -1) ^ no_offset;
    return (word & ~field) | (vop_encode_B(VOP_BEQ, 0, 0, 0, offset) ^ no_offset);
}

/* What a word reads, by its opcode. */
enum { READS_RS1 = 1, READS_RS2 = 2, HAS_LITERAL = 4 };
enum {
    READS_N = 0,
    READS_R = READS_RS1 | READS_RS2,
    READS_T = READS_R,
    READS_I = READS_RS1,
    READS_S = READS_R,
    READS_B = READS_R,
    READS_J = 0,
    READS_U = 0,
    READS_L = HAS_LITERAL,
    READS_D = READS_RS1,
    READS_V = READS_RS1,
    READS_P = 0,
    READS_X = 0,
    READS_CR = 0,
    READS_CW = READS_RS1
};
static const uint8_t reads_of_opcode[OPCODE_MASK + 1] = {
#define OP(NAME, mnemonic, opcode, format, unit, slots, flags, semantics, description)             \
    [opcode] = READS_##format,
#include "rtl/machine/ops.def"
#undef OP
};

/* Where the formats that read have rs1 and rs2. */
enum { REG_MASK = REG_COUNT - 1, HOMES = 32 };

/* Homes that the region's first bundle reads with another slot than their own. */
static uint32_t foreign_reads(const struct tc_region *r) {
    uint32_t homes = 0;
    for (uint32_t slot = 0; slot < WORDS_PER_BUNDLE; slot++) {
        uint32_t word = r->first_words[slot], reads = reads_of_opcode[word & OPCODE_MASK];
        uint32_t rs1 = word >> RS1_AT & REG_MASK, rs2 = word >> RS2_AT & REG_MASK;
        uint32_t others = ~(0x11111111u << slot); /* homes of the other slots */
        if ((reads & READS_RS1) != 0 && rs1 < HOMES)
            homes |= 1u << rs1 & others;
        if ((reads & READS_RS2) != 0 && rs2 < HOMES)
            homes |= 1u << rs2 & others;
        slot += (reads & HAS_LITERAL) != 0;
    }
    return homes;
}

static void unchain(struct tcache *tc, uint32_t exit_number) {
    struct tc_exit *e = tc_exit_of(tc, exit_number);
    const struct tc_region *r = &tc->regions[e->region];
    struct tc_region *to = &tc->regions[e->chained_to];
    if (e->is_in_branch)
        write_branch_slot(tc, r, e->made.branch_bundle, e->branch_word);
    else
        write_branch_slot(tc, r, e->made.stub_bundle, vop_encode_X(VOP_EXIT, exit_number));
    if (e->prev_incoming == TC_NO_EXIT)
        to->first_incoming = e->next_incoming;
    else
        tc_exit_of(tc, e->prev_incoming)->next_incoming = e->next_incoming;
    if (e->next_incoming != TC_NO_EXIT)
        tc_exit_of(tc, e->next_incoming)->prev_incoming = e->prev_incoming;
    e->chained_to = TC_NO_REGION;
    tc_count(tc, STAT_UNCHAINS, 1);
}

static void add_incoming(struct tcache *tc, uint32_t exit_number, struct tc_region *to) {
    struct tc_exit *e = tc_exit_of(tc, exit_number);
    e->chained_to = tc_region_index(tc, to) & TC_NO_REGION;
    e->prev_incoming = TC_NO_EXIT;
    e->next_incoming = to->first_incoming;
    if (to->first_incoming != TC_NO_EXIT)
        tc_exit_of(tc, to->first_incoming)->prev_incoming = (uint16_t)exit_number;
    to->first_incoming = (uint16_t)exit_number;
}

/* Requires: exit_number and `to` are of live regions, the exit is not chained and leads to `to`. */
void tc_chain(struct tcache *tc, uint32_t exit_number, struct tc_region *to) {
    struct tc_exit *e = tc_exit_of(tc, exit_number);
    const struct tc_region *r = &tc->regions[e->region];
    cms_assert(r->is_live && to->is_live && !to->is_stopped);
    cms_assert(e->chained_to == TC_NO_REGION && e->made.guest_target == to->guest_pc);
    cms_assert(r->rights == to->rights);
    uint32_t target = tc_bundle_of(to), from = tc_bundle_of(r) + e->made.branch_bundle;
    uint32_t word = 0;
    /* would `to` read a home too early if the branch went there? */
    uint32_t late = e->made.late_homes;
    bool is_early = late != 0 && (late & foreign_reads(to)) != 0;
    if (has_branch(e) && !is_early)
        word = chained_branch(e->branch_word, from, target);
    e->is_in_branch = word != 0;
    if (word != 0) {
        write_branch_slot(tc, r, e->made.branch_bundle, word);
        tc_count(tc, STAT_CHAIN_BRANCHES, 1);
    } else {
        write_branch_slot(tc, r, e->made.stub_bundle, vop_encode_X(VOP_J, target));
        tc_count(tc, STAT_CHAIN_STUBS, 1);
        tc_count(tc, STAT_CHAIN_LATE, is_early);
    }
    add_incoming(tc, exit_number, to);
}

_Static_assert((VOP_BEQ_OPCODE ^ 1) == VOP_BNE_OPCODE && (VOP_BLT_OPCODE ^ 1) == VOP_BGE_OPCODE &&
                   (VOP_BLTU_OPCODE ^ 1) == VOP_BGEU_OPCODE,
               "bit 0 of a conditional branch's opcode inverts it");

/* The unlikely way of a branch becomes the likely one: the condition is inverted and the two exits
 * swap their targets. Requires: neither is chained. */
static void turn_branch(struct tcache *tc, struct tc_exit *e, struct tc_exit *other) {
    struct tc_exit *likely = is_likely(e) ? e : other;
    uint32_t target = e->made.guest_target;
    e->made.guest_target = other->made.guest_target;
    other->made.guest_target = target;
    likely->branch_word ^= 1;
    write_branch_slot(tc, &tc->regions[e->region], likely->made.branch_bundle, likely->branch_word);
    tc_count(tc, STAT_BRANCH_TURNS, 1);
}

/* The dispatcher has seen a passage of a direct exit; may it be chained? Not before the likely way
 * of its branch is known. The translator had three executions at most to guess it from, so the
 * first passages after it are counted, and decide. */
bool tc_learn(struct tcache *tc, uint32_t exit_number) {
    struct tc_exit *e = tc_exit_of(tc, exit_number);
    if (e->has_learnt || e->made.pair == XL_NO_PAIR || tc->config.keeps_guesses)
        return true;
    struct tc_exit *other = tc_exit_of(tc, tc->regions[e->region].block + e->made.pair);
    uint32_t a = e->passages + 1u, b = other->passages;
    e->passages = a & 15;
    if (a + b < (b == 0 ? TC_LEARN_SAME : TC_LEARN_MIXED))
        return false;
    e->has_learnt = other->has_learnt = 1;
    if (a == b || is_likely(e) == (a > b))
        return true;
    turn_branch(tc, e, other); /* exit_number means another target now */
    return false;
}

void tc_jump_table_add(struct tcache *tc, struct tc_region *r) {
    native_csrw(CSR_JT_TAG, r->guest_pc);
    native_csrw(CSR_JT_INSERT, r->native);
    r->is_in_jump_table = true;
    tc_count(tc, STAT_JT_INSERTS, 1);
}

void tc_stop(struct tcache *tc, struct tc_region *r) {
    uint32_t index = tc_bundle_of(r) * WORDS_PER_BUNDLE;
    for (uint32_t slot = 0; slot < BRANCH_SLOT; slot++)
        tc->config.code[index + slot] = vop_encode_N(VOP_NOP);
    tc->config.code[index + BRANCH_SLOT] = vop_encode_X(VOP_EXIT, XL_EXIT_STALE);
    if (r->is_in_jump_table) {
        native_csrw(CSR_JT_TAG, r->guest_pc);
        native_csrw(CSR_JT_INSERT, 0);
    }
    if (tc->pending_exit != TC_NO_EXIT && tc_region_of_exit(tc, tc->pending_exit) == r)
        tc->pending_exit = TC_NO_EXIT;
    tc_hash_remove(tc, r);
    tc_unprotect(tc, r);
    r->is_stopped = true;
}

bool tc_bury(struct tcache *tc, struct tc_region *r) {
    uint32_t n = 0;
    for (; r->first_incoming != TC_NO_EXIT; n++) {
        if (UNLIKELY(n == TC_BURY_EXITS))
            return false;
        unchain(tc, r->first_incoming);
    }
    for (uint32_t k = 0; k < r->n_exits; k++) {
        if (tc_exit_of(tc, tc_exit_number(r, k))->chained_to == TC_NO_REGION)
            continue;
        if (UNLIKELY(n++ == TC_BURY_EXITS))
            return false;
        unchain(tc, tc_exit_number(r, k));
    }
    r->is_live = false;
    tc->n_dead++;
    tc->dead_bundles += r->n_bundles;
    return true;
}

void tc_invalidate(struct tcache *tc, struct tc_region *r) {
    if (!r->is_live)
        return;
    if (!r->is_stopped) {
        tc_stop(tc, r);
        tc_count(tc, STAT_TC_INVALIDATIONS, 1);
    }
    tc_bury(tc, r);
}

/* Empties everything at once; no unchaining is needed since no region survives. */
void tc_flush(struct tcache *tc) {
    tc_protect_clear(tc);
    for (uint32_t k = 0; k < tc->n_regions; k++) {
        struct tc_region *r = &tc->regions[(tc->oldest + k) & (TC_MAX_REGIONS - 1)];
        r->is_live = false;
        tc->hash[tc_hash_of(r->guest_pc)] = TC_NO_REGION;
    }
    empty(tc);
    tc_count(tc, STAT_TC_FLUSHES, 1);
}
