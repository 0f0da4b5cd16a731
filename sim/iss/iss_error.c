/* SPDX-License-Identifier: MIT
 * ISS: program errors. They stop the engine with ENGINE_ASSERT; the message names cycle, pc, cause
 * and bundle.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/iss/iss.h"
#include "translator/support/native_text.h"

void iss_error(struct iss *c, const char *format, ...) {
    char cause[160], text[NATIVE_TEXT_BYTES];
    uint32_t word[ENGINE_SLOTS];
    va_list args;
    if (c->is_stopped && c->stop == ENGINE_ASSERT) {
        return;
    }
    va_start(args, format);
    vsnprintf(cause, sizeof cause, format, args);
    va_end(args);
    memcpy(word, c->memory[ENGINE_MEM_CODE] + (size_t)c->index * BUNDLE_BYTES, sizeof word);
    native_print_bundle(word, text);
    snprintf(c->message, sizeof c->message, "cycle %llu, pc 0x%08x (%s mode): %s\n  %s",
             (unsigned long long)iss_cycle(c), (unsigned)iss_bundle_address(c->index),
             c->guest ? "guest" : "firmware", cause, text);
    iss_stop(c, ENGINE_ASSERT);
}

static void report_read(struct iss *c, unsigned slot, unsigned reg, int64_t cross) {
    int64_t ready = c->done[reg] + cross;
    if (c->now < ready) {
        iss_error(c, "slot %u reads register %u, %lld cycle(s) before it is ready", slot, reg,
                  (long long)(ready - c->now));
    }
}

void iss_error_early_read(struct iss *c, const struct iss_bundle *b) {
    for (unsigned i = 0; i < b->ops_count; i++) {
        const struct iss_op *op = &b->op[i];
        report_read(c, op->slot, op->rs1, op->cross1);
        report_read(c, op->slot, op->rs2, op->cross2);
        if (op->handler == ISS_RDH) {
            report_read(c, op->slot, c->reg[op->rs1] & 31, CROSS_EXTRA_CYCLES);
        }
    }
}

void iss_error_write(struct iss *c, const struct iss_op *op, unsigned reg) {
    if (c->done[reg] >= c->now + op->latency) {
        iss_error(c, "slot %u writes register %u while an earlier write to it is in flight",
                  op->slot, reg);
    } else {
        iss_error(c,
                  "slot %u: results for register %u and an earlier one complete together "
                  "(write port)",
                  op->slot, reg);
    }
}
