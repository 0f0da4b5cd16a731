/* SPDX-License-Identifier: MIT
 * State machines: a backtracking pattern matcher (. * + ? ^ $ [a-z] [^...] \d), a number recogniser
 * written as a transition table, and a brace balance checker. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

static int match_here(const char *pattern, const char *text);

/* Length of the pattern's first element. */
static int element_length(const char *p) {
    if (*p == '\\')
        return 2;
    if (*p != '[')
        return 1;
    const char *end = p + 1;
    while (*end != ']')
        end++;
    return (int)(end - p) + 1;
}

static int in_class(const char *p, char c) {
    int is_negated = 0, is_in = 0;
    if (*p == '^') {
        is_negated = 1;
        p++;
    }
    for (; *p != ']'; p++) {
        if (p[1] == '-' && p[2] != ']') {
            is_in |= c >= p[0] && c <= p[2];
            p += 2;
        } else {
            is_in |= c == *p;
        }
    }
    return is_in != is_negated;
}

static int match_one(const char *p, char c) {
    if (c == 0)
        return 0;
    switch (*p) {
    case '.':
        return 1;
    case '\\':
        return p[1] == 'd' ? c >= '0' && c <= '9' : c == p[1];
    case '[':
        return in_class(p + 1, c);
    default:
        return *p == c;
    }
}

static int match_repeat(const char *element, const char *rest, const char *text, int at_least,
                        int at_most) {
    int n = 0;
    while (n < at_most && match_one(element, text[n]))
        n++;
    for (; n >= at_least; n--)
        if (match_here(rest, text + n))
            return 1;
    return 0;
}

static int match_here(const char *pattern, const char *text) {
    if (*pattern == 0)
        return 1;
    if (*pattern == '$' && pattern[1] == 0)
        return *text == 0;
    const char *rest = pattern + element_length(pattern);
    switch (*rest) {
    case '*':
        return match_repeat(pattern, rest + 1, text, 0, 1000);
    case '+':
        return match_repeat(pattern, rest + 1, text, 1, 1000);
    case '?':
        return match_repeat(pattern, rest + 1, text, 0, 1);
    default:
        return match_one(pattern, *text) && match_here(rest, text + 1);
    }
}

static int match(const char *pattern, const char *text) {
    if (*pattern == '^')
        return match_here(pattern + 1, text);
    do {
        if (match_here(pattern, text))
            return 1;
    } while (*text++ != 0);
    return 0;
}

/* Decimal numbers with optional sign, fraction and exponent. Classes: digit . e sign other */
static int is_number(const char *s) {
    enum { START, SIGN, WHOLE, POINT, FRACTION, E, E_SIGN, EXPONENT, BAD };
    static const uint8_t next[9][5] = {
        {WHOLE, POINT, BAD, SIGN, BAD}, {WHOLE, POINT, BAD, BAD, BAD},
        {WHOLE, FRACTION, E, BAD, BAD}, {FRACTION, BAD, BAD, BAD, BAD},
        {FRACTION, BAD, E, BAD, BAD},   {EXPONENT, BAD, BAD, E_SIGN, BAD},
        {EXPONENT, BAD, BAD, BAD, BAD}, {EXPONENT, BAD, BAD, BAD, BAD},
        {BAD, BAD, BAD, BAD, BAD}};
    int state = START;
    for (; *s; s++) {
        const int class = *s >= '0' && *s <= '9'   ? 0
                          : *s == '.'              ? 1
                          : *s == 'e'              ? 2
                          : *s == '-' || *s == '+' ? 3
                                                   : 4;
        state = next[state][class];
    }
    return state == WHOLE || state == FRACTION || state == EXPONENT;
}

static int is_balanced(const char *s) {
    char stack[32];
    int depth = 0;
    for (; *s; s++) {
        if (strchr("([{", *s) != NULL && depth < 32)
            stack[depth++] = *s == '(' ? ')' : (char)(*s + 2);
        else if (strchr(")]}", *s) != NULL && (depth == 0 || stack[--depth] != *s))
            return 0;
    }
    return depth == 0;
}

static const char *const patterns[] = {"^a.*z$",      "[0-9]+\\.[0-9]+", "colou?r", "x*y$",
                                       "^[^aeiou]+$", "\\d\\d:\\d\\d",   "a*a*a*b", "x+y+$"};
static const char *const texts[] = {"abcdefghijklmnopqrstuvwxyz",
                                    "pi is 3.14159",
                                    "the color of the colour",
                                    "aaaaaaaaaaaa",
                                    "rhythm",
                                    "at 12:45 sharp",
                                    "-12.5e+3",
                                    "[{()}]([)]",
                                    "f(a[i], {1, 2})",
                                    "xxxxyyyy"};
enum { PATTERNS = sizeof patterns / sizeof patterns[0], TEXTS = sizeof texts / sizeof texts[0] };

static int run(unsigned matched[PATTERNS]) {
    int total = 0;
    for (int p = 0; p < PATTERNS; p++) {
        matched[p] = 0;
        for (int t = 0; t < TEXTS; t++)
            if (match(patterns[p], texts[t])) {
                matched[p] |= 1u << t;
                total++;
            }
    }
    return total;
}

int main(void) {
    unsigned matched[PATTERNS];
    run(matched);
    roi_begin();
    int total = 0;
    for (int round = 0; round < 2; round++)
        total = run(matched);
    roi_end();
    for (int p = 0; p < PATTERNS; p++)
        printf("%-18s %03x\n", patterns[p], matched[p]);
    for (int t = 0; t < TEXTS; t++)
        printf("%s %s: %s\n", is_number(texts[t]) ? "number" : "text",
               is_balanced(texts[t]) ? "balanced" : "unbalanced", texts[t]);
    return total;
}
