/* SPDX-License-Identifier: MIT
 * The log channel, which is the developer's and never the guest's console, and what is said there
 * when the firmware has to stop for a bug of its own.
 */
#ifndef SELKIRK_FIRMWARE_LOG_H
#define SELKIRK_FIRMWARE_LOG_H

#include <stdint.h>

/* Exit statuses of our own: CMS_STATUS_IS_OURS is above the eight bits that a guest's status has,
 * so that the workstation can tell them from a guest that returns 2 or 70. */
enum {
    CMS_STATUS_IS_OURS = 1 << 30,
    CMS_STATUS_REFUSED = 2 | CMS_STATUS_IS_OURS,
    CMS_STATUS_BUG = 70 | CMS_STATUS_IS_OURS,
};

/* %x (eight digits) %u %s %c only. */
void cms_log(const char *format, ...);
/* Our bug: message, dump, exit status 70. Does not return. */
_Noreturn void cms_bug(const char *file, int line, const char *what);
/* From now on the log goes there, too. */
struct line;
void log_to(struct line *line);
/* The machine is about to stop. */
void log_end(uint32_t status);
/* The dump: what the dispatcher did last (firmware/cms/dispatch.c). */
void bug_dump(void);

/* Which way a branch goes nearly always: the firmware's own branches are predicted by their layout.
 */
#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define UNLIKELY(cond) __builtin_expect(!!(cond), 0)
#define cms_assert(cond) (LIKELY(cond) ? (void)0 : cms_bug(__FILE__, __LINE__, #cond))

#endif
