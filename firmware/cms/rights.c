/* SPDX-License-Identifier: MIT
 * Rights contexts (rights.h). RAM is cut at the bounds of the PMP entries; each piece has the rights
 * of the first entry that it is in. Neighbours that are allowed an access make a window of it, and
 * what lies outside RAM belongs to every window that it touches, since accesses there trap by
 * themselves: so a hole in RAM leaves one window, around the end of the address space. */
#include "firmware/cms/rights.h"

enum { MAX_BOUNDS = 2 * PRIV_PMP_ENTRIES + 2, ALL = PRIV_READ_WRITE | PRIV_EXECUTE };

/* The entries in use, and last the lack of one: what they allow the present modes. */
struct entries {
    uint32_t n;
    struct priv_pmp_range range[PRIV_PMP_ENTRIES]; /* words */
    uint8_t fetch[PRIV_PMP_ENTRIES + 1], data[PRIV_PMP_ENTRIES + 1];
    bool is_free[PRIV_PMP_ENTRIES + 1]; /* does not bind the data's mode */
    bool are_same;                      /* of data each allows both loads and stores or neither */
};

/* Words from bound[i] to bound[i + 1]: the entry that counts there. */
struct pieces {
    uint32_t n;
    uint32_t bound[MAX_BOUNDS];
    uint8_t entry[MAX_BOUNDS];
};

/* An entry that is not locked does not bind M mode. */
static void read_entries(struct entries *es, const struct guest_priv *p) {
    const bool is_fetch_m = p->mode == PRIV_M, is_data_m = priv_data_mode(p) == PRIV_M;
    bool are_same = true;
    uint32_t n = 0;
    for (; n < p->pmp_used; n++) {
        const bool is_locked = priv_pmp_is_locked(p, n);
        const uint8_t rights = (uint8_t)priv_pmp_rights(p, n);
        es->range[n] = priv_pmp_range(p, n);
        es->fetch[n] = is_fetch_m && !is_locked ? (uint8_t)ALL : rights;
        es->data[n] = is_data_m && !is_locked ? (uint8_t)ALL : rights;
        es->is_free[n] = is_data_m && !is_locked;
        are_same &= ((es->data[n] >> 1 ^ es->data[n]) & PRIV_READ) == 0;
    }
    es->n = n;
    es->are_same = are_same;
    es->fetch[n] = is_fetch_m ? ALL : 0;
    es->data[n] = is_data_m ? ALL : 0;
    es->is_free[n] = is_data_m;
}

/* A word may come twice, then the piece between is empty and like its neighbour; not where entries
 * follow each other. */
static void add_bound(struct pieces *s, uint32_t word) {
    if (s->n != 0 && s->bound[s->n - 1] == word)
        return;
    uint32_t *at = &s->bound[s->n++];
    for (; at != s->bound && at[-1] > word; at--)
        *at = at[-1];
    *at = word;
}

/* Entry e takes the pieces that it has. */
static void paint(struct pieces *s, const struct entries *es, uint32_t e, uint32_t low,
                  uint32_t high) {
    const uint32_t first = es->range[e].first, last = es->range[e].last;
    uint32_t i = 0;
    if (first > last || first > high || last < low)
        return;
    while (s->bound[i] < first)
        i++;
    for (; i < s->n && s->bound[i] <= last; i++)
        s->entry[i] = (uint8_t)e;
}

/* Cuts the words from low to high at the entries' bounds. */
static void cut(struct pieces *s, const struct entries *es, uint32_t low, uint32_t high) {
    s->n = 0;
    add_bound(s, low);
    for (uint32_t e = 0; e < es->n; e++) {
        const uint32_t first = es->range[e].first, last = es->range[e].last;
        if (first > last || first > high || last < low)
            continue;
        if (first > low)
            add_bound(s, first);
        if (last < high)
            add_bound(s, last + 1);
    }
    s->bound[s->n] = high + 1;
    for (uint32_t i = 0; i < s->n; i++)
        s->entry[i] = (uint8_t)es->n;
    for (uint32_t e = es->n; e-- > 0;) /* the first that matches counts */
        paint(s, es, e, low, high);
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

/* rights: by entry. */
static void find_windows(struct xl_windows *ws, const struct pieces *s, const uint8_t *rights,
                         enum priv_access access) {
    const uint32_t first = s->bound[0], end = s->bound[s->n];
    uint32_t sizes[XL_WINDOWS] = {0}, low = first, outer_end = 0;
    bool is_in = true, has_gap = false; /* it comes from below RAM */
    ws->n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        const bool may = (rights[s->entry[i]] & access) != 0;
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

_Static_assert(PRIV_WRITE == PRIV_READ << 1, "of neighbouring bits");

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

/* A misaligned access from one piece into the next, both allowed, is refused if an entry has only a
 * part of it. */
static bool has_seams(const struct pieces *s, const struct entries *es) {
    for (uint32_t i = 1; i < s->n; i++) {
        const uint32_t a = s->entry[i - 1], b = s->entry[i];
        if (a != b && !(es->is_free[a] && es->is_free[b]) &&
            (es->data[a] & es->data[b] & PRIV_READ_WRITE) != 0)
            return true;
    }
    return false;
}

static void derive(struct rights_context *c, const struct guest_priv *p,
                   const struct guest_mem *mem, uint32_t sp) {
    struct entries es;
    struct pieces s;
    read_entries(&es, p);
    cut(&s, &es, mem->base / 4, (mem->base + mem->bytes) / 4 - 1);
    find_windows(&c->code, &s, es.fetch, PRIV_EXECUTE);
    find_windows(&c->data.loads, &s, es.data, PRIV_READ);
    put_first(&c->data.loads, sp);
    c->data.are_same = es.are_same;
    if (es.are_same) {
        c->data.stores = c->data.loads;
    } else {
        find_windows(&c->data.stores, &s, es.data, PRIV_WRITE);
        put_first(&c->data.stores, sp);
    }
    c->data.has_seams = has_seams(&s, &es);
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
