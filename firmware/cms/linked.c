/* SPDX-License-Identifier: MIT
 * A run for a workstation at the other end of the native UART (linked.h). */
#include "firmware/cms/linked.h"
#include "firmware/cms/cms.h"
#include "firmware/cms/life.h"
#include "firmware/dev/memory_test.h"
#include "firmware/log.h"
#include "firmware/native.h"

/* The others have not moved before the guest's start. */
static void read_counters(uint64_t *now) {
    now[LINKED_CYCLES] = native_counter(CSR_CYCLES);
    now[LINKED_BRANCH_MISSES] = native_counter(CSR_BRANCH_MISSES);
    now[LINKED_STALLS] = native_counter(CSR_STALLS);
}

/* Said on the bare line, and told to every workstation. */
static void test_memory(struct linked *linked, uint8_t *ram, uint32_t wanted) {
    struct link_facts *facts = &linked->facts;
    facts->tested = wanted < facts->ram_bytes ? wanted : facts->ram_bytes;
    if (facts->tested == 0)
        return;
    volatile const uint32_t *bad =
        memory_test((volatile uint32_t *)ram, facts->tested, facts->ram_bytes);
    facts->bad_at = (uint32_t)(uintptr_t)bad;
    cms_log("selkirk: memory test: %u KiB: ", facts->tested >> 10);
    if (bad == NULL)
        cms_log("good\r\n");
    else
        cms_log("bad at 0x%x\r\n", facts->bad_at);
}

void linked_load(struct linked *linked, struct cms *cms, struct cms_platform *platform,
                 uint32_t boot_flash) {
    uint8_t *memory = (uint8_t *)(uintptr_t)platform->load.bytes;
    linked->facts = (struct link_facts){
        .time_step = native_csrr(CSR_TIME_STEP),
        .ram_bytes = native_csrr(CSR_BOOT_RAM),
        .room = boot_flash & LOAD_ROOM_MASK,
    };
    line_init(&linked->line, &linked->facts);
    log_to(&linked->line);
    test_memory(linked, platform->guest_ram, (boot_flash & LOAD_TEST_MASK) * LOAD_TEST_UNIT);
    if (line_load(&linked->line, memory, linked->facts.room, &platform->load) == LINK_STAYS)
        cms->line = &linked->line;
    linked->facts.room = 0;
    read_counters(linked->before);
}

/* All of it that a report is made of. */
static void send_stats(struct line *line, const struct cms_stats *stats) {
    const uint8_t *bytes = (const uint8_t *)stats;
    const uint32_t n = offsetof(struct cms_stats, mark);
    for (uint32_t at = 0; at < n; at += LINK_PAYLOAD_BYTES) {
        uint32_t left = n - at;
        line_send(line, LINK_REPORT, bytes + at,
                  left < LINK_PAYLOAD_BYTES ? left : LINK_PAYLOAD_BYTES);
    }
}

void linked_end(struct linked *linked, struct cms *cms, uint32_t status) {
    struct line *line = cms->line;
    if (line == NULL)
        return;
    cms_sample(cms);
    cms->stats.now[STAT_HW_CYCLES] -= linked->before[LINKED_CYCLES];
    cms->stats.now[STAT_HW_BRANCH_MISSES] -= linked->before[LINKED_BRANCH_MISSES];
    cms->stats.now[STAT_HW_STALLS] -= linked->before[LINKED_STALLS];
    send_stats(line, &cms->stats);
    line_end(line, status);
}
