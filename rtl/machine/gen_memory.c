/* SPDX-License-Identifier: MIT
 * Memory configurations (memories.def): their checks, and what of them goes into each product.
 */
#include <ctype.h>
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

/* What a configuration says of one of its fields. */
static uint32_t field_value(const struct model *m, const char *memory, const char *field) {
    for (size_t i = 0; i < m->memory_values_count; i++) {
        const struct m_memory_value *v = &m->memory_values[i];
        if (strcmp(v->memory, memory) == 0 && strcmp(v->field, field) == 0) {
            return v->value;
        }
    }
    return 0;
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

/* A part's place in the chip. */
static void check_place(const struct check *c, const struct model *m, const struct m_memory *memory,
                        const struct m_part *p) {
    if (p->at > memory->chip_bytes || p->bytes > memory->chip_bytes - p->at) {
        complain(c, "memory configuration %s: %s ends past the chip", memory->name, p->region);
    }
    uint32_t whole = 1; /* an address in the chip is where its part begins, or its lower bits */
    while (whole < p->bytes) {
        whole *= 2;
    }
    if (p->at % whole != 0) {
        complain(c, "memory configuration %s: %s does not begin at a multiple of its size",
                 memory->name, p->region);
    }
    for (size_t i = 0; i < m->parts_count; i++) {
        const struct m_part *q = &m->parts[i];
        if (q < p && strcmp(q->memory, p->memory) == 0 && q->at < (uint64_t)p->at + p->bytes &&
            p->at < (uint64_t)q->at + q->bytes) {
            complain(c, "memory configuration %s: %s and %s overlap", memory->name, q->region,
                     p->region);
        }
    }
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
    if (memory->chip_bytes != 0) {
        check_place(c, m, memory, p);
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

static const struct m_memory *find_memory(const struct model *m, const char *name) {
    for (size_t i = 0; i < m->memories_count; i++) {
        if (strcmp(m->memories[i].name, name) == 0) {
            return &m->memories[i];
        }
    }
    return NULL;
}

static void check_value(const struct check *c, const struct m_memory_field *f,
                        const struct m_memory_value *v) {
    if (v->value > f->most) {
        complain(c, "memory configuration %s: %s is more than %u", v->memory, f->name,
                 (unsigned)f->most);
    }
    if (f->kind == MEMORY_POWER && v->value != 0 && !is_power(v->value)) {
        complain(c, "memory configuration %s: %s is no power of two", v->memory, f->name);
    }
}

static void check_values(const struct check *c, const struct model *m) {
    for (size_t i = 0; i < m->memory_values_count; i++) {
        const struct m_memory_value *v = &m->memory_values[i];
        const struct m_memory_field *field = NULL;
        for (size_t k = 0; k < m->memory_fields_count; k++) {
            field = strcmp(m->memory_fields[k].name, v->field) == 0 ? &m->memory_fields[k] : field;
        }
        if (field == NULL) {
            complain(c, "memory configuration %s: unknown field %s", v->memory, v->field);
        } else {
            check_value(c, field, v);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(m->memory_values[k].memory, v->memory) == 0 &&
                strcmp(m->memory_values[k].field, v->field) == 0) {
                complain(c, "memory configuration %s: %s is there twice", v->memory, v->field);
            }
        }
        if (find_memory(m, v->memory) == NULL) {
            complain(c, "%s of unknown memory configuration %s", v->field, v->memory);
        }
    }
}

/* Misses are made by the chip that all parts lie in. */
static void check_caches(const struct check *c, const struct model *m,
                         const struct m_memory *memory) {
    bool has_cache =
        (field_value(m, memory->name, "icache") | field_value(m, memory->name, "dcache")) != 0;
    if (has_cache && (memory->chip_bytes == 0 || field_value(m, memory->name, "chip_word") == 0)) {
        complain(c, "memory configuration %s: a cache, but no chip behind it", memory->name);
    }
}

void check_memories(const struct model *m, void (*say)(void *ctx, const char *text), void *ctx) {
    const struct check c = {say, ctx};
    uint32_t tick_hz = model_timing(m, "TICK_HZ");
    check_parts_known(&c, m);
    check_values(&c, m);
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        for (size_t k = 0; k < REGIONS; k++) {
            check_part(&c, m, memory, regions[k]);
        }
        check_caches(&c, m, memory);
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
    fputs("    MEMORY_COUNT\n};\nenum memory_field {\n", f);
    for (size_t i = 0; i < m->memory_fields_count; i++) {
        fprintf(f, "    MEMORY_FIELD_%s,\n", upper(m->memory_fields[i].name));
    }
    fputs("    MEMORY_FIELD_COUNT\n};\n#endif\n#define MEMORY_NAMES \"", f);
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
        fprintf(f, "    {\"%s\", %u, %u, %u, %u, %u", memory->name, (unsigned)memory->clock_hz,
                (unsigned)step.num, (unsigned)step.den, (unsigned)memory->chip_bytes,
                (unsigned)memory->ram_default);
        for (size_t k = 0; k < REGIONS; k++) {
            fprintf(f, ", %u", (unsigned)part_bytes(m, memory->name, regions[k]));
        }
        for (size_t k = 0; k < REGIONS; k++) {
            const struct m_part *p = model_part(m, memory->name, regions[k]);
            fprintf(f, ", %u", p ? (unsigned)p->at : 0);
        }
        fputs(", {", f);
        for (size_t k = 0; k < m->memory_fields_count; k++) {
            fprintf(f, "%u, ", (unsigned)field_value(m, memory->name, m->memory_fields[k].name));
        }
        fputs("}},\n", f);
    }
    fputs("};\n\nconst struct memory_field_info memory_field_info[MEMORY_FIELD_COUNT] = {\n", f);
    for (size_t i = 0; i < m->memory_fields_count; i++) {
        const struct m_memory_field *field = &m->memory_fields[i];
        fprintf(f, "    {\"%s\", %u, %s},\n", field->name, (unsigned)field->most,
                field->kind == MEMORY_POWER ? "true" : "false");
    }
    fputs("};\n\n", f);
}

/* Where a chip's parts begin. */
static void emit_chip(const struct model *m, const struct m_memory *memory, const char *name,
                      FILE *f) {
    fprintf(f, "  localparam int unsigned MEMORY_%s_CHIP_BYTES = %u;\n", name,
            (unsigned)memory->chip_bytes);
    for (size_t i = 0; i < REGIONS; i++) {
        fprintf(f, "  localparam int unsigned MEMORY_%s_%s_AT = %u;\n", name, regions[i],
                (unsigned)model_part(m, memory->name, regions[i])->at);
    }
}

/* What the RTL is made of. */
static const struct {
    const char *field;
    const char *parameter;
} rtl_fields[] = {
    {"icache", "ICACHE_BYTES"},           {"dcache", "DCACHE_BYTES"},
    {"code_second", "CODE_SECOND_BYTES"}, {"store_lines", "STORE_LINES"},
    {"store_room", "STORE_ROOM"},         {"store_ahead", "STORE_AHEAD"},
};

void emit_memories_sv(const struct model *m, FILE *f) {
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        const char *name = upper(memory->name);
        struct tick_step step = model_tick_step(m, memory->clock_hz);
        fprintf(f, "  localparam logic [15:0] MEMORY_%s_TICK_NUM = %u;\n", name,
                (unsigned)step.num);
        fprintf(f, "  localparam logic [15:0] MEMORY_%s_TICK_DEN = %u;\n", name,
                (unsigned)step.den);
        fprintf(f, "  localparam int unsigned MEMORY_%s_CLOCK_KHZ = %u;\n", name,
                (unsigned)(memory->clock_hz / 1000));
        for (size_t k = 0; k < sizeof rtl_fields / sizeof rtl_fields[0]; k++) {
            fprintf(f, "  localparam int unsigned MEMORY_%s_%s = %u;\n", name,
                    rtl_fields[k].parameter,
                    (unsigned)field_value(m, memory->name, rtl_fields[k].field));
        }
        if (memory->chip_bytes != 0) {
            emit_chip(m, memory, name, f);
        }
    }
}

/* --- boards: a configuration of the core and its memories, which have a chip, in one word --- */
#define LAST_BOARD_FIELD "CLOCK_KHZ"

struct board_field {
    void (*put)(FILE *f, const char *name, uint32_t value);
    FILE *f;
};

static void put_board_type(FILE *f, const char *name, uint32_t value) {
    (void)value;
    fputs("    logic [31:0] ", f);
    for (const char *c = name; *c != 0; c++) {
        fputc(tolower((unsigned char)*c), f);
    }
    fputs(";\n", f);
}

static void put_board_value(FILE *f, const char *name, uint32_t value) {
    fprintf(f, "    32'd%u%s\n", (unsigned)value, strcmp(name, LAST_BOARD_FIELD) == 0 ? "" : ",");
}

static void put_board(const struct model *m, const struct m_config *config,
                      const struct board_field *to) {
    const struct m_memory *memory = find_memory(m, config->memory);
    struct tick_step step = model_tick_step(m, memory->clock_hz);
    for (size_t k = 0; k < CONFIG_SIZES; k++) {
        to->put(to->f, config_size_names[k], config->size[k]);
    }
    for (size_t k = 0; k < sizeof rtl_fields / sizeof rtl_fields[0]; k++) {
        to->put(to->f, rtl_fields[k].parameter, field_value(m, memory->name, rtl_fields[k].field));
    }
    for (size_t k = 0; k < REGIONS; k++) {
        char name[32];
        snprintf(name, sizeof name, "%s_AT", regions[k]);
        to->put(to->f, name, model_part(m, memory->name, regions[k])->at);
    }
    to->put(to->f, "CHIP_BYTES", memory->chip_bytes);
    to->put(to->f, "TICK_NUM", step.num);
    to->put(to->f, "TICK_DEN", step.den);
    to->put(to->f, LAST_BOARD_FIELD, memory->clock_hz / 1000);
}

void emit_boards_sv(const struct model *m, FILE *f) {
    fputs("  typedef struct packed {\n", f);
    put_board(m, &m->configs[0], &(struct board_field){put_board_type, f});
    fputs("  } board_t;\n", f);
    for (size_t i = 0; i < m->configs_count; i++) {
        if (find_memory(m, m->configs[i].memory)->chip_bytes != 0) {
            fprintf(f, "  localparam board_t BOARD_%s = {\n", upper(m->configs[i].name));
            put_board(m, &m->configs[i], &(struct board_field){put_board_value, f});
            fputs("  };\n", f);
        }
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

static void put_memory_fields(const struct model *m, FILE *f) {
    fputs("\nWhat else they say, 0 where nothing stands, and what `--memory NAME,field=N,...` says "
          "for one "
          "run:\n\n| field | at most |",
          f);
    for (size_t i = 0; i < m->memories_count; i++) {
        fprintf(f, " %s |", m->memories[i].name);
    }
    fputs(" meaning |\n|---|---|---|", f);
    for (size_t i = 0; i < m->memories_count; i++) {
        fputs("---|", f);
    }
    for (size_t k = 0; k < m->memory_fields_count; k++) {
        const struct m_memory_field *field = &m->memory_fields[k];
        fprintf(f, "\n| %s | %u |", field->name, (unsigned)field->most);
        for (size_t i = 0; i < m->memories_count; i++) {
            fprintf(f, " %u |", (unsigned)field_value(m, m->memories[i].name, field->name));
        }
        fprintf(f, " %s |", field->text);
    }
    fputs("\n", f);
}

void emit_memories_md(const struct model *m, FILE *f) {
    fputs("\n## Memory configurations\n\n"
          "`selkirk --memory NAME`; the first is the default. Sizes, clock and default RAM hold on "
          "ISS and RTL. The ISS has whatever\ncaches and times the fields below say; the RTL has "
          "none, or those of `ulx3s`, to the cycle.\n\n"
          "| name | clock | a cycle is | chip | default RAM | description "
          "|\n|---|---|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->memories_count; i++) {
        const struct m_memory *memory = &m->memories[i];
        struct tick_step step = model_tick_step(m, memory->clock_hz);
        fprintf(f, "| %s | %g MHz | %u/%u tick", memory->name, memory->clock_hz / 1e6,
                (unsigned)step.num, (unsigned)step.den);
        put_bytes(memory->chip_bytes, f);
        put_bytes(memory->ram_default, f);
        fprintf(f, " | %s |\n", memory->text);
    }
    fputs("\nTheir parts; all but GUEST are concealed from the guest.\n\n"
          "| memory | part | size | place in the chip |\n|---|---|---|---|\n",
          f);
    for (size_t i = 0; i < m->parts_count; i++) {
        const struct m_part *p = &m->parts[i];
        const struct m_memory *memory = find_memory(m, p->memory);
        fprintf(f, "| %s | %s", p->memory, p->region);
        put_bytes(p->bytes, f);
        if (memory != NULL && memory->chip_bytes != 0) {
            fprintf(f, " | 0x%08x |\n", (unsigned)p->at);
        } else {
            fputs(" | its own array |\n", f);
        }
    }
    put_memory_fields(m, f);
}
