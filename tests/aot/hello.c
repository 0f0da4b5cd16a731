/* SPDX-License-Identifier: MIT
 * The smallest firmware: says something and stops with a status of its own. */
#include "tests/aot/port.h"

int main(void) {
    print("hello from bundles, %d %u %x %s%c", -42, 42u, 0xbeefu, "done", '\n');
    return 3;
}
