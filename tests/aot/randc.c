/* SPDX-License-Identifier: MIT
 * Writes a random C program for the tests of the ahead-of-time translator: randc SEED > program.c.
 * Functions of unsigned arithmetic over parameters, locals, and byte, half and word arrays, with
 * branches, bounded loops, switches, and calls (direct and through a table) of functions with lower
 * numbers, so every program ends. Nothing in it depends on addresses. main prints a checksum after
 * every call.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_FUNCTIONS = 24, N_LOCALS = 6, MAX_DEPTH = 3 };

static uint32_t state;

static unsigned rnd(unsigned n) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (state >> 3) % n;
}

static void constant(void) {
    static const char *const odd[] = {"0u",          "1u",     "0x7fffffffu", "0x80000000u",
                                      "0xffffffffu", "0xfffu", "0x800u"};
    if (rnd(3) == 0)
        printf("%s", odd[rnd(7)]);
    else
        printf("%uu", rnd(2) ? rnd(64) : state);
}

static void expression(unsigned depth) {
    static const char *const operators[] = {"+", "-",  "*", "&",  "|", "^",
                                            "<", "==", ">", "!=", "<="};
    if (depth == 0 || rnd(5) == 0) {
        if (rnd(4))
            printf("v%u", rnd(N_LOCALS));
        else
            constant();
        return;
    }
    unsigned kind = rnd(12);
    static const char *const openings[] = {"word[(",  "byte[(",  "sbyte[(", "half[(",
                                           "shalf[(", "((int)(", "((",      "(("};
    static const char *const middles[] = {") & 15]", ") & 63]",    ") & 63]", ") & 31]",
                                          ") & 31]", ") < (int)(", ") >> ((", ") << (("};
    static const char *const ends[] = {"", "", "", "", "", "))", ") & 31))", ") & 31))"};
    if (kind < 8) {
        printf("%s", kind < 5 ? "(uint32_t)" : "");
        printf("%s", openings[kind]);
        expression(depth - 1);
        printf("%s", middles[kind]);
        if (kind >= 5)
            expression(depth - 1);
        printf("%s", ends[kind]);
    } else {
        printf("(");
        expression(depth - 1);
        printf(" %s ", kind == 8 ? (rnd(2) ? "/ (1u |" : "% (1u |") : operators[rnd(11)]);
        expression(depth - 1);
        printf("%s", kind == 8 ? "))" : ")");
    }
}

static void statements(unsigned function, unsigned depth);

static void assignment(void) {
    static const char *const arrays[] = {"word[(", "byte[(", "sbyte[(", "half[(", "shalf[("};
    static const char *const types[] = {"uint32_t", "uint8_t", "int8_t", "uint16_t", "int16_t"};
    static const unsigned masks[] = {15, 63, 63, 31, 31};
    unsigned a = rnd(5);
    if (rnd(3)) {
        printf("v%u = ", rnd(N_LOCALS));
        expression(3);
    } else {
        printf("%s", arrays[a]);
        expression(1);
        printf(") & %u] = (%s)", masks[a], types[a]);
        expression(2);
    }
    printf(";\n");
}

static void call(unsigned function) {
    if (function == 0) {
        assignment();
        return;
    }
    printf("if (budget-- > 0) v%u = ", rnd(N_LOCALS));
    if (rnd(2))
        printf("f%u(", rnd(function));
    else {
        printf("table[(");
        expression(1);
        printf(") %% %u](", function);
    }
    expression(2);
    printf(", ");
    expression(1);
    printf(", v%u);\n", rnd(N_LOCALS));
}

static void selection(unsigned function, unsigned depth) {
    printf("switch ((");
    expression(2);
    printf(") & 7) {\n");
    for (unsigned i = 0; i < 7; i++) {
        printf("case %u:\n", i);
        statements(function, depth);
        printf("break;\n");
    }
    printf("default:\n");
    assignment();
    printf("}\n");
}

static void statements(unsigned function, unsigned depth) {
    for (unsigned n = 1 + rnd(4); n; n--) {
        unsigned kind = depth ? rnd(10) : rnd(6);
        if (kind < 5) {
            assignment();
        } else if (kind == 5) {
            call(function);
        } else if (kind == 6) {
            selection(function, 0);
        } else if (kind == 7) {
            printf("for (unsigned i%u = 0; i%u < %uu; i%u++) {\nv%u += i%u;\n", depth, depth,
                   1 + rnd(6), depth, rnd(N_LOCALS), depth);
            statements(function, depth - 1);
            printf("}\n");
        } else {
            printf("if (");
            expression(2);
            printf(") {\n");
            statements(function, depth - 1);
            printf("} else {\n");
            statements(function, depth - 1);
            printf("}\n");
        }
    }
}

static void function(unsigned n) {
    printf("NOINLINE static uint32_t f%u(uint32_t v0, uint32_t v1, uint32_t v2)\n{\n", n);
    printf("uint32_t v3 = v0 ^ %uu, v4 = v1 + v2, v5 = %uu;\n", rnd(1000), rnd(1000));
    statements(n, MAX_DEPTH);
    printf("return v0 ^ v1 * 3 ^ v2 * 5 ^ v3 * 7 ^ v4 * 9 ^ v5 * 11;\n}\n\n");
}

int main(int argc, char **argv) {
    state = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) * 2654435761u + 1 : 1;
    for (int i = 0; i < 10; i++)
        rnd(2);
    printf("/* seed %s */\n#include \"tests/aot/port.h\"\n", argc > 1 ? argv[1] : "");
    printf("#define NOINLINE __attribute__((noinline, noipa))\nstatic int budget;\n");
    printf("static uint32_t word[16];\nstatic uint8_t byte[64];\nstatic int8_t sbyte[64];\n"
           "static uint16_t half[32];\nstatic int16_t shalf[32];\n");
    printf("static uint32_t (*const table[%d])(uint32_t, uint32_t, uint32_t);\n", N_FUNCTIONS);
    for (unsigned i = 0; i < N_FUNCTIONS; i++)
        function(i);
    printf("static uint32_t (*const table[])(uint32_t, uint32_t, uint32_t) = {");
    for (unsigned i = 0; i < N_FUNCTIONS; i++)
        printf("f%u, ", i);
    printf("};\nint main(void)\n{\nuint32_t sum = 1;\nfor (unsigned i = 0; i < %d; i++) {\nbudget "
           "= 60;\n"
           "sum = sum * 31 + table[i](sum, i, ~sum);\nprint(\"%%x \", sum);\n}\n",
           N_FUNCTIONS);
    printf("for (unsigned i = 0; i < 64; i++)\n"
           "sum = sum * 31 + word[i & 15] + byte[i] + (uint32_t)sbyte[i] + half[i & 31] + "
           "(uint32_t)shalf[i & 31];\n"
           "print(\"%%x\\n\", sum);\nreturn (int)(sum & 0x7f);\n}\n");
    return 0;
}
