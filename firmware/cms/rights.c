/* SPDX-License-Identifier: MIT
 * Rights contexts (rights.h). RAM is cut at the bounds of the PMP entries; each piece has the rights
 * of the first entry that it is in. Neighbours that are allowed an access make a window of it, and
 * what lies outside RAM belongs to every window that it touches, since accesses there trap by
 * themselves: so a hole in RAM leaves one window, around the end of the address space. */
#include "firmware/cms/rights.h"

enum { MAX_BOUNDS = 2 * PRIV_PMP_ENTRIES + 2, ALL = PRIV_READ_WRITE | PRIV_EXECUTE };

/* Words from bound[i] to bound[i + 1]: what may be done there and which entry says so. */
struct pieces {
    uint32_t n;
    uint32_t bound[MAX_BOUNDS];
    uint8_t data[MAX_BOUNDS], fetch[MAX_BOUNDS];
    uint8_t data_by[MAX_BOUNDS];
};

static void add_bound(struct pieces *s, uint32_t word) {
    uint32_t i = s->n;
    while (i > 0 && s->bound[i - 1] > word)
        i--;
    if (i > 0 && s->bound[i - 1] == word)
        return;
    for (uint32_t k = s->n; k > i; k--)
        s->bound[k] = s->bound[k - 1];
    s->bound[i] = word;
    s->n++;
}

/* Cuts the words [low, high] at the entries' bounds; n becomes the number of pieces. */
static void cut(struct pieces *s, const struct priv_pmp_range *entries, uint32_t n_entries,
                uint32_t low, uint32_t high) {
    s->n = 0;
    add_bound(s, low);
    add_bound(s, high + 1);
    for (uint32_t e = 0; e < n_entries; e++) {
        const struct priv_pmp_range *r = &entries[e];
        if (r->first > r->last || r->first > high || r->last < low)
            continue;
        add_bound(s, r->first < low ? low : r->first);
        add_bound(s, (r->last > high ? high : r->last) + 1);
    }
    s->n--;
}

static uint8_t rights_of(const struct guest_priv *p, uint32_t mode, uint32_t entry) {
    if (mode == PRIV_M && (entry == PRIV_NO_ENTRY || !priv_pmp_is_locked(p, entry)))
        return ALL;
    return entry == PRIV_NO_ENTRY ? 0 : (uint8_t)priv_pmp_rights(p, entry);
}

static void fill(struct pieces *s, const struct guest_priv *p,
                 const struct priv_pmp_range *entries) {
    const uint32_t data_mode = priv_data_mode(p);
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t e = 0, word = s->bound[i];
        while (e < p->pmp_used && (word < entries[e].first || word > entries[e].last))
            e++;
        if (e == p->pmp_used)
            e = PRIV_NO_ENTRY;
        s->fetch[i] = rights_of(p, p->mode, e);
        s->data[i] = rights_of(p, data_mode, e);
        bool is_free = data_mode == PRIV_M && (e == PRIV_NO_ENTRY || !priv_pmp_is_locked(p, e));
        s->data_by[i] = (uint8_t)(is_free ? PRIV_NO_ENTRY : e);
    }
}

/* The largest ones are kept, the largest first. Of the sizes, in words, what is in RAM counts. */
static void add_window(struct xl_windows *ws, uint32_t *sizes, uint32_t low, uint32_t end,
                       uint32_t size) {
    uint32_t i = ws->n < XL_WINDOWS ? ws->n++ : XL_WINDOWS - 1;
    if (i == XL_WINDOWS - 1 && sizes[i] > size)
        return;
    for (; i > 0 && sizes[i - 1] < size; i--) {
        ws->at[i] = ws->at[i - 1];
        sizes[i] = sizes[i - 1];
    }
    ws->at[i] = (struct xl_window){low * 4, (end - low) * 4};
    sizes[i] = size;
}

static void find_windows(struct xl_windows *ws, const struct pieces *s, const uint8_t *rights,
                         enum priv_access access) {
    const uint32_t first = s->bound[0], end = s->bound[s->n];
    uint32_t sizes[XL_WINDOWS] = {0}, low = first, outer_end = 0;
    bool is_in = true, has_gap = false; /* it comes from below RAM */
    ws->n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        const bool may = (rights[i] & access) == access;
        if (may == is_in)
            continue;
        is_in = may;
        if (may)
            low = s->bound[i];
        else if (has_gap)
            add_window(ws, sizes, low, s->bound[i], s->bound[i] - low);
        else
            outer_end = s->bound[i];
        has_gap = true;
    }
    if (!has_gap)
        return;
    if (!is_in)
        low = end;
    uint32_t size = end - low + (outer_end - first);
    if (size != 0 || ws->n == 0)
        add_window(ws, sizes, low, outer_end, size);
}

static bool are_alike(const struct xl_windows *a, const struct xl_windows *b) {
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->at[i].base != b->at[i].base || a->at[i].bytes != b->at[i].bytes)
            return false;
    return true;
}

/* The stack's window comes first. */
static void put_first(struct xl_windows *ws, uint32_t sp) {
    for (uint32_t i = 1; i < ws->n; i++)
        if (sp - ws->at[i].base < ws->at[i].bytes) {
            struct xl_window w = ws->at[i];
            ws->at[i] = ws->at[0];
            ws->at[0] = w;
            return;
        }
}

static void derive(struct rights_context *c, const struct guest_priv *p,
                   const struct guest_mem *mem, uint32_t sp) {
    struct priv_pmp_range entries[PRIV_PMP_ENTRIES];
    struct pieces s;
    for (uint32_t e = 0; e < p->pmp_used; e++)
        entries[e] = priv_pmp_range(p, e);
    cut(&s, entries, p->pmp_used, mem->base / 4, (mem->base + mem->bytes) / 4 - 1);
    fill(&s, p, entries);
    find_windows(&c->code, &s, s.fetch, PRIV_EXECUTE);
    find_windows(&c->data.loads, &s, s.data, PRIV_READ);
    find_windows(&c->data.stores, &s, s.data, PRIV_WRITE);
    put_first(&c->data.loads, sp);
    put_first(&c->data.stores, sp);
    c->data.are_same = are_alike(&c->data.loads, &c->data.stores);
    c->data.has_seams = false;
    for (uint32_t i = 1; i < s.n; i++)
        c->data.has_seams |=
            s.data_by[i] != s.data_by[i - 1] && (s.data[i] & s.data[i - 1] & PRIV_READ_WRITE) != 0;
}

static bool is_of(const struct rights_context *c, const struct guest_priv *p, uint32_t modes) {
    if (c->last_use == 0 || c->modes != modes || c->n_entries != p->pmp_used)
        return false;
    for (uint32_t i = 0; i < p->pmp_used; i++)
        if (c->pmpaddr[i] != p->pmpaddr[i])
            return false;
    for (uint32_t i = 0; 4 * i < p->pmp_used; i++)
        if (c->pmpcfg[i] != p->pmpcfg[i])
            return false;
    return true;
}

static struct rights_context *find(struct rights *rights, const struct guest_priv *p,
                                   uint32_t modes) {
    for (uint32_t i = 0; i < RIGHTS_CONTEXTS; i++)
        if (is_of(&rights->contexts[i], p, modes))
            return &rights->contexts[i];
    return NULL;
}

/* In place of the one that was used the longest time ago. */
static struct rights_context *make(struct rights *rights, const struct guest_priv *p,
                                   uint32_t modes, const struct guest_mem *mem, uint32_t sp) {
    struct rights_context *c = &rights->contexts[0];
    for (uint32_t i = 1; i < RIGHTS_CONTEXTS; i++)
        if (rights->contexts[i].last_use < c->last_use)
            c = &rights->contexts[i];
    c->modes = modes;
    c->n_entries = p->pmp_used;
    for (uint32_t i = 0; i < PRIV_PMP_ENTRIES; i++)
        c->pmpaddr[i] = p->pmpaddr[i];
    for (uint32_t i = 0; i < PRIV_PMP_ENTRIES / 4; i++)
        c->pmpcfg[i] = p->pmpcfg[i];
    derive(c, p, mem, sp);
    c->id = (c->code.n | c->data.loads.n | c->data.stores.n) == 0 ? 0 : ++rights->n_made;
    return c;
}

bool rights_update(struct rights *rights, struct guest_priv *p, const struct guest_mem *mem,
                   uint32_t sp) {
    p->has_changed = false;
    rights->now = NULL;
    rights->is_closed = (p->checks_data | p->checks_fetch) != 0 && rights->is_off;
    if ((p->checks_data | p->checks_fetch) == 0 || rights->is_off)
        return false;
    const uint32_t modes = (p->mode & 1u) << 1 | (priv_data_mode(p) & 1u);
    struct rights_context *c = rights->by_modes[modes];
    bool is_new = false;
    if (c == NULL || !is_of(c, p, modes)) {
        c = find(rights, p, modes);
        is_new = c == NULL;
        if (is_new)
            c = make(rights, p, modes, mem, sp);
        rights->by_modes[modes] = c;
    }
    c->last_use = ++rights->n_uses;
    rights->now = c;
    return is_new;
}

struct xl_window rights_code_at(const struct rights *rights, uint32_t pc) {
    const struct xl_windows *ws = &rights->now->code;
    for (uint32_t i = 0; i < ws->n; i++)
        if (pc - ws->at[i].base < ws->at[i].bytes)
            return ws->at[i];
    return (struct xl_window){0, ws->n == 0 ? UINT32_MAX : 0};
}
