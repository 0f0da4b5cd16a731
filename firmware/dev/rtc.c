/* SPDX-License-Identifier: MIT
 * Virtual goldfish RTC as QEMU has it: nanoseconds since 1970 and an alarm, PLIC source 11. It
 * starts at the date in the load list (`--rtc`; LOAD_DATE_BY_DEFAULT without one) and goes on with
 * the platform's time, never with a clock of the workstation. Setting the time does not move an
 * alarm that is already waited for.
 */
#include "firmware/dev/devices.h"

enum {
    RTC_TIME_LOW = 0x00,
    RTC_TIME_HIGH = 0x04, /* of the last TIME_LOW that was read */
    RTC_ALARM_LOW = 0x08, /* storing it sets the alarm */
    RTC_ALARM_HIGH = 0x0c,
    RTC_IRQ_ENABLED = 0x10,
    RTC_CLEAR_ALARM = 0x14,
    RTC_ALARM_STATUS = 0x18,
    RTC_CLEAR_INTERRUPT = 0x1c,
};
enum { DATE_BYTES = 8 };

static uint64_t platform_ns(void) {
    return clint_platform_ticks() * TICK_NS;
}

uint64_t rtc_start_seconds(const struct load_list *load) {
    struct load_entry date;
    uint64_t seconds = LOAD_DATE_BY_DEFAULT;
    if (load_find(load, LOAD_DATE, &date) && date.length == DATE_BYTES) {
        seconds = 0;
        for (uint32_t n = DATE_BYTES; n-- > 0;)
            seconds = seconds << 8 | date.bytes[n];
    }
    return seconds;
}

/* A reset leaves the time as the guest set it. */
void rtc_init(struct devices *dev) {
    struct rtc *r = &dev->rtc;
    uint64_t offset = r->has_time ? r->offset : rtc_start_seconds(dev->env.load) * NS_PER_SECOND;
    *r = (struct rtc){.offset = offset, .has_time = true};
}

static void go_off(struct rtc *r) {
    r->is_armed = false;
    r->is_due = true;
}

uint32_t rtc_poll(struct rtc *r) {
    if (!r->is_armed)
        return UINT32_MAX;
    uint64_t left = r->alarm_at - platform_ns();
    if ((int64_t)left > 0)
        return left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
    go_off(r);
    return UINT32_MAX;
}

bool rtc_interrupts(const struct rtc *r) {
    return r->is_due && r->is_enabled;
}

static void set_alarm(struct rtc *r) {
    uint64_t now = platform_ns(), time = now + r->offset;
    if (r->alarm <= time) {
        go_off(r);
        return;
    }
    r->is_armed = true;
    r->alarm_at = now + (r->alarm - time);
}

uint32_t rtc_load(struct devices *dev, uint32_t offset, uint32_t bytes) {
    struct rtc *r = &dev->rtc;
    uint64_t time;
    (void)bytes;
    (void)rtc_poll(r);
    switch (offset) {
    case RTC_TIME_LOW:
        time = platform_ns() + r->offset;
        r->time_high = (uint32_t)(time >> 32);
        return (uint32_t)time;
    case RTC_TIME_HIGH:
        return r->time_high;
    case RTC_ALARM_LOW:
        return (uint32_t)r->alarm;
    case RTC_ALARM_HIGH:
        return (uint32_t)(r->alarm >> 32);
    case RTC_IRQ_ENABLED:
        return r->is_enabled;
    case RTC_ALARM_STATUS:
        return r->is_armed;
    default:
        return 0;
    }
}

enum interp_dev_result rtc_store(struct devices *dev, uint32_t offset, uint32_t bytes,
                                 uint32_t value) {
    struct rtc *r = &dev->rtc;
    uint64_t time = platform_ns() + r->offset;
    (void)bytes;
    (void)rtc_poll(r);
    switch (offset) {
    case RTC_TIME_LOW:
        r->offset += word_low(time, value) - time;
        break;
    case RTC_TIME_HIGH:
        r->offset += word_high(time, value) - time;
        break;
    case RTC_ALARM_LOW:
        r->alarm = word_low(r->alarm, value);
        set_alarm(r);
        break;
    case RTC_ALARM_HIGH:
        r->alarm = word_high(r->alarm, value);
        break;
    case RTC_IRQ_ENABLED:
        r->is_enabled = (value & 1u) != 0;
        break;
    case RTC_CLEAR_ALARM:
        r->is_armed = false;
        break;
    case RTC_CLEAR_INTERRUPT:
        r->is_due = false;
        break;
    default:
        break;
    }
    return INTERP_DEV_EVENT;
}
