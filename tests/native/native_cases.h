/* SPDX-License-Identifier: MIT
 * Directed programs for sections 1 to 3 of docs/architecture.md, for any engine.
 *
 *   unsigned cases = 0;
 *   bool is_good = native_cases_run(engine_iss_create, &cases);   // prints what failed
 */
#ifndef SELKIRK_TESTS_NATIVE_CASES_H
#define SELKIRK_TESTS_NATIVE_CASES_H

#include "sim/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One program. Lines of code: `SLOT op ; SLOT op`, `-` an empty bundle, `@N` go to bundle N. At the
 * end of the last stretch the harness adds empty bundles, SYS_EXIT and a jump to itself. expect:
 * words such as r33=5, csr names in small letters (stalls=3), [80000000]=12, stop=exit,
 * stop=assert, says=text without blanks. A name that begins with ISS: is for that engine alone. */
struct native_case {
    const char *name, *code, *expect;
};

extern const struct native_case native_cases[];
extern const unsigned native_cases_count;

bool native_case_run(struct engine *(*create)(void), const struct native_case *c);
bool native_cases_run(struct engine *(*create)(void), unsigned *count);
bool undo_cases_run(struct engine *(*create)(void), unsigned *count); /* a part of them */

#ifdef __cplusplus
}
#endif
#endif
