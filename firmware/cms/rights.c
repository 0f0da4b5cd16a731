/* SPDX-License-Identifier: MIT
 * Rights contexts (rights.h). RAM is cut at the bounds of the PMP entries; each piece has the
 * rights of the first entry that it is in. Neighbours that are allowed an access make a window of
 * it, and what lies outside RAM belongs to every window that it touches, since accesses there trap
 * by themselves: so a hole in RAM leaves one window, around the end of the address space. */
#include "firmware/cms/rights.h"

enum { MAX_PIECES = 2 * PRIV_PMP_ENTRIES + 1, MAX_WINDOWS = PRIV_PMP_ENTRIES + 1 };

/* What is to be brought into an order: that of the keys. */
struct keyed {
    uint32_t n;
    struct keyed_item {
        uint32_t key, what;
    } at[MAX_WINDOWS];
};

/* The entries in use, and the lack of one: entry e's bit is 1 << e, the lack's comes last. */
struct entries {
    uint32_t none;
    /* words of RAM that the entry with a bit begins with, and that it no longer has */
    struct keyed begins, ends;
    uint32_t fetch, read, write; /* those that allow it to the present modes */
    uint32_t is_free;            /* those that do not bind the data's mode */
};

/* Words from bound[i] to bound[i + 1]: the bit of the entry that counts there. */
struct pieces {
    uint32_t n;
    uint32_t bound[MAX_PIECES + 1];
    uint32_t entry[MAX_PIECES];
};

static void add(struct keyed *list, uint32_t key, uint32_t what) {
    list->at[list->n].key = key;
    list->at[list->n++].what = what;
}

/* Equal ones stay in their order. Each goes to where as many are as come before it, which takes the
 * same time whatever their order. */
static __attribute__((noinline)) void sort(struct keyed *to, const struct keyed *from) {
    uint32_t n_before[MAX_WINDOWS];
    for (uint32_t i = 0; i < from->n; i++) {
        const uint32_t key = from->at[i].key;
        uint32_t n_after = 0;
        for (uint32_t k = 0; k < i; k++) {
            const bool is_after = from->at[k].key > key;
            n_before[k] += is_after;
            n_after += is_after;
        }
        n_before[i] = i - n_after;
    }
    for (uint32_t i = 0; i < from->n; i++)
        to->at[n_before[i]] = from->at[i];
    to->n = from->n;
}

/* low, high: first and last word of RAM. */
static void add_edges(struct entries *es, const struct priv_pmp_range *r, uint32_t bit,
                      uint32_t low, uint32_t high) {
    if (r->first > r->last || r->first > high || r->last < low)
        return;
    add(&es->begins, r->first > low ? r->first : low, bit);
    add(&es->ends, (r->last < high ? r->last : high) + 1, bit);
}

/* An entry that is not locked does not bind M mode. */
static void read_entries(struct entries *es, const struct guest_priv *p, uint32_t low,
                         uint32_t high) {
    const bool is_fetch_m = p->mode == PRIV_M, is_data_m = priv_data_mode(p) == PRIV_M;
    const uint32_t none = 1u << p->pmp_used;
    uint32_t fetch = 0, read = 0, write = 0, is_unlocked = none;
    es->none = none;
    es->begins.n = es->ends.n = 0;
    for (uint32_t n = 0; n < p->pmp_used; n++) {
        const uint32_t rights = priv_pmp_rights(p, n), bit = 1u << n;
        const struct priv_pmp_range range = priv_pmp_range(p, n);
        add_edges(es, &range, bit, low, high);
        fetch |= (rights & PRIV_EXECUTE) != 0 ? bit : 0;
        read |= (rights & PRIV_READ) != 0 ? bit : 0;
        write |= (rights & PRIV_WRITE) != 0 ? bit : 0;
        is_unlocked |= priv_pmp_is_locked(p, n) ? 0 : bit;
    }
    es->is_free = is_data_m ? is_unlocked : 0;
    es->fetch = fetch | (is_fetch_m ? is_unlocked : 0);
    es->read = read | es->is_free;
    es->write = write | es->is_free;
}

/* Cuts the words from low to high at the entries' edges; the first that matches counts. */
static void cut(struct pieces *s, const struct entries *es, uint32_t low, uint32_t high) {
    struct keyed begins, ends;
    uint32_t inside = es->none, at = low, n = 0;
    sort(&begins, &es->begins);
    sort(&ends, &es->ends);
    const struct keyed_item *begin = begins.at, *end = ends.at;
    begins.at[begins.n].key = UINT32_MAX;
    while (end != ends.at + ends.n) {
        const struct keyed_item *edge = begin->key < end->key ? begin++ : end++;
        if (edge->key != at) {
            s->bound[n] = at;
            s->entry[n++] = inside & (0u - inside);
            at = edge->key;
        }
        inside ^= edge->what;
    }
    if (at <= high) {
        s->bound[n] = at;
        s->entry[n++] = inside & (0u - inside);
    }
    s->bound[n] = high + 1;
    s->n = n;
}

struct window_list {
    struct xl_window at[MAX_WINDOWS];
    struct keyed sizes; /* of what is in RAM, in words, and which: the largest has the least key */
};

static void add_window(struct window_list *list, uint32_t low, uint32_t end, uint32_t size) {
    list->at[list->sizes.n] = (struct xl_window){low * 4, (end - low) * 4};
    add(&list->sizes, ~size, list->sizes.n);
}

/* All of them, by address. allowed: the entries that allow the access. */
static void list_windows(struct window_list *list, const struct pieces *s, uint32_t allowed) {
    const uint32_t first = s->bound[0], end = s->bound[s->n];
    uint32_t low = first, outer_end = 0;
    bool is_in = true, has_gap = false; /* it comes from below RAM */
    list->sizes.n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        const bool may = (s->entry[i] & allowed) != 0;
        if (may == is_in)
            continue;
        is_in = may;
        if (may)
            low = s->bound[i];
        else if (has_gap)
            add_window(list, low, s->bound[i], s->bound[i] - low);
        else
            outer_end = s->bound[i];
        has_gap = true;
    }
    if (!has_gap)
        return;
    if (!is_in)
        low = end;
    uint32_t size = end - low + (outer_end - first);
    if (size != 0 || list->sizes.n == 0)
        add_window(list, low, outer_end, size);
}

/* The largest ones are kept, the largest first. */
static __attribute__((noinline)) void find_windows(struct xl_windows *ws, const struct pieces *s,
                                                   uint32_t allowed) {
    struct window_list list;
    struct keyed by_size;
    list_windows(&list, s, allowed);
    sort(&by_size, &list.sizes);
    ws->n = by_size.n < XL_WINDOWS ? by_size.n : XL_WINDOWS;
    for (uint32_t i = 0; i < ws->n; i++)
        ws->at[i] = list.at[by_size.at[i].what];
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

/* A misaligned access from one piece into the next, both allowed, is refused if an entry has only a
 * part of it. */
static bool has_seams(const struct pieces *s, const struct entries *es) {
    for (uint32_t i = 1; i < s->n; i++) {
        const uint32_t both = s->entry[i - 1] | s->entry[i];
        if (s->entry[i - 1] != s->entry[i] && (both & ~es->is_free) != 0 &&
            ((both & ~es->read) == 0 || (both & ~es->write) == 0))
            return true;
    }
    return false;
}

static void derive(struct rights_context *c, const struct guest_priv *p,
                   const struct guest_mem *mem, uint32_t sp) {
    struct entries es;
    struct pieces s;
    const uint32_t low = mem->base / 4, high = (mem->base + mem->bytes) / 4 - 1;
    read_entries(&es, p, low, high);
    cut(&s, &es, low, high);
    find_windows(&c->code, &s, es.fetch);
    find_windows(&c->data.loads, &s, es.read);
    put_first(&c->data.loads, sp);
    c->data.are_same = es.read == es.write;
    if (c->data.are_same) {
        c->data.stores = c->data.loads;
    } else {
        find_windows(&c->data.stores, &s, es.write);
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

/* No context: all is allowed, or no region may be entered. */
static enum rights_found go_without(struct rights *rights, struct guest_priv *p, bool is_closed) {
    p->has_changed = false;
    rights->now = NULL;
    rights->is_closed = is_closed;
    return RIGHTS_KNOWN;
}

enum rights_found rights_update(struct rights *rights, struct guest_priv *p,
                                const struct guest_mem *mem, uint32_t sp, bool may_make) {
    const bool has_checks = (p->checks_data | p->checks_fetch) != 0;
    if (!has_checks || rights->is_off)
        return go_without(rights, p, has_checks);
    const uint32_t modes = (p->mode & 1u) << 1 | (priv_data_mode(p) & 1u);
    struct rights_context *c = rights->by_modes[modes];
    enum rights_found found = RIGHTS_KNOWN;
    if (c == NULL || !is_of(c, p, modes)) {
        c = find(rights, p, modes);
        if (c == NULL && !may_make)
            return RIGHTS_LATER;
        if (c == NULL) {
            c = make(rights, p, modes, mem, sp);
            found = RIGHTS_NEW;
        }
        rights->by_modes[modes] = c;
    }
    p->has_changed = false;
    c->last_use = ++rights->n_uses;
    rights->now = c;
    return found;
}

struct xl_window rights_code_at(const struct rights *rights, uint32_t pc) {
    const struct xl_windows *ws = &rights->now->code;
    for (uint32_t i = 0; i < ws->n; i++)
        if (pc - ws->at[i].base < ws->at[i].bytes)
            return ws->at[i];
    return (struct xl_window){0, ws->n == 0 ? UINT32_MAX : 0};
}

static struct rights_wide *wide_of(struct rights *rights, uint32_t pc) {
    return &rights->wide[(pc >> 1 ^ rights->now->id << 4) & (RIGHTS_WIDE - 1)];
}

static bool is_wide(const struct rights *rights, const struct rights_wide *w, uint32_t pc) {
    return w->pc == pc && w->context == rights->now->id;
}

uint32_t rights_n_tried(struct rights *rights, uint32_t pc) {
    return is_wide(rights, wide_of(rights, pc), pc) ? (uint32_t)XL_WINDOWS_TRIED
                                                    : (uint32_t)RIGHTS_FEW;
}

bool rights_widen(struct rights *rights, uint32_t pc) {
    const struct xl_rights *data = &rights->now->data;
    struct rights_wide *w = wide_of(rights, pc);
    if (is_wide(rights, w, pc) || (data->loads.n <= RIGHTS_FEW && data->stores.n <= RIGHTS_FEW))
        return false;
    *w = (struct rights_wide){pc, rights->now->id};
    return true;
}
