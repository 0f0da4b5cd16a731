/* SPDX-License-Identifier: MIT
 * Native bundles as text, both ways. Built on the generated tables, so it knows every operation.
 *
 *   { lw r33, 8(r44) | add r5, r1, r2 | nop | beq+ r3, r4, -12 }
 *
 * Operands stand in the order rd, rs1, rs2, imm; loads are `lw rd, imm(rs1)`, stores `sw rs2,
 * imm(rs1)`;
 * `+` after a branch's mnemonic: predicted taken. A branch's offset counts bundles. j and jl take a
 * bundle index. Control registers go by their names in small letters, or by number. `li32 r4,
 * 0x12345678` takes the next slot as well, where `lit` stands. A word that is no legal operation of
 * its slot reads `.word 0x...`. So text -> words -> text loses nothing.
 *
 *   char text[NATIVE_TEXT_BYTES], error[NATIVE_TEXT_BYTES];
 *   native_print_bundle(words, text);
 *   if (!native_parse_bundle(text, words, error)) { puts(error); }
 */
#ifndef SELKIRK_SUPPORT_NATIVE_TEXT_H
#define SELKIRK_SUPPORT_NATIVE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "machine.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { NATIVE_TEXT_BYTES = 256 }; /* enough for any bundle and any message, with the final 0 */

void native_print_bundle(const uint32_t words[SLOT_COUNT], char text[NATIVE_TEXT_BYTES]);

/* One operation. literal: the word of the next higher slot, for li32. */
void native_print_op(uint32_t word, unsigned slot, uint32_t literal, char text[NATIVE_TEXT_BYTES]);

/* False: *error is set to one line that says what is wrong and where. */
bool native_parse_bundle(const char *text, uint32_t words[SLOT_COUNT],
                         char error[NATIVE_TEXT_BYTES]);

#ifdef __cplusplus
}
#endif
#endif
