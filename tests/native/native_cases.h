/* SPDX-License-Identifier: MIT
 * Directed programs for sections 1 to 3 of docs/architecture.md, for any engine.
 *
 *   bool is_good = native_cases_run(engine_iss_create, NULL);   // prints what failed, and a line
 */
#ifndef SELKIRK_TESTS_NATIVE_CASES_H
#define SELKIRK_TESTS_NATIVE_CASES_H

#include "sim/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One program. Lines of code: bundles (native_put.h), or `@N` go to bundle N. At the end of the
 * last stretch the harness adds empty bundles, SYS_EXIT and a jump to itself. expect: words such as
 * r33=5, r35=@1, csr names in small letters (stalls=3), [80000000]=12, stop=exit, stop=assert,
 * says=text without blanks. A name that begins with ISS: is for that engine alone, one with 4: for
 * machines of four slots, with 2: of two. A program that has no room in the machine's slots is left
 * out. */
struct native_case {
    const char *name, *code, *expect;
};

/* What has been run. reference: an engine that each program that ends is compared with, bundle by
 * bundle and cycle by cycle; NULL: none. */
struct native_count {
    unsigned run, left_out;
    struct engine *(*reference)(void);
};

extern const struct native_case native_cases[];
extern const unsigned native_cases_count;

bool native_case_run(struct engine *(*create)(void), const struct native_case *c,
                     struct native_count *count);
bool native_cases_run(struct engine *(*create)(void), struct engine *(*reference)(void));
bool undo_cases_run(struct engine *(*create)(void), struct native_count *count); /* parts ... */
bool commit_cases_run(struct engine *(*create)(void), struct native_count *count);

#ifdef __cplusplus
}
#endif
#endif
