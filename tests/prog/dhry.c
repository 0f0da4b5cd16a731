/* SPDX-License-Identifier: MIT
 * A mix as in application code of the 1980s: records, string compares and copies, small procedures
 * with many parameters, enumerations, a little arithmetic. Own work, not the Dhrystone program. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

enum kind { PLAIN, URGENT, VOID };
struct order {
    struct order *parent;
    enum kind kind;
    int amount, price;
    char customer[32];
};
static struct order orders[2];
static int table[50], stock[20][20];
static char last_customer[32];
static int total_checks;

static enum kind next_kind(enum kind kind) {
    switch (kind) {
    case PLAIN:
        return URGENT;
    case URGENT:
        return total_checks > 100 ? VOID : PLAIN;
    case VOID:
        return PLAIN;
    }
    return VOID;
}

static void bump(int a, int b, int *result) {
    *result = a + 2 + b;
}

static void fill(int array[50], int grid[20][20], int index, int value) {
    const int at = index + 5;
    array[at] = value;
    array[at + 1] = array[at];
    array[at + 20] = at;
    for (int i = at; i <= at + 1; i++)
        grid[at][i] = at;
    grid[at][at - 1]++;
    grid[at + 5][at] = array[at];
}

static int is_same_customer(const char *a, const char *b) {
    int at = 1;
    char found = 'A';
    while (at <= 1)
        if (a[at] != b[at + 1]) {
            found = 'B';
            at++;
        } else {
            break;
        }
    return found == 'B' && strcmp(a, b) > 0 ? 0 : 1;
}

static void copy_order(struct order *from) {
    struct order *const to = from->parent;
    *to = *from;
    to->amount = 5;
    to->parent = from->parent;
    bump(to->amount, 10, &to->price);
    if (to->kind == PLAIN) {
        to->price += 6;
        to->kind = next_kind(from->kind);
    } else {
        strcpy(to->customer, last_customer);
    }
}

static int run(int rounds) {
    int one = 0, two = 0, three = 0;
    for (int round = 1; round <= rounds; round++) {
        char name[32];
        total_checks++;
        one = 2;
        two = 3;
        strcpy(name, "ORDERS OF THE SECOND CUSTOMER");
        const int is_same = is_same_customer(last_customer, name);
        while (one < two) {
            three = 5 * one - two;
            bump(one, two, &three);
            one++;
        }
        fill(table, stock, one, three);
        copy_order(&orders[0]);
        for (char c = 'A'; c <= 'A' + (round & 3); c++)
            if (is_same && c == 'C')
                orders[0].kind = next_kind(orders[0].kind);
        two = two * one;
        one = two / three;
        two = 7 * (two - three) - one;
    }
    return one * 1000 + two * 10 + three;
}

int main(void) {
    orders[0] = (struct order){&orders[1], PLAIN, 40, 0, "ORDERS OF SOME CUSTOMER"};
    strcpy(last_customer, "ORDERS OF THE FIRST CUSTOMER");
    run(100);
    roi_begin();
    const int result = run(800);
    roi_end();
    printf("result %d, table %d %d, stock %d, checks %d\n", result, table[8], table[28],
           stock[8][7], total_checks);
    printf("order: kind %d amount %d price %d customer %s\n", orders[1].kind, orders[1].amount,
           orders[1].price, orders[1].customer);
    return 0;
}
