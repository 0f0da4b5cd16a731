/* SPDX-License-Identifier: MIT
 * Dates on the command line (date.h), without the workstation's time zone and library. */
#include "sim/cmd/date.h"

enum { SECONDS_OF_DAY = 86400 };

static bool is_leap(unsigned year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_of(unsigned year, unsigned month) {
    static const unsigned days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* So many digits, then the character `end`. */
static bool take(const char **text, unsigned digits, char end, unsigned *value) {
    *value = 0;
    for (; digits > 0; digits--, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *value = *value * 10 + (unsigned)(**text - '0');
    }
    return *(*text)++ == end;
}

static uint64_t seconds_at(unsigned year, unsigned month, unsigned day) {
    uint64_t days = day - 1;
    for (unsigned y = DATE_FIRST_YEAR; y < year; y++)
        days += is_leap(y) ? 366 : 365;
    for (unsigned m = 1; m < month; m++)
        days += days_of(year, m);
    return days * SECONDS_OF_DAY;
}

static bool parse_calendar(const char *text, uint64_t *seconds) {
    unsigned year, month, day, hour = 0, minute = 0, second = 0;
    if (!take(&text, 4, '-', &year) || !take(&text, 2, '-', &month))
        return false;
    const char *at = text;
    if (!take(&text, 2, '\0', &day)) {
        text = at;
        if (!take(&text, 2, 'T', &day) || !take(&text, 2, ':', &hour) ||
            !take(&text, 2, ':', &minute) || !take(&text, 2, '\0', &second))
            return false;
    }
    if (year < DATE_FIRST_YEAR || year > DATE_LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > days_of(year, month) || hour > 23 || minute > 59 || second > 59)
        return false;
    *seconds = seconds_at(year, month, day) + hour * 3600u + minute * 60u + second;
    return true;
}

static bool parse_seconds(const char *text, uint64_t *seconds) {
    const uint64_t end = seconds_at(DATE_LAST_YEAR + 1, 1, 1);
    uint64_t value = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value >= end)
            return false;
    }
    *seconds = value;
    return true;
}

bool date_parse(const char *text, uint64_t *seconds) {
    return parse_calendar(text, seconds) || parse_seconds(text, seconds);
}
