/* SPDX-License-Identifier: MIT
 * A guest machine around the interpreter (virt_host.h). */
#include "tests/guest/virt_host.h"

#include <stdlib.h>

enum {
    UART_BASE = 0x10000000,
    UART_THR = 0,
    UART_LSR = 5,
    LSR_IDLE = 0x60,
    FINISHER = 0x00100000,
    FINISHER_PASS = 0x5555,
    FINISHER_FAIL = 0x3333,
    SYS_WRITEC = 3,
    SYS_WRITE0 = 4,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
    STOPPED_EXIT = 0x20026,
    RUN_INSNS = 1000
};

static enum interp_dev_result device_load(void *ctx, uint32_t addr, uint32_t bytes,
                                          uint32_t *value) {
    (void)ctx;
    if (addr - UART_BASE >= 8 || bytes != 1)
        return INTERP_DEV_NONE;
    *value = addr == UART_BASE + UART_LSR ? LSR_IDLE : 0;
    return INTERP_DEV_OK;
}

static enum interp_dev_result device_store(void *ctx, uint32_t addr, uint32_t bytes,
                                           uint32_t value) {
    struct virt_host *v = ctx;
    if (addr == FINISHER && bytes == 4) {
        if ((value & 0xffffu) == FINISHER_PASS)
            v->exit_status = 0;
        else if ((value & 0xffffu) == FINISHER_FAIL)
            v->exit_status = (int)(value >> 16);
        else
            return INTERP_DEV_OK;
        return INTERP_DEV_EXIT;
    }
    if (addr - UART_BASE >= 8 || bytes != 1)
        return INTERP_DEV_NONE;
    if (addr == UART_BASE + UART_THR)
        v->put_char(v->ctx, (uint8_t)value);
    return INTERP_DEV_OK;
}

static uint32_t read_csr(void *ctx, enum rv_csr csr) {
    const struct virt_host *v = ctx;
    const bool is_high = csr == RV_CSR_CYCLEH || csr == RV_CSR_TIMEH || csr == RV_CSR_INSTRETH;
    return (uint32_t)(is_high ? v->golden->gs.insns >> 32 : v->golden->gs.insns);
}

struct virt_host *virt_host_create(void (*put_char)(void *ctx, uint8_t c), void *ctx) {
    struct virt_host *v = calloc(1, sizeof *v);
    if (v == NULL)
        abort();
    v->dev = (struct interp_dev){v, device_load, device_store, read_csr, NULL};
    v->put_char = put_char;
    v->ctx = ctx;
    v->golden = golden_create(&v->dev, VIRT_RAM_BASE, VIRT_RAM_BYTES);
    return v;
}

void virt_host_destroy(struct virt_host *v) {
    golden_destroy(v->golden);
    free(v);
}

enum elf_error virt_host_load(struct virt_host *v, const uint8_t *bytes, uint32_t n_bytes) {
    return golden_load(v->golden, bytes, n_bytes);
}

static uint32_t ram_word(const struct virt_host *v, uint32_t addr) {
    if ((addr & 3u) != 0 || addr - v->golden->mem.base >= v->golden->mem.bytes)
        return 0;
    return guest_load32(&v->golden->mem, addr);
}

/* True: the program ends. */
static bool serve_semihosting(struct virt_host *v) {
    const uint32_t parameter = v->golden->gs.x[11];
    switch (v->golden->gs.x[10]) {
    case SYS_WRITEC:
        v->put_char(v->ctx, guest_load8(&v->golden->mem, parameter));
        break;
    case SYS_WRITE0:
        for (uint32_t a = parameter; guest_load8(&v->golden->mem, a) != 0; a++)
            v->put_char(v->ctx, guest_load8(&v->golden->mem, a));
        break;
    case SYS_EXIT:
        v->exit_status = parameter == STOPPED_EXIT ? 0 : 1;
        return true;
    case SYS_EXIT_EXTENDED:
        v->exit_status = (int)ram_word(v, parameter + 4);
        return true;
    default:
        v->golden->gs.x[10] = UINT32_MAX;
    }
    interp_complete(&v->golden->in);
    return false;
}

enum virt_host_stop virt_host_run(struct virt_host *v, uint64_t max_insns) {
    const uint64_t end = v->golden->gs.insns + max_insns;
    while (v->golden->gs.insns < end) {
        golden_clear_log(v->golden);
        const uint64_t left = end - v->golden->gs.insns;
        switch (interp_run(&v->golden->in, left < RUN_INSNS ? (uint32_t)left : RUN_INSNS)) {
        case INTERP_LIMIT:
        case INTERP_BLOCK:
        case INTERP_FENCE_I:
        case INTERP_TRAP:
        case INTERP_PRIV:
        case INTERP_WFI:
            break;
        case INTERP_ROI_BEGIN:
            v->roi_start = v->golden->gs.insns;
            break;
        case INTERP_ROI_END:
            v->roi_insns += v->golden->gs.insns - v->roi_start;
            break;
        case INTERP_EXIT:
            return VIRT_EXITED;
        case INTERP_TOHOST:
            v->exit_status = (int)(ram_word(v, v->golden->in.tohost) >> 1);
            if ((ram_word(v, v->golden->in.tohost) & 1u) != 0)
                return VIRT_EXITED;
            break;
        case INTERP_SEMIHOST:
            if (serve_semihosting(v))
                return VIRT_EXITED;
            break;
        case INTERP_FAULT:
            return VIRT_FAULT;
        }
    }
    return VIRT_LIMIT;
}
