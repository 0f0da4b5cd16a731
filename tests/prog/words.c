/* SPDX-License-Identifier: MIT
 * Counts the words of a text in a hash table and prints the most frequent ones; palindromes;
 * reversal. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

static const char text[] =
    "The machine that you see is not the machine that runs. What runs is older than the program "
    "and "
    "younger than the answer: it looks at the program, finds the parts that matter, writes them "
    "again "
    "in the language of the wires, and keeps what it wrote. When a part runs again the machine "
    "does "
    "not look again; it runs what it wrote. A level above, the program never knows. Did the kayak "
    "noon refer to a civic radar? The program does not ask and the machine does not tell; when the "
    "program changes, the machine forgets, and when the machine forgets, it looks again.";

enum { BUCKETS = 64, MAX_WORDS = 150, MAX_LETTERS = 16 };
struct word {
    struct word *next;
    char letters[MAX_LETTERS];
    int count;
};
static struct word pool[MAX_WORDS], *buckets[BUCKETS];
static int n_words;

static unsigned hash(const char *s) {
    unsigned h = 5381;
    while (*s)
        h = (h << 5) + h + (unsigned char)*s++;
    return h % BUCKETS;
}

static void count_word(const char *letters) {
    struct word **bucket = &buckets[hash(letters)];
    for (struct word *w = *bucket; w != NULL; w = w->next)
        if (strcmp(w->letters, letters) == 0) {
            w->count++;
            return;
        }
    struct word *w = &pool[n_words++];
    strcpy(w->letters, letters);
    w->count = 1;
    w->next = *bucket;
    *bucket = w;
}

static void count_text(void) {
    char letters[MAX_LETTERS];
    int n = 0;
    memset(buckets, 0, sizeof buckets);
    n_words = 0;
    for (const char *p = text;; p++) {
        if (isalpha((unsigned char)*p) && n < MAX_LETTERS - 1) {
            letters[n++] = (char)tolower((unsigned char)*p);
            continue;
        }
        letters[n] = 0;
        if (n > 0)
            count_word(letters);
        n = 0;
        if (*p == 0)
            break;
    }
}

static int is_before(const struct word *x, const struct word *y) {
    return x->count != y->count ? x->count > y->count : strcmp(x->letters, y->letters) < 0;
}

static void print_most_frequent(int n) {
    static struct word *order[MAX_WORDS];
    for (int i = 0; i < n_words; i++) {
        int j = i;
        for (; j > 0 && is_before(&pool[i], order[j - 1]); j--)
            order[j] = order[j - 1];
        order[j] = &pool[i];
    }
    for (int i = 0; i < n; i++)
        printf("%-10s %3d\n", order[i]->letters, order[i]->count);
}

static int is_palindrome(const char *s) {
    const size_t n = strlen(s);
    for (size_t i = 0; i < n / 2; i++)
        if (s[i] != s[n - 1 - i])
            return 0;
    return n > 3;
}

int main(void) {
    for (int round = 0; round < 5; round++)
        count_text();
    roi_begin();
    for (int round = 0; round < 12; round++)
        count_text();
    roi_end();
    printf("%u characters, %d different words\n", (unsigned)strlen(text), n_words);
    print_most_frequent(8);
    for (int i = 0; i < n_words; i++)
        if (is_palindrome(pool[i].letters))
            printf("palindrome: %s\n", pool[i].letters);
    return 7;
}
