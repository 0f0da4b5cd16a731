/* SPDX-License-Identifier: MIT
 * Mandelbrot set in fixed point, drawn as text. No multiplications: squares come from a table that
 * is built by additions, and 2xy = (x + y)^2 - x^2 - y^2. So rv32i and rv32im do the same work. */
#include <stdio.h>
#include "selkirk_guest.h"

enum {
    WIDTH = 60,
    HEIGHT = 21,
    MAX_STEPS = 26,
    FRACTION_BITS = 9,
    ONE = 1 << FRACTION_BITS,
    SQUARES = 8 * ONE
};
static char picture[HEIGHT][WIDTH + 1];
static int32_t square_of[SQUARES];

static void make_squares(void) {
    int32_t square = 0;
    for (int32_t n = 0; n < SQUARES; n++) {
        square_of[n] = square >> FRACTION_BITS;
        square += 2 * n + 1;
    }
}

static int32_t square(int32_t x) {
    return square_of[x < 0 ? -x : x];
}

/* Before an escape |x| and |y| are 2 at most, so every argument of square() is below 8. */
static int steps_to_escape(int32_t cx, int32_t cy) {
    int32_t x = 0, y = 0;
    int n = 0;
    for (; n < MAX_STEPS; n++) {
        const int32_t xx = square(x), yy = square(y);
        if (xx + yy > 4 * ONE)
            break;
        y = square(x + y) - xx - yy + cy;
        x = xx - yy + cx;
    }
    return n;
}

/* Draws some rows and returns how many steps that took. */
static int draw(int first, int end) {
    static const char shades[] = " .,:;-=+*%$#o@";
    int steps = 0;
    for (int row = first; row < end; row++) {
        for (int column = 0; column < WIDTH; column++) {
            const int n = steps_to_escape(column * 26 - 1150, row * 54 - 540);
            picture[row][column] = shades[n >> 1];
            steps += n;
        }
        picture[row][WIDTH] = 0;
    }
    return steps;
}

int main(void) {
    make_squares();
    draw(9, 12);
    roi_begin();
    const int steps = draw(0, HEIGHT);
    roi_end();
    for (int row = 0; row < HEIGHT; row++)
        puts(picture[row]);
    printf("%d points, %d steps\n", WIDTH * HEIGHT, steps);
    return 0;
}
