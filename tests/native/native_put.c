/* SPDX-License-Identifier: MIT
 * Hand-written bundles (native_put.h), by way of the text that native_parse_bundle takes.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/native/native_put.h"

enum { OP_BYTES = 64 };

uint32_t native_put_address(const char *text, const char **end) {
    char *rest;
    uint32_t address = MEM_CODE_BASE + (uint32_t)strtoul(text + 1, &rest, 10) * BUNDLE_BYTES;
    if (*rest == '.')
        address += 4 * ((uint32_t)strtoul(rest + 1, &rest, 10) % SLOT_COUNT);
    *end = rest;
    return address;
}

/* One operation, up to the end or ` ;`, with addresses in the place of `@N`. */
static const char *copy_op(char op[OP_BYTES], const char *text) {
    size_t used = 0;
    while (*text != '\0' && strncmp(text, " ;", 2) != 0 && used < OP_BYTES - sizeof "0x40000000") {
        if (*text == '@')
            used += (size_t)sprintf(op + used, "0x%x", (unsigned)native_put_address(text, &text));
        else
            op[used++] = *text++;
    }
    op[used] = '\0';
    return text;
}

/* The same operation twice is one (wrh stands in all slots). */
static bool place(char slots[SLOT_COUNT][OP_BYTES], unsigned slot, const char *op) {
    if (slot >= SLOT_COUNT || (slots[slot][0] != '\0' && strcmp(slots[slot], op) != 0))
        return false;
    strcpy(slots[slot], op);
    return true;
}

/* False: there is no room for all of its operations. */
static bool split(char slots[SLOT_COUNT][OP_BYTES], const char *text) {
    bool has_room = true;
    while (*text != '\0') {
        char op[OP_BYTES];
        if (isdigit((unsigned char)*text)) {
            unsigned slot = (unsigned)(*text - '0') % SLOT_COUNT;
            text = copy_op(op, text + 2);
            has_room &= place(slots, slot, op);
            if (strncmp(op, "li32", 4) == 0)
                has_room &= place(slots, slot + 1, "lit");
        } else {
            text++;
        }
    }
    return has_room;
}

enum native_put native_words(const char *text, uint32_t words[SLOT_COUNT],
                             char error[NATIVE_TEXT_BYTES]) {
    char slots[SLOT_COUNT][OP_BYTES] = {{0}}, bundle[SLOT_COUNT * (OP_BYTES + 3) + 2];
    int used = 0;
    if (!split(slots, text)) {
        snprintf(error, NATIVE_TEXT_BYTES, "no room in %d slots: %.200s", SLOT_COUNT, text);
        return NATIVE_PUT_NO_ROOM;
    }
    for (unsigned s = 0; s < SLOT_COUNT; s++)
        used += sprintf(bundle + used, "%s %s ", s ? "|" : "{", slots[s][0] ? slots[s] : "nop");
    strcpy(bundle + used, "}");
    return native_parse_bundle(bundle, words, error) ? NATIVE_PUT_DONE : NATIVE_PUT_WRONG;
}

enum native_put native_put(struct engine *e, uint32_t index, const char *text,
                           char error[NATIVE_TEXT_BYTES]) {
    uint32_t words[SLOT_COUNT];
    enum native_put result = native_words(text, words, error);
    if (result == NATIVE_PUT_DONE)
        memcpy(e->ops->mem(e, ENGINE_MEM_CODE) + (size_t)index * BUNDLE_BYTES, words, sizeof words);
    return result;
}

void native_put_at(struct engine *e, uint32_t index, const char *text) {
    char error[NATIVE_TEXT_BYTES];
    if (native_put(e, index, text, error) == NATIVE_PUT_DONE)
        return;
    printf("bundle %u, %s: %s\n", (unsigned)index, text, error);
    exit(1);
}

void native_put_all(struct engine *e, const char *const *program) {
    for (uint32_t i = 0; program[i] != NULL; i++)
        native_put_at(e, i, program[i]);
}
