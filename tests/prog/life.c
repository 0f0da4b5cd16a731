/* SPDX-License-Identifier: MIT
 * Conway's Game of Life on a torus: a glider and the R-pentomino. */
#include <stdio.h>
#include <string.h>
#include "selkirk_guest.h"

enum { ROWS = 20, COLUMNS = 32 };
static uint8_t cells[2][ROWS][COLUMNS];

static int neighbours(uint8_t world[ROWS][COLUMNS], int row, int column) {
    const int up = row == 0 ? ROWS - 1 : row - 1, down = row == ROWS - 1 ? 0 : row + 1;
    const int left = (column + COLUMNS - 1) % COLUMNS, right = (column + 1) % COLUMNS;
    return world[up][left] + world[up][column] + world[up][right] + world[row][left] +
           world[row][right] + world[down][left] + world[down][column] + world[down][right];
}

static int generation(int from) {
    int alive = 0;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++) {
            const int n = neighbours(cells[from], row, column);
            const int lives = n == 3 || (n == 2 && cells[from][row][column]);
            cells[1 - from][row][column] = (uint8_t)lives;
            alive += lives;
        }
    return alive;
}

static void place(const char *const *pattern, int rows, int row, int column) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; pattern[r][c]; c++)
            cells[0][row + r][column + c] = pattern[r][c] == '#';
}

int main(void) {
    static const char *const glider[] = {".#.", "..#", "###"};
    static const char *const pentomino[] = {".##", "##.", ".#."};
    place(glider, 3, 1, 1);
    place(pentomino, 3, 9, 20);
    int alive = 0, now = 0;
    for (; now < 8; now++)
        generation(now & 1);
    roi_begin();
    for (; now < 22; now++)
        alive = generation(now & 1);
    roi_end();
    for (int row = 0; row < ROWS; row++) {
        char line[COLUMNS + 1] = {0};
        for (int column = 0; column < COLUMNS; column++)
            line[column] = cells[now & 1][row][column] ? '#' : '.';
        puts(line);
    }
    printf("generation %d: %d alive\n", now, alive);
    return alive;
}
