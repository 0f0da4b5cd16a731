/* SPDX-License-Identifier: MIT
 * The directed native programs (native_cases.h) on the Verilated core; each that ends is compared
 * with the ISS bundle by bundle, cycles included.
 */
#include "tests/native/native_cases.h"

int main(void) {
    return native_cases_run(engine_rtl_create, engine_iss_create) ? 0 : 1;
}
