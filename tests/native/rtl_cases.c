/* SPDX-License-Identifier: MIT
 * The directed native programs (native_cases.h) on the Verilated core.
 */
#include <stdio.h>

#include "tests/native/native_cases.h"

int main(void) {
    unsigned cases = 0;
    bool is_good = native_cases_run(engine_rtl_create, &cases);
    printf("%u directed native programs on the RTL%s\n", cases, is_good ? "" : ": FAILED");
    return is_good ? 0 : 1;
}
