/* SPDX-License-Identifier: MIT
 * The generated encoders, the decoder, the disassembler and the assembler against each other:
 *   every operation in every slot it may use, random operands: encode -> decode gives the operands
 * back, encode -> print -> parse gives the word back; the same operation in a slot it may not use,
 * and with any spare bit set, is illegal; random bundles -> print -> parse give the words back; bad
 * text is refused. Encoding is done here from the tables' column `format` by hand-written calls, so
 * a wrong field in an encoder and the same wrong field in the decoder would be noticed in one known
 * word per format.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "machine_encode.h"
#include "translator/support/native_text.h"

enum { ROUNDS = 200, RANDOM_BUNDLES = 50000 };

static unsigned failures;
static uint64_t random_state = 0x5e1c1234u;

static uint32_t random32(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

static void expect(bool is_right, const char *what, uint32_t word, const char *text) {
    if (!is_right && failures++ < 20) {
        printf("FAIL %s: word 0x%08" PRIx32 " %s\n", what, word, text);
    }
}

static int32_t random_imm(enum vop op) {
    int32_t imm = 0;
    do {
        imm = (int32_t)random32() >> (random32() % 32);
    } while (!vop_imm_fits(op, imm));
    return imm;
}

static struct vop_fields random_fields(enum vop op, unsigned slot) {
    const struct vop_info *info = &vop_info[op];
    struct vop_fields f = {.op = op};
    f.rd = (uint8_t)(info->writes_rd ? random32() % 16 * 4 + slot : 0);
    f.rs1 = (uint8_t)(info->reads_rs1 ? random32() % REG_COUNT : 0);
    f.rs2 = (uint8_t)(info->reads_rs2 ? random32() % REG_COUNT : 0);
    f.pred = (uint8_t)(info->flags & OPF_BRANCH ? random32() % 2 : 0);
    f.imm = info->flags & OPF_LITERAL ? 0 : random_imm(op);
    return f;
}

static bool same_fields(const struct vop_fields *a, const struct vop_fields *b) {
    return a->op == b->op && a->rd == b->rd && a->rs1 == b->rs1 && a->rs2 == b->rs2 &&
           a->pred == b->pred && a->imm == b->imm;
}

static void check_text(const uint32_t words[SLOT_COUNT], unsigned slot) {
    char text[NATIVE_TEXT_BYTES], error[NATIVE_TEXT_BYTES] = "";
    uint32_t back[SLOT_COUNT] = {0};
    native_print_bundle(words, text);
    expect(native_parse_bundle(text, back, error), error, words[slot], text);
    expect(memcmp(words, back, sizeof back) == 0, "print and parse", words[slot], text);
}

static void check_spare_bits(uint32_t word, enum vop op, unsigned slot) {
    struct vop_fields f;
    for (unsigned bit = 0; bit < 32; bit++) {
        if (format_spare_bits[vop_format[op]] >> bit & 1) {
            expect(!vop_decode(word | 1u << bit, slot, &f), "spare bit accepted", word,
                   vop_info[op].mnemonic);
        }
    }
}

static void check_op(enum vop op, unsigned slot) {
    struct vop_fields f = random_fields(op, slot), back;
    uint32_t words[SLOT_COUNT] = {0};
    uint32_t word = vop_encode(&f);
    words[slot] = word;
    bool is_legal = vop_decode(word, slot, &back);
    if ((vop_slots[op] >> slot & 1) == 0) {
        expect(!is_legal, "wrong slot accepted", word, vop_info[op].mnemonic);
        return;
    }
    expect(is_legal && same_fields(&f, &back), "encode and decode", word, vop_info[op].mnemonic);
    if (vop_info[op].flags & OPF_LITERAL) {
        words[slot + 1] = random32();
    }
    check_text(words, slot);
    check_spare_bits(word, op, slot);
}

static void check_random_bundles(void) {
    for (int i = 0; i < RANDOM_BUNDLES; i++) {
        uint32_t words[SLOT_COUNT];
        for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
            struct vop_fields f;
            uint32_t op = random32() % VOP_COUNT;
            words[slot] = random32() % 2 ? (random32() & ~0x7fu) | vop_opcode[op] : random32();
            if (random32() % 2) {
                words[slot] &= ~format_spare_bits[vop_format[op]];
            }
            if (vop_decode(words[slot], slot, &f)) {
                expect(vop_encode(&f) == words[slot], "decode and encode", words[slot], "");
            }
        }
        check_text(words, 0);
    }
}

/* One word of each format, assembled by hand from the drawings in docs/isa.md. */
static void check_known_words(void) {
    static const struct {
        const char *text;
        unsigned slot;
        uint32_t word;
    } known[] = {
#if SLOT_COUNT == 2
        {"{ nop | nop }", 0, 0x00000000},
        {"{ add r5, r1, r2 | nop }", 4, 0},
        {"{ nop | add r5, r1, r2 }", 1, 0x01u | 2u << 7 | 1u << 12 | 2u << 18},
        {"{ lw r32, -4(r44) | nop }", 0, 0x20u | 16u << 7 | 44u << 12 | 0x3ffcu << 18},
        {"{ nop | sw r9, 53(r2) }", 1, 0x28u | 21u << 7 | 2u << 12 | 9u << 18 | 1u << 24},
        {"{ nop | beq+ r3, r4, -12 }", 1,
         0x40u | 1u << 7 | 4u << 8 | 3u << 12 | 4u << 18 | 0xffu << 24},
        {"{ nop | jl r7, 1000 }", 1, 0x49u | 3u << 7 | 1000u << 12},
        {"{ li r6, -2 | nop }", 0, 0x10u | 3u << 7 | 0xffffeu << 12},
        {"{ li32 r6, 0x89abcdef | lit }", 1, 0x89abcdefu},
        {"{ csrr r34, cycles_h | nop }", 0, 0x51u | 17u << 7 | 0x41u << 18},
        {"{ commit 3 | nop }", 0, 0x50u | 3u << 12},
#else
        {"{ nop | nop | nop | nop }", 0, 0x00000000},
        {"{ add r5, r1, r2 | nop | nop | nop }", 4, 0},
        {"{ nop | add r5, r1, r2 | nop | nop }", 1, 0x01u | 1u << 7 | 1u << 11 | 2u << 17},
        {"{ lw r32, -4(r44) | nop | nop | nop }", 0, 0x20u | 8u << 7 | 44u << 11 | 0x7ffcu << 17},
        {"{ nop | sw r9, 21(r2) | nop | nop }", 1,
         0x28u | 5u << 7 | 2u << 11 | 9u << 17 | 1u << 23},
        {"{ nop | nop | nop | beq+ r3, r4, -12 }", 3,
         0x40u | 1u << 7 | 4u << 8 | 3u << 11 | 4u << 17 | 0x1feu << 23},
        {"{ nop | nop | nop | jl r7, 1000 }", 3, 0x49u | 1u << 7 | 1000u << 11},
        {"{ nop | nop | li r6, -2 | nop }", 2, 0x10u | 1u << 7 | 0x1ffffeu << 11},
        {"{ nop | nop | li32 r6, 0x89abcdef | lit }", 3, 0x89abcdefu},
        {"{ nop | nop | nop | jlr r3, r63 }", 3, 0x4bu | 63u << 11},
        {"{ nop | nop | nop | jr r63 }", 3, 0x4au | 63u << 11},
        {"{ nop | nop | divres r62 | nop }", 2, 0x38u | 15u << 7},
        {"{ nop | nop | commit 3 | nop }", 2, 0x50u | 3u << 11},
        {"{ nop | nop | csrr r34, cycles_h | nop }", 2, 0x51u | 8u << 7 | 0x41u << 17},
        {"{ nop | nop | csrw r34, 0x13 | nop }", 2, 0x52u | 34u << 11 | 0x13u << 17},
        {"{ nop | nop | div r1, r2 | .word 0xffffffff }", 2, 0x34u | 1u << 11 | 2u << 17},
#endif
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char error[NATIVE_TEXT_BYTES] = "";
        uint32_t words[SLOT_COUNT] = {0};
        bool is_good = native_parse_bundle(known[i].text, words, error);
        if (known[i].slot >= SLOT_COUNT) {
            expect(!is_good, "accepted", words[0], known[i].text);
            continue;
        }
        expect(is_good, error, 0, known[i].text);
        expect(words[known[i].slot] == known[i].word, "known word", words[known[i].slot],
               known[i].text);
    }
}

static void check_bad_text(void) {
    static const char *const bad[] = {
        "",
        "nop",
        "{ nop | nop | nop }",
        "{ nop | nop | nop | nop",
        "{ nop | nop | nop | nop } x",
        "{ frob | nop | nop | nop }",
        "{ beq r1, r2, 0 | nop | nop | nop }",
        "{ add r64, r1, r2 | nop | nop | nop }",
        "{ add r4, r1 | nop | nop | nop }",
        "{ addi r4, r1, 16384 | nop | nop | nop }",
        "{ add+ r4, r1, r2 | nop | nop | nop }",
        "{ li32 r4, 1 | nop | nop | nop }",
        "{ nop | nop | csrr r34, frob | nop }",
        "{ nop | nop | nop | j -1 }",
        "{ .word | nop | nop | nop }",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char error[NATIVE_TEXT_BYTES] = "";
        uint32_t words[SLOT_COUNT];
        expect(!native_parse_bundle(bad[i], words, error), "bad text accepted", 0, bad[i]);
        expect(error[0] != 0, "no message for bad text", 0, bad[i]);
    }
}

int main(void) {
    unsigned checked = 0;
    for (unsigned op = 0; op < VOP_COUNT; op++) {
        for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
            checked += vop_slots[op] >> slot & 1;
            for (int i = 0; i < ROUNDS; i++) {
                check_op((enum vop)op, slot);
            }
        }
    }
    check_random_bundles();
    check_known_words();
    check_bad_text();
    printf("%u operations, %u places, %d words each, %d random bundles: %u failures\n",
           (unsigned)VOP_COUNT, checked, ROUNDS, RANDOM_BUNDLES, failures);
    return failures != 0;
}
