/* SPDX-License-Identifier: MIT
 * firmware/dev/time_base.c against its definition, for the clocks of all memory configurations and
 * others: TIME_TICKS in cycle c is c * num / den; a tick's cycle is the first that shows it.
 */
#include "firmware/dev/time_base.h"
#include "machine_tables.h"
#include <stdio.h>

static unsigned failures, checks;

static void expect(const char *what, uint32_t num, uint32_t den, uint64_t of, uint64_t is,
                   uint64_t least, uint64_t most) {
    checks++;
    if (is >= least && is <= most)
        return;
    if (failures++ < 20)
        printf("%s, %u/%u of a tick a cycle, of %llu: %llu, not %llu to %llu\n", what, num, den,
               (unsigned long long)of, (unsigned long long)is, (unsigned long long)least,
               (unsigned long long)most);
}

static void check_clock(uint32_t num, uint32_t den) {
    static const uint64_t ticks[] = {
        0, 1, 2, 3, 99, 12345, 0xffffffff, 0x100000000, 0x3fffffffffff};
    static const uint32_t amounts[] = {0, 1, 9, 10, 11, 999, 65535, 65536, 1u << 20, 1u << 30};
    struct time_base t;
    time_init(&t, num << 16 | den);
    for (unsigned i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        for (uint64_t n = ticks[i]; n < ticks[i] + 2 * num; n++) {
            uint64_t first = (n * den + num - 1) / num;
            expect("cycle of a tick", num, den, n, time_cycle_of(&t, n), first, first);
        }
    }
    for (unsigned i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        uint64_t n = amounts[i], in = n * num / den, cycles = n * den / ((uint64_t)num * TICK_NS);
        expect("ticks in cycles", num, den, n, time_ticks_in(&t, amounts[i]), in, in + 1);
        expect("cycles in ns", num, den, n, time_cycles_in(&t, amounts[i]), cycles + 1, cycles + 2);
    }
}

int main(void) {
    for (unsigned i = 0; i < MEMORY_COUNT; i++)
        check_clock(memory_info[i].tick_num, memory_info[i].tick_den);
    for (uint32_t tenths = 101; tenths <= 5000; tenths += 7) /* of a MHz */
        check_clock(100, tenths);
    printf("time base: %u conversions, %u wrong\n", checks, failures);
    return failures != 0;
}
