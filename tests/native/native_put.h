/* SPDX-License-Identifier: MIT
 * Bundles as the hand-written programs have them: `SLOT op ; SLOT op`, `-` for an empty one. Slot
 * numbers are those of four slots; a machine with fewer has slot s mod SLOT_COUNT in its place, and
 * the same registers (architecture.md section 1). `@N` is the native address of bundle N, `@N.S`
 * that of its slot S.
 *
 *   char error[NATIVE_TEXT_BYTES];
 *   if (native_put(e, 5, "2 csrr r34, cycles ; 3 j 7", error) != NATIVE_PUT_DONE) puts(error);
 */
#ifndef SELKIRK_TESTS_NATIVE_PUT_H
#define SELKIRK_TESTS_NATIVE_PUT_H

#include "sim/engine.h"
#include "translator/support/native_text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum native_put {
    NATIVE_PUT_DONE,
    NATIVE_PUT_NO_ROOM, /* two of its operations are in one slot here */
    NATIVE_PUT_WRONG    /* error: why */
};

/* Its words alone. */
enum native_put native_words(const char *text, uint32_t words[SLOT_COUNT],
                             char error[NATIVE_TEXT_BYTES]);

enum native_put native_put(struct engine *e, uint32_t index, const char *text,
                           char error[NATIVE_TEXT_BYTES]);

/* What cannot be put by these is a bug of the test, which ends. All: up to NULL. */
void native_put_at(struct engine *e, uint32_t index, const char *text);
void native_put_all(struct engine *e, const char *const *program);

/* The address that `@N` or `@N.S` says; *end: what follows it. */
uint32_t native_put_address(const char *text, const char **end);

#ifdef __cplusplus
}
#endif
#endif
