/* SPDX-License-Identifier: MIT
 * Another order for a block's instructions: those with the longest way to the end
 * of the block first. The scheduler places operations greedily in the order it gets, so this makes
 * it a list scheduler by critical path. It costs time that only the ahead-of-time translator has.
 *
 * What must stay in order: an operand before its reader; a reader of a register's entry value
 * before the instruction that gives the register its new value; stores with loads and stores;
 * control operations, divisions and rdh/wrh among themselves, and all of them but rdh/wrh with
 * memory.
 */
#include "translator/passes.h"

enum order_class {
    FREE = 0,
    LOAD = 1,
    STORE = 2,
    HOME = 4,    /* rdh, wrh */
    CONTROL = 8, /* csr, commit */
    DIVIDE = 16
};

struct ordering {
    struct ir_block *b;
    uint32_t n; /* instructions without the closing one */
    uint32_t height[IR_MAX_INS];
    bool is_done[IR_MAX_INS];
    /* the new order */
    uint8_t renamed[IR_VALUES], uses[IR_MAX_INS];
    struct ir_ins ins[IR_MAX_INS];
};
_Static_assert(sizeof(struct ordering) <= PASS_SCRATCH_BYTES, "memory of a pass");

static enum order_class class_of(const struct ir_ins *in) {
    switch ((enum ir_kind)ir_kind[in->op]) {
    case IRK_LOAD:
        return LOAD;
    case IRK_STORE:
        return STORE;
    case IRK_RDH:
    case IRK_WRH:
        return HOME;
    case IRK_CSRR:
    case IRK_CSRW:
    case IRK_COMMIT:
    case IRK_WAIT:
        return CONTROL;
    case IRK_DIV:
        return DIVIDE;
    default:
        return FREE;
    }
}

static bool keeps_order(enum order_class a, enum order_class b) {
    static const uint32_t partners[] = {[FREE] = 0,
                                        [LOAD] = STORE | CONTROL,
                                        [STORE] = LOAD | STORE | CONTROL,
                                        [HOME] = HOME | CONTROL | DIVIDE,
                                        [CONTROL] = LOAD | STORE | HOME | CONTROL | DIVIDE,
                                        [DIVIDE] = HOME | CONTROL | DIVIDE};
    return (partners[a] & b) != 0;
}

static bool reads(const struct ir_ins *in, uint32_t v) {
    return in->a == v || in->b == v;
}

/* Must instruction i stay before j, which comes after it? */
static bool is_before(const struct ir_block *b, uint32_t i, uint32_t j) {
    const struct ir_ins *first = &b->ins[i], *second = &b->ins[j];
    if (reads(second, IR_FIRST + i))
        return true;
    if (ir_flags[second->op] & IRF_RESULT && second->dst && reads(first, second->dst))
        return true;
    return keeps_order(class_of(first), class_of(second));
}

/* Cycles from the issue of each instruction to the end of the block, at least. */
static void find_heights(struct ordering *o) {
    for (uint32_t i = o->n; i-- > 0;) {
        uint32_t latency = sched_op_of(o->b->ins[i].op).latency;
        o->height[i] = latency;
        for (uint32_t j = i + 1; j <= o->n; j++) {
            bool is_data = reads(&o->b->ins[j], IR_FIRST + i);
            uint32_t rest = j < o->n ? o->height[j] : 0;
            uint32_t height = rest + (is_data ? latency + 1 : 1);
            if ((is_data || is_before(o->b, i, j)) && height > o->height[i])
                o->height[i] = height;
        }
    }
}

static bool is_ready(const struct ordering *o, uint32_t j) {
    for (uint32_t i = 0; i < j; i++) {
        if (!o->is_done[i] && is_before(o->b, i, j))
            return false;
    }
    return true;
}

static uint32_t pick(const struct ordering *o) {
    uint32_t best = o->n;
    for (uint32_t j = 0; j < o->n; j++) {
        if (!o->is_done[j] && (best == o->n || o->height[j] > o->height[best]) && is_ready(o, j))
            best = j;
    }
    return best;
}

/* Puts the instructions in their order beside the block; how many have moved. */
static uint32_t choose_order(struct ordering *o) {
    uint32_t moved = 0;
    for (uint32_t v = 0; v < IR_VALUES; v++)
        o->renamed[v] = (uint8_t)v;
    for (uint32_t at = 0; at < o->n; at++) {
        uint32_t i = pick(o);
        o->is_done[i] = true;
        o->renamed[IR_FIRST + i] = (uint8_t)(IR_FIRST + at);
        o->ins[at] = o->b->ins[i];
        o->uses[at] = o->b->uses[IR_FIRST + i];
        moved += i != at;
    }
    return moved;
}

uint32_t pass_order(struct pass_work *w) {
    struct ir_block *b = &w->xl.ir;
    struct ordering *o = (struct ordering *)(void *)w->scratch;
    *o = (struct ordering){.b = b, .n = b->n - 1};
    find_heights(o);
    uint32_t moved = choose_order(o);
    for (uint32_t i = 0; i < o->n; i++) {
        b->ins[i] = o->ins[i];
        b->uses[IR_FIRST + i] = o->uses[i];
    }
    for (uint32_t i = 0; i < b->n; i++) {
        b->ins[i].a = o->renamed[b->ins[i].a];
        b->ins[i].b = o->renamed[b->ins[i].b];
    }
    return moved;
}
