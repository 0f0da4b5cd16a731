/* SPDX-License-Identifier: MIT
 * An interpreter inside the interpreter: a small stack machine with a switch dispatch, running
 * three small programs. Indirect jumps all the time. */
#include <stdio.h>
#include "selkirk_guest.h"

enum {
    PUSH,
    LOAD,
    STORE,
    ADD,
    SUB,
    LESS,
    EQUAL,
    JUMP,
    JUMP_ZERO,
    DUP,
    SWAP,
    CALL,
    RETURN,
    PRINT,
    HALT
};
#define OP(op, arg) ((op) | (arg) << 8)

/* Sum of 1..n for n = local 0. */
static const int32_t sum_program[] = {OP(PUSH, 0), OP(STORE, 1), OP(LOAD, 0),  OP(JUMP_ZERO, 13),
                                      OP(LOAD, 1), OP(LOAD, 0),  OP(ADD, 0),   OP(STORE, 1),
                                      OP(LOAD, 0), OP(PUSH, 1),  OP(SUB, 0),   OP(STORE, 0),
                                      OP(JUMP, 2), OP(LOAD, 1),  OP(PRINT, 0), OP(HALT, 0)};
/* Greatest common divisor of locals 0 and 1 by subtraction. */
static const int32_t gcd_program[] = {
    OP(LOAD, 0), OP(LOAD, 1),  OP(EQUAL, 0), OP(JUMP_ZERO, 7), OP(LOAD, 0),       OP(PRINT, 0),
    OP(HALT, 0), OP(LOAD, 0),  OP(LOAD, 1),  OP(LESS, 0),      OP(JUMP_ZERO, 16), OP(LOAD, 1),
    OP(LOAD, 0), OP(SUB, 0),   OP(STORE, 1), OP(JUMP, 0),      OP(LOAD, 0),       OP(LOAD, 1),
    OP(SUB, 0),  OP(STORE, 0), OP(JUMP, 0)};
/* Fibonacci number of local 0 by recursion (from 4); argument and result are on the stack. */
static const int32_t fib_program[] = {OP(LOAD, 0),   OP(CALL, 4), OP(PRINT, 0), OP(HALT, 0),
                                      OP(DUP, 0),    OP(PUSH, 2), OP(LESS, 0),  OP(JUMP_ZERO, 9),
                                      OP(RETURN, 0), OP(DUP, 0),  OP(PUSH, 1),  OP(SUB, 0),
                                      OP(CALL, 4),   OP(SWAP, 0), OP(PUSH, 2),  OP(SUB, 0),
                                      OP(CALL, 4),   OP(ADD, 0),  OP(RETURN, 0)};

static void swap(int32_t *a, int32_t *b) {
    const int32_t old = *a;
    *a = *b;
    *b = old;
}

static int32_t run(const int32_t *program, int32_t local0, int32_t local1, uint32_t *steps) {
    int32_t stack[64], local[16] = {local0, local1}, calls[64], result = 0;
    int sp = 0, cp = 0, pc = 0;
    for (;; (*steps)++) {
        const int32_t word = program[pc++], arg = word >> 8;
        switch (word & 0xff) {
        case PUSH:
            stack[sp++] = arg;
            break;
        case LOAD:
            stack[sp++] = local[arg];
            break;
        case STORE:
            local[arg] = stack[--sp];
            break;
        case ADD:
            sp--;
            stack[sp - 1] += stack[sp];
            break;
        case SUB:
            sp--;
            stack[sp - 1] -= stack[sp];
            break;
        case LESS:
            sp--;
            stack[sp - 1] = stack[sp - 1] < stack[sp];
            break;
        case EQUAL:
            sp--;
            stack[sp - 1] = stack[sp - 1] == stack[sp];
            break;
        case JUMP:
            pc = arg;
            break;
        case JUMP_ZERO:
            if (stack[--sp] == 0)
                pc = arg;
            break;
        case DUP:
            stack[sp] = stack[sp - 1];
            sp++;
            break;
        case SWAP:
            swap(&stack[sp - 1], &stack[sp - 2]);
            break;
        case CALL:
            calls[cp++] = pc;
            pc = arg;
            break;
        case RETURN:
            pc = calls[--cp];
            break;
        case PRINT:
            result = stack[--sp];
            break;
        case HALT:
            return result;
        }
    }
}

static uint32_t steps;
static int32_t sum, gcd, fibonacci;

static void work(int passes) {
    for (int pass = 0; pass < passes; pass++) {
        sum = run(sum_program, 60, 0, &steps);
        gcd = run(gcd_program, 3 * 17 * 19, 3 * 17 * 101, &steps);
        fibonacci = run(fib_program, 8, 0, &steps);
    }
}

int main(void) {
    work(4);
    roi_begin();
    work(8);
    roi_end();
    printf("sum %ld\ngcd %ld\nfibonacci %ld\n%lu virtual instructions\n", (long)sum, (long)gcd,
           (long)fibonacci, (unsigned long)steps);
    return 0;
}
