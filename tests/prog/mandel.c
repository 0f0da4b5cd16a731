/* SPDX-License-Identifier: MIT
 * Mandelbrot set in fixed point, drawn as text. */
#include <stdio.h>
#include "selkirk_guest.h"

enum { WIDTH = 52, HEIGHT = 20, MAX_STEPS = 12, ONE = 4096 };
static char picture[HEIGHT][WIDTH + 1];

static int multiply(int a, int b) {
    return (int)(((int32_t)a * (int32_t)b) >> 12);
}

static int steps_to_escape(int cx, int cy) {
    int x = 0, y = 0, n = 0;
    for (; n < MAX_STEPS; n++) {
        const int xx = multiply(x, x), yy = multiply(y, y);
        if (xx + yy > 4 * ONE)
            break;
        y = 2 * multiply(x, y) + cy;
        x = xx - yy + cx;
    }
    return n;
}

/* Draws some rows and returns how many steps that took. */
static int draw(int first, int end) {
    static const char shades[] = " .,:;-=+*%$#@";
    int steps = 0;
    for (int row = first; row < end; row++) {
        for (int column = 0; column < WIDTH; column++) {
            const int n = steps_to_escape(column * 220 - 8800, row * 470 - 4650);
            picture[row][column] = shades[n];
            steps += n;
        }
        picture[row][WIDTH] = 0;
    }
    return steps;
}

int main(void) {
    draw(0, 4);
    roi_begin();
    const int steps = draw(0, HEIGHT);
    roi_end();
    for (int row = 0; row < HEIGHT; row++)
        puts(picture[row]);
    printf("%d points, %d steps\n", WIDTH * HEIGHT, steps);
    return 0;
}
