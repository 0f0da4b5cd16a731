/* SPDX-License-Identifier: MIT
 * Schedule checker: goes through finished bundles as the machine would and says which rule of
 * docs/architecture.md they break. It decodes the words and knows only the machine tables; nothing
 * is shared with the scheduler. Workstation only; run after each translation by the tests and the
 * ahead-of-time translator. Cycles are counted from 1, the block's first bundle. */
#include "machine_encode.h"
#include "translator/xlate_impl.h"

struct check {
    const struct xl *xl;
    uint32_t done[64];  /* first cycle its own slot may read it; 0: never written, and no home */
    uint32_t last_done; /* latest completion of all */
    uint32_t home_done;
    uint32_t commit, leave, csrw, wrh;
    bool div_started;
    uint32_t done_ports[XL_MAX_BUNDLES + XL_LOOK_AHEAD]; /* bit s: port of slot s */
};

static bool is_home(const struct check *c, uint32_t r) {
    for (uint32_t i = 1; i < 32; i++)
        if (c->xl->abi->homes[i] == r)
            return r != 0;
    return false;
}

static const char *check_read(const struct check *c, uint32_t r, uint32_t slot, uint32_t t) {
    if (r == 0)
        return NULL;
    if (c->done[r] == 0)
        return is_home(c, r) ? "home read before it is defined"
                             : "temporary read that was never written";
    bool is_early =
        c->done[r] == 1 && (c->xl->abi->commits || (c->xl->early >> (r - c->xl->home_base) & 1));
    if (t < c->done[r] + (slot != r % XL_SLOTS && !is_early ? CROSS_EXTRA_CYCLES : 0))
        return "register read before it is ready";
    return NULL;
}

static const char *check_write(struct check *c, uint32_t r, uint32_t slot, uint32_t t,
                               uint32_t latency) {
    uint32_t done = t + latency;
    if (c->done_ports[done] >> slot & 1)
        return "two results of one slot complete in one cycle";
    c->done_ports[done] |= 1u << slot;
    if (r != 0 && c->done[r] >= done)
        return "register written while an earlier write is in flight";
    if (r != 0)
        c->done[r] = done;
    if (done > c->last_done)
        c->last_done = done;
    if (is_home(c, r)) {
        if (c->commit != 0 && t > c->commit)
            return "home written after the commit";
        if (done > c->home_done)
            c->home_done = done;
    }
    return NULL;
}

static const char *check_order(struct check *c, const struct vop_fields *f, uint32_t t) {
    uint32_t flags = vop_info[f->op].flags;
    if ((flags & (OPF_LOAD | OPF_STORE)) && c->commit != 0 && t > c->commit)
        return "memory access after the commit";
    if (flags & (OPF_BRANCH | OPF_JUMP)) {
        if (c->leave != 0)
            return "a branch behind the last one";
        bool is_side_exit = (flags & OPF_BRANCH) != 0 && t < c->xl->n_bundles &&
                            !c->xl->abi->commits && f->pred == 0;
        c->leave = is_side_exit ? 0 : t;
    }
    if (f->op == VOP_COMMIT && c->xl->abi->commits) {
        if (c->commit != 0)
            return "two commits";
        c->commit = t;
    }
    if ((f->op == VOP_CSRR || f->op == VOP_WAIT) && c->csrw != 0 && t < c->csrw + CSR_SETTLE_CYCLES)
        return "csrr or wait too early after csrw";
    if (f->op == VOP_CSRW)
        c->csrw = t;
    if (f->op == VOP_RDH &&
        t < (c->wrh != 0 ? c->wrh + UNIT_HOME_WRITE_LATENCY : 1) + CROSS_EXTRA_CYCLES)
        return "rdh too early";
    if (f->op == VOP_WRH)
        c->wrh = t;
    if (f->op == VOP_DIVRES && !c->div_started)
        return "divres without a start";
    if (vop_info[f->op].unit == UNIT_DIV_START)
        c->div_started = true;
    return NULL;
}

/* Sources of the bundle first, then its results. */
static const char *check_bundle(struct check *c, const uint32_t *words, uint32_t t) {
    struct vop_fields f[XL_SLOTS];
    bool is_op[XL_SLOTS];
    const char *bad = NULL;
    for (uint32_t s = 0; s < XL_SLOTS; s++) {
        is_op[s] = s == 0 || !is_op[s - 1] || !(vop_info[f[s - 1].op].flags & OPF_LITERAL);
        f[s] = (struct vop_fields){0};
        if (is_op[s] && !vop_decode(words[s], s, &f[s]))
            return "illegal word";
        if (is_op[s] && vop_info[f[s].op].reads_rs1 && bad == NULL)
            bad = check_read(c, f[s].rs1, s, t);
        if (is_op[s] && vop_info[f[s].op].reads_rs2 && bad == NULL)
            bad = check_read(c, f[s].rs2, s, t);
    }
    for (uint32_t s = 0; s < XL_SLOTS && bad == NULL; s++) {
        if (!is_op[s])
            continue;
        const struct vop_info *info = &vop_info[f[s].op];
        bad = check_order(c, &f[s], t);
        if (bad == NULL && info->writes_rd && f[s].rd != 0)
            bad = check_write(c, f[s].rd, s, t, info->latency);
        if (bad == NULL && f[s].op == VOP_WRH)
            bad = check_write(c, 0, s, t, info->latency);
    }
    return bad;
}

static bool is_stub(const uint32_t *words) {
    uint32_t others = 0;
    for (uint32_t s = 0; s < XL_SLOTS; s++)
        others |= s == UNIT_BRANCH_SLOT ? 0 : words[s];
    return others == 0 && (words[UNIT_BRANCH_SLOT] & 0x7f) == VOP_EXIT_OPCODE;
}

/* Guest homes that other slots than their own may not read in the cycle after bundle n. */
static uint32_t late_homes(const struct check *c, uint32_t n) {
    uint32_t late = 0;
    for (uint32_t r = 1; r < 32; r++)
        if (c->done[r] + CROSS_EXTRA_CYCLES > n + 1)
            late |= 1u << r;
    return late;
}

/* The exit whose branch is in bundle n, the last one before the stubs, counted from 1, has them;
 * the others have bubbles or a bundle in which the late homes become ready. */
static bool are_exits_right(const struct check *c, uint32_t n) {
    for (uint32_t i = 0; i < c->xl->n_exits; i++) {
        const struct xl_exit *e = &c->xl->exits[i];
        if (e->late_homes != (e->branch_bundle + 1u == n ? late_homes(c, n) : 0))
            return false;
    }
    return true;
}

const char *xl_check(const struct xl *xl) {
    static const struct check zero;
    struct check c = zero;
    uint32_t n = 0;
    c.xl = xl;
    for (uint32_t i = 1; i < 32; i++)
        if (xl->abi->homes[i] != 0)
            c.done[xl->abi->homes[i]] = 1;
    while (n < xl->n_bundles && !is_stub(&xl_code(xl)[n * XL_SLOTS])) {
        const char *bad = check_bundle(&c, &xl_code(xl)[n * XL_SLOTS], n + 1);
        if (bad != NULL)
            return bad;
        n++;
    }
    if (c.leave != 0 && c.leave != n)
        return "branch that is not in the last bundle";
    if (xl->abi->commits && c.commit == 0)
        return "no commit";
    if (c.commit != 0 && c.home_done > c.commit + 1)
        return "home in flight for too long at the commit";
    if (c.last_done > n + xl->over_end)
        return "result in flight at the end of the block";
    if (!are_exits_right(&c, n))
        return "exit with a wrong set of late homes";
    if (c.csrw != 0 && n + 1 < c.csrw + CSR_SETTLE_CYCLES)
        return "csrw too near to the end of the block";
    return NULL;
}
