/* SPDX-License-Identifier: MIT
 * Native operations for hosted firmware, on the ISS. Entering a translation sets the engine's pc
 * and runs it until a bundle traps; everything else looks at or changes the stopped engine.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>
#include "tests/hosted/hosted.h"
#include "firmware/native.h"
#include "sim/iss/iss.h"

enum { LOOK_CYCLES = 4, INTERPRET_CYCLES = 30 };
#define NO_BYTE 0x80000000u

struct hosted hosted = {.max_cycles = UINT64_MAX};
struct cms cms_state;

static bool stop_at_trap(void *ctx, const struct engine_bundle *b) {
    (void)ctx;
    return !b->is_trap;
}

/* The firmware reaches guest RAM at its guest address (greg.h), so the ISS's RAM moves there. */
static void move_guest_ram(struct iss *iss) {
    size_t bytes = iss->engine.ops->mem_bytes(&iss->engine, ENGINE_MEM_GUEST);
    void *to = (void *)(uintptr_t)MEM_GUEST_BASE;
    void *from = iss->memory[ENGINE_MEM_GUEST];
    if (mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to) {
        fprintf(stderr, "hosted: address 0x80000000 is not free\n");
        exit(1);
    }
    iss->memory[ENGINE_MEM_GUEST] = to;
    iss_regions_set(iss);
}

void hosted_start(const struct engine_boot *boot) {
    struct engine *e = engine_iss_create();
    if (e == NULL) {
        fprintf(stderr, "hosted: no memory for the ISS\n");
        exit(1);
    }
    e->ops->set_boot(e, boot);
    hosted.engine = e;
    move_guest_ram((struct iss *)e);
    hosted.platform.guest_ram = e->ops->mem(e, ENGINE_MEM_GUEST);
    hosted.platform.code = (volatile uint32_t *)(void *)e->ops->mem(e, ENGINE_MEM_CODE);
    hosted.platform.code_first_bytes = TC_BUNDLE_BYTES; /* where TVEC points; never executed */
    hosted.platform.code_bytes = (uint32_t)e->ops->mem_bytes(e, ENGINE_MEM_CODE);
}

void hosted_check(void) {
    const struct tcache *tc = &cms_state.tc;
    const struct iss *iss = (const struct iss *)hosted.engine;
    const char *wrong = tc_check(tc);
    for (unsigned i = 0; i < ISS_JT_ENTRIES && wrong == NULL; i++) {
        if (!iss->jt[i].is_valid)
            continue;
        const struct tc_region *r = tc_find(&cms_state.tc, iss->jt[i].tag);
        if (r == NULL || !r->is_in_jump_table || r->native != iss->jt[i].native)
            wrong = "the jump-target table holds a dead region";
    }
    if (wrong != NULL) {
        fprintf(stderr, "hosted: tcache: %s\n", wrong);
        exit(CMS_STATUS_BUG);
    }
}

/* The engine's time stands still while hosted firmware runs, so a made-up time is added: something
 * for each interpreted instruction and for each look at the clock. */
static uint64_t cycles(void) {
    struct engine *e = hosted.engine;
    hosted.firmware_cycles += LOOK_CYCLES;
    uint64_t now = ((uint64_t)e->ops->csr(e, CSR_CYCLES + 1) << 32 | e->ops->csr(e, CSR_CYCLES)) +
                   hosted.firmware_cycles;
    if (now > hosted.max_cycles) {
        fflush(stdout);
        fprintf(stderr, "hosted: cycle limit\n");
        exit(124);
    }
    return now;
}

static uint64_t ticks(void) {
    uint32_t step = hosted.engine->ops->csr(hosted.engine, CSR_TIME_STEP);
    return cycles() * (step >> 16) / (step & 0xffff);
}

static bool has_byte(void) {
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    return !hosted.has_input_ended && cycles() >= hosted.input_at && poll(&in, 1, 0) > 0;
}

static uint32_t receive(void) {
    uint8_t byte;
    if (!has_byte())
        return NO_BYTE;
    if (read(STDIN_FILENO, &byte, 1) == 1)
        return byte;
    hosted.has_input_ended = true;
    return NO_BYTE;
}

uint32_t native_csrr(unsigned number) {
    struct engine *e = hosted.engine;
    switch (number) {
    case CSR_UART_RX:
        return receive();
    case CSR_UART_STATUS: /* bit 1 is for nobody */
        return 1u | (hosted.has_input_ended ? 4u : 0u);
    case CSR_CYCLES:
        return (uint32_t)cycles();
    case CSR_CYCLES + 1:
        return (uint32_t)(cycles() >> 32);
    case CSR_TIME_TICKS:
        return (uint32_t)ticks();
    case CSR_TIME_TICKSH:
        return (uint32_t)(ticks() >> 32);
    default:
        return e->ops->csr(e, number);
    }
}

void native_csrw(unsigned number, uint32_t value) {
    struct engine *e = hosted.engine;
    if (number == CSR_UART_TX)
        putchar((int)(value & 0xff));
    else if (number == CSR_LOG_TX)
        fputc((int)(value & 0xff), stderr);
    else if (number == CSR_TIMER_CMP)
        e->ops->set_csr(e, number, (hosted.timer_cmp = value) - (uint32_t)hosted.firmware_cycles);
    else
        e->ops->set_csr(e, number, value);
}

/* Time jumps to the timer, or to the byte. */
void native_wait(unsigned what) {
    uint64_t now = cycles();
    int32_t left = (int32_t)(hosted.timer_cmp - (uint32_t)now);
    uint64_t due = left > 0 ? now + (uint32_t)left : now;
    if (what == NATIVE_WAIT_BYTE && has_byte())
        due = now;
    else if (what == NATIVE_WAIT_BYTE && hosted.input_at > now && hosted.input_at < due)
        due = hosted.input_at;
    hosted.firmware_cycles += due - now;
}

uint64_t native_counter(unsigned number) {
    struct engine *e = hosted.engine;
    if (number == CSR_INSNS_FW)
        return hosted.insns_fw;
    if (number == CSR_CYCLES)
        return cycles();
    return (uint64_t)e->ops->csr(e, number + 1) << 32 | e->ops->csr(e, number);
}

uint32_t native_rdh(uint32_t number) {
    return hosted.engine->ops->reg(hosted.engine, number & 31u);
}

void native_wrh(uint32_t number, uint32_t value) {
    hosted.engine->ops->set_reg(hosted.engine, number & 31u, value);
}

void native_commit(unsigned insns) {
    hosted.insns_fw += insns;
    hosted.firmware_cycles += INTERPRET_CYCLES * insns;
}

/* Hosted firmware's stores do not go through the ISS; what they hit is seen at once. */
void native_note_store(uint32_t addr) {
    struct iss *iss = (struct iss *)hosted.engine;
    if (!iss_prot_is_set(iss, addr))
        return;
    iss_prot_hit(iss, addr);
    iss->hit_time -= PROT_HIT_CYCLES;
    iss->hit_again_time -= PROT_HIT_CYCLES;
}

_Noreturn void native_exit(uint32_t status) {
    fflush(stdout);
    exit((int)status);
}

static void dump_region(uint32_t native_addr) {
    const struct tc_region *r = tc_find_native(&cms_state.tc, native_addr);
    fprintf(hosted.dump, "enter %08x guest %08x\n", native_addr, r->guest_pc);
    for (unsigned i = 0; i < r->n_bundles; i++) {
        const uint32_t *w = (const uint32_t *)(const void *)&hosted.platform
                                .code[(native_addr - MEM_CODE_BASE) / 4 + i * 4];
        fprintf(hosted.dump, "  %08x: %08x %08x %08x %08x\n", native_addr + i * TC_BUNDLE_BYTES,
                w[0], w[1], w[2], w[3]);
    }
}

uint32_t native_enter(uint32_t native_addr) {
    static const struct engine_hooks hooks = {.on_bundle = stop_at_trap};
    struct engine *e = hosted.engine;
    if (hosted.check_every != 0 && hosted.entries++ % hosted.check_every == 0)
        hosted_check();
    if (hosted.dump != NULL)
        dump_region(native_addr);
    e->ops->set_pc(e, native_addr, true);
    enum engine_stop why = e->ops->run(e, &hooks, hosted.max_cycles, UINT64_MAX);
    if (why != ENGINE_HOOK_STOP) {
        fflush(stdout);
        fprintf(stderr, "hosted: %s\n",
                why == ENGINE_ASSERT ? e->ops->message(e) : "stopped without a trap");
        bug_dump();
        exit(why == ENGINE_CYCLE_LIMIT ? 124 : CMS_STATUS_BUG);
    }
    hosted.trap_target = e->ops->reg(e, XL_INDIRECT_PC_REG);
    return e->ops->csr(e, CSR_TRAP_CAUSE);
}

uint32_t native_trap_target(void) {
    return hosted.trap_target;
}
