/* SPDX-License-Identifier: MIT
 * Memory configurations (memories.def): their checks, and what of them goes into each product.
 */
#include <stdarg.h>
#include <string.h>

#include "rtl/machine/gen_model.h"

/* The regions that each configuration has a part for. */
static const char *const regions[] = {"GUEST", "FWRAM", "CODE", "FLASH"};
enum { REGIONS = sizeof regions / sizeof regions[0] };

/* What the firmware's 32-bit arithmetic and the counter in rtl/time_base.sv rely on. */
enum { CLOCK_STEP_HZ = 100000, CLOCK_MOST_HZ = 500000000 };

const struct m_part *model_part(const struct model *m, const char *memory, const char *region) {
    for (size_t i = 0; i < m->parts_count; i++) {
        const struct m_part *p = &m->parts[i];
        if (strcmp(p->memory, memory) == 0 && strcmp(p->region, region) == 0) {
            return p;
        }
    }
    return NULL;
}

static uint32_t part_bytes(const struct model *m, const char *memory, const char *region) {
    const struct m_part *p = model_part(m, memory, region);
    return p ? p->bytes : 0;
}

struct tick_step model_tick_step(const struct model *m, uint32_t clock_hz) {
    uint32_t num = model_timing(m, "TICK_HZ"), a = clock_hz, b = num;
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return (struct tick_step){num / a, clock_hz / a};
}

/* --- checks --- */
struct check {
    void (*say)(void *ctx, const char *text);
    void *ctx;
};

static void complain(const struct check *c, const char *format, ...) {
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    c->say(c->ctx, text);
}

static bool is_power(uint32_t size) {
    return size != 0 && (size & (size - 1)) == 0;
}

/* What GUEST_MASK can say: a power of two or the sum of two, 4 KiB at least. */
static bool is_ram_size(uint32_t size) {
    return size % 4096 == 0 && (is_power(size) || is_power(size & (size - 1)));
}

static void check_part(const struct check *c, const struct model *m, const struct m_memory *memory,
                       const char *region) {
    const struct m_part *p = model_part(m, memory->name, region);
    const struct m_mem *mem = model_mem(m, region);
    if (!p) {
        complain(c, "memory configuration %s has no %s", memory->name, region);
        return;
    }
    bool is_guest = strcmp(region, "GUEST") == 0;
    if (!(is_guest ? is_ram_size(p->bytes) : is_power(p->bytes))) {
        complain(c, "memory configuration %s: %s is not a power of two%s", memory->name, region,
                 is_guest ? " or the sum of two" : "");
    }
    if (mem && p->bytes > mem->bytes) {
        complain(c, "memory configuration %s: %s is larger than memory %s", memory->name, region,
                 mem->name);
    }
    if (p->bytes > part_bytes(m, m->memories[0].name, region)) {
        complain(c, "memory configuration %s: %s is larger than that of %s, which is simulated",
                 memory->name, region, m->memories[0].name);
    }
    if ((strcmp(region, "FWRAM") == 0 || strcmp(region, "CODE") == 0) &&
        p->bytes != part_bytes(m, m->memories[0].name, region)) {
        complain(c, "memory configuration %s: %s is not that of %s, which the firmware is made for",
                 memory->name, region, m->memories[0].name);
    }
    if (memory->chip_bytes != 0 &&
        (p->at > memory->chip_bytes || p->bytes > memory->chip_bytes - p->at)) {
        complain(c, "memory configuration %s: %s ends past the chip", memory->name, region);
    }
    for (size_t i = 0; i < m->parts_count && memory->chip_bytes != 0; i++) {
        const struct m_part *q = &m->parts[i];
        if (q < p && strcmp(q->memory, p->memory) == 0 && q->at < (uint64_t)p->at + p->bytes &&
            p->at < (uint64_t)q->at + q->bytes) {
            complain(c, "memory configuration %s: %s and %s overlap", memory->name, q->region,
                     region);
        }
    }
}

static void check_parts_known(const struct check *c, const struct model *m) {
    for (size_t i = 0; i < m->parts_count; i++) {
        const struct m_part *p = &m->parts[i];
        bool is_known = false;
        for (size_t k = 0; k < m->memories_count; k++) {
            is_known |= strcmp(m->memories[k].name, p->memory) == 0;
        }
        if (!is_known) {
            complain(c, "part %s of unknown memory configuration %s", p->region, p->memory);
        }
        bool has_region = false;
        for (size_t k = 0; k < REGIONS; k++) {
            has_region |= strcmp(regions[k], p->region) == 0;
        }
        if (!has_region) {
            complain(c, "memory configuration %s: unknown region %s", p->memory, p->region);
        }
    }
}

void check_memories(const struct model *m, void (*say)(void *ctx, const char *text), void *ctx) {
    const struct check c = {say, ctx};
    uint32_t tick_hz = model_timing(m, "TICK_HZ");
    check_parts_known(&c, m);
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        for (size_t k = 0; k < REGIONS; k++) {
            check_part(&c, m, memory, regions[k]);
        }
        if (memory->clock_hz <= tick_hz || memory->clock_hz > CLOCK_MOST_HZ ||
            memory->clock_hz % CLOCK_STEP_HZ != 0) {
            complain(&c, "memory configuration %s: a clock of %u Hz", memory->name,
                     (unsigned)memory->clock_hz);
        }
        if (!is_ram_size(memory->ram_default) ||
            memory->ram_default > part_bytes(m, memory->name, "GUEST")) {
            complain(&c, "memory configuration %s: no such default RAM", memory->name);
        }
    }
}

/* --- products --- */
void emit_memories_h(const struct model *m, FILE *f) {
    fputs("#ifndef __ASSEMBLER__\nenum memory {\n", f);
    for (size_t i = 0; i < m->memories_count; i++) {
        fprintf(f, "    MEMORY_%s,\n", upper(m->memories[i].name));
    }
    fputs("    MEMORY_COUNT\n};\n#endif\n#define MEMORY_NAMES \"", f);
    for (size_t i = 0; i < m->memories_count; i++) {
        fprintf(f, "%s%s", i > 0 ? "|" : "", m->memories[i].name);
    }
    fprintf(f, "\"\n#define MEMORY_DEFAULT \"%s\"\n\n", m->memories[0].name);
}

void emit_memories_c(const struct model *m, FILE *f) {
    fputs("const struct memory_info memory_info[MEMORY_COUNT] = {\n", f);
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        struct tick_step step = model_tick_step(m, memory->clock_hz);
        fprintf(f, "    {\"%s\", %u, %u, %u, %u", memory->name, (unsigned)memory->clock_hz,
                (unsigned)step.num, (unsigned)step.den, (unsigned)memory->ram_default);
        for (size_t k = 0; k < REGIONS; k++) {
            fprintf(f, ", %u", (unsigned)part_bytes(m, memory->name, regions[k]));
        }
        fputs("},\n", f);
    }
    fputs("};\n\n", f);
}

void emit_memories_sv(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        const char *name = upper(memory->name);
        struct tick_step step = model_tick_step(m, memory->clock_hz);
        fprintf(f, "  localparam logic [15:0] MEMORY_%s_TICK_NUM = %u;\n", name,
                (unsigned)step.num);
        fprintf(f, "  localparam logic [15:0] MEMORY_%s_TICK_DEN = %u;\n", name,
                (unsigned)step.den);
        fprintf(f, "  localparam int unsigned MEMORY_%s_ICACHE_BYTES = %u;\n", name,
                (unsigned)memory->icache_bytes);
        fprintf(f, "  localparam int unsigned MEMORY_%s_DCACHE_BYTES = %u;\n", name,
                (unsigned)memory->dcache_bytes);
    }
}

static void put_bytes(uint32_t bytes, FILE *f) {
    if (bytes == 0) {
        fputs(" | –", f);
    } else if (bytes % (1u << 20) == 0) {
        fprintf(f, " | %u MiB", (unsigned)(bytes >> 20));
    } else {
        fprintf(f, " | %u KiB", (unsigned)(bytes >> 10));
    }
}

void emit_memories_md(const struct model *m, FILE *f) {
    fputs("\n## Memory configurations\n\n"
          "`selkirk --memory NAME`; the first is the default. Sizes, clock and default RAM hold on "
          "ISS and RTL; caches and refills are\ndescribed only: no engine makes misses yet, each "
          "access takes a cycle. (`make timing` measures the core with arrays of the\n"
          "caches' sizes.)\n\n"
          "| name | clock | a cycle is | chip | I$ | D$ | default RAM | description "
          "|\n|---|---|---|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        struct tick_step step = model_tick_step(m, memory->clock_hz);
        fprintf(f, "| %s | %g MHz | %u/%u tick", memory->name, memory->clock_hz / 1e6,
                (unsigned)step.num, (unsigned)step.den);
        put_bytes(memory->chip_bytes, f);
        put_bytes(memory->icache_bytes, f);
        put_bytes(memory->dcache_bytes, f);
        put_bytes(memory->ram_default, f);
        fprintf(f, " | %s |\n", memory->text);
    }
    fputs("\nTheir parts; all but GUEST are concealed from the guest. A refill is the cycles from "
          "a miss until its line of 64 bytes is there.\n\n"
          "| memory | part | size | place in the chip | refill |\n|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->parts_count; i++) {
        const struct m_part *p = &m->parts[i];
        bool has_chip = false;
        for (size_t k = 0; k < m->memories_count; k++) {
            has_chip |=
                strcmp(m->memories[k].name, p->memory) == 0 && m->memories[k].chip_bytes != 0;
        }
        fprintf(f, "| %s | %s", p->memory, p->region);
        put_bytes(p->bytes, f);
        if (has_chip) {
            fprintf(f, " | 0x%08x | %u |\n", (unsigned)p->at, (unsigned)p->refill_cycles);
        } else {
            fputs(" | its own array | – |\n", f);
        }
    }
}
