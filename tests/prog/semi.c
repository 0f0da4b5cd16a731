/* SPDX-License-Identifier: MIT
 * Console and exit by semihosting: a calendar and the weekdays of some dates, the date of Easter.
 */
#include <stdio.h>
#include "selkirk_guest.h"

static int weekday(int year, int month, int day) { /* 0 = Sunday */
    static const uint8_t shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    year -= month < 3;
    return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

static int days_in(int year, int month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static void print_month(int year, int month) {
    printf("     %d-%02d\nSu Mo Tu We Th Fr Sa\n", year, month);
    int column = weekday(year, month, 1);
    for (int n = 0; n < column; n++)
        printf("   ");
    for (int day = 1; day <= days_in(year, month); day++) {
        column = (column + 1) % 7;
        printf("%2d%c", day, column == 0 ? '\n' : ' ');
    }
    printf(column == 0 ? "\n" : "\n\n");
}

static int days_on[7];

static int easter(int year) { /* days after 21 March, the anonymous Gregorian algorithm */
    const int a = year % 19, b = year / 100, c = year % 100;
    const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    return h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 1;
}

/* Goes through the years day by day, counting; returns how many Sundays fall on the first. */
static int walk(int first_year, int end_year) {
    int column = weekday(first_year, 1, 1), firsts = 0;
    for (int year = first_year; year < end_year; year++)
        for (int month = 1; month <= 12; month++) {
            const int n = days_in(year, month);
            firsts += column == 0;
            for (int day = 1; day <= n; day++) {
                days_on[column]++;
                column = column == 6 ? 0 : column + 1;
            }
        }
    return firsts;
}

int main(void) {
    int thirteenths[7] = {0}, sum = 0, firsts = 0;
    for (int decade = 1900; decade < 2000; decade += 10) {
        if (decade == 1950)
            roi_begin();
        for (int year = decade; year < decade + 10; year++) {
            sum += easter(year);
            thirteenths[weekday(year, 5, 13)]++;
        }
        firsts += walk(decade, decade + 10);
    }
    roi_end();
    print_month(2026, 11);
    print_month(2024, 2);
    printf("Fridays 13 May from 1900 to 1999: %d\nsum of Easter days %d\n", thirteenths[5], sum);
    printf("first of the month a Sunday: %d, Mondays: %d\n", firsts, days_on[1]);
    return 5;
}
