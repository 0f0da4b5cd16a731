/* SPDX-License-Identifier: MIT
 * What is at which address of QEMU's `virt` below RAM: which pages answer loads of which size
 * (every STEP bytes, every page around the devices), how far a device reaches in its page, and what
 * the devices without a test of their own answer: reset ROM, virtio slots, flash, firmware
 * configuration, CLINT, finisher. As in QEMU (as-qemu.sh), but: no PCI bus is here; flash is
 * erased, where QEMU's without an image is 0; the firmware configuration tells the size of RAM and
 * the command line, and has no files; a misaligned access outside RAM traps. */
#include "notes.h"

#ifndef STEP
#define STEP 0x40000
#endif
#define RAM 0x80000000u
enum { ROM = 0x1000, FINISHER = 0x100000, CLINT = 0x02000000, VIRTIO = 0x10001000 };
enum { FW_CFG = 0x10100000, FW_CFG_KEY = FW_CFG + 8, FLASH = 0x20000000 };

/* Which sizes of load go through, as bits, and of stores of 0. */
static uint32_t sizes(uint32_t at) {
    uint32_t before = traps, got = 0;
    (void)load8(at);
    got |= (traps == before) << 0;
    before = traps;
    (void)load16(at);
    got |= (traps == before) << 1;
    before = traps;
    (void)load32(at);
    return got | (traps == before) << 2;
}

static uint32_t store_sizes(uint32_t at) {
    return (uint32_t)store8(at, 0) | (uint32_t)store16(at, 0) << 1 | (uint32_t)store32(at, 0) << 2;
}

/* The PCI bus: configuration, ports, memory. */
static int is_pci(uint32_t at) {
    return at >= 0x30000000 || (at >= 0x03000000 && at < 0x03010000);
}

static void scan(uint32_t from, uint32_t to, uint32_t step) {
    uint32_t last = ~0u;
    for (uint32_t at = from; at < to; at += step) {
        if (is_pci(at))
            continue;
        uint32_t now = sizes(at);
        if (now != last)
            printf("%08x: sizes %x\n", (unsigned)at, (unsigned)now);
        last = now;
    }
}

static void pages(void) {
    static const uint32_t near[][2] = {{0, 0x110000},
                                       {0x01fff000, 0x02020000},
                                       {0x0bfff000, 0x0c010000},
                                       {0x0c5f0000, 0x0c610000},
                                       {0x0ffff000, 0x10110000},
                                       {0x1ffff000, 0x20004000},
                                       {0x21ffe000, 0x22002000},
                                       {0x23ffe000, 0x24002000}};
    for (unsigned i = 0; i < sizeof near / sizeof near[0]; i++)
        scan(near[i][0], near[i][1], 0x1000);
    scan(0, RAM, STEP);
}

static void in_a_page(void) {
    static const uint32_t starts[] = {0,          ROM,        FINISHER,   0x101000, CLINT,
                                      0x0200b000, 0x0c000000, 0x10000000, VIRTIO,   0x10008000,
                                      FW_CFG,     FLASH,      0x23fff000};
    for (unsigned i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (starts[i] != FW_CFG)
            scan(starts[i], starts[i] + 0x1000, 4);
    for (uint32_t at = FW_CFG; at < FW_CFG + 0x10; at += 2)
        printf("%08x: loads %x stores %x\n", (unsigned)at, (unsigned)sizes(at),
               (unsigned)(at % 4 == 0 ? store_sizes(at) : (uint32_t)store16(at, 0)));
}

static void stores(void) {
    static const uint32_t places[] = {
        0,          ROM,        ROM + 0xeffc, ROM + 0xf000, FINISHER + 4,   FINISHER + 0xffc,
        CLINT + 4,  0x02003ffc, 0x0200c000,   VIRTIO,       VIRTIO + 0x1fc, VIRTIO + 0x200,
        0x10000008, 0x04000000, 0x24000000};
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++)
        note("stores", store_sizes(places[i]));
}

static void rom(void) {
    for (uint32_t n = 0; n < 24; n++)
        if (n != 8) /* the device tree is where this machine has it */
            note("ROM", load32(ROM + 4 * n));
    note("its end", load32(ROM + 0xeffc));
    note("bytes", load8(ROM + 1) << 8 | load8(ROM + 3));
    note("half words", load16(ROM + 6));
    store32(ROM, 0x55);
    note("it stays", load32(ROM));
    uint32_t tree = load32(ROM + 0x20);
    note("the device tree", tree == 0 ? 0 : load32(tree));
}

static void virtio(void) {
    for (uint32_t slot = 0; slot < 8; slot++) {
        uint32_t sum = 0, base = VIRTIO + 0x1000 * slot;
        for (uint32_t at = 0; at < 0x10; at += 4)
            note("slot", load32(base + at));
        for (uint32_t at = 0x10; at < 0x200; at += 4) {
            sum = sum * 31 + load32(base + at);
            store32(base + at, 0xffffffff);
            sum = sum * 31 + load32(base + at);
        }
        note("the rest", sum);
        sum = 0;
        for (uint32_t at = 0; at < 0x10; at += 2)
            sum = sum * 31 + load16(base + at) * 7 + load8(base + at + 1);
        note("bytes and half words", sum);
    }
}

static void key(uint32_t number) {
    store16(FW_CFG_KEY, number >> 8 | (number & 0xff) << 8);
}

static void fw_cfg(void) {
    note("chosen at reset", load8(FW_CFG));
    key(0);
    note("signature", load32(FW_CFG));
    note("no more", load32(FW_CFG));
    key(0);
    note("half words", load16(FW_CFG) | load16(FW_CFG) << 16);
    key(0x4000);
    for (unsigned i = 0; i < 5; i++)
        note("bytes", load8(FW_CFG));
    key(0);
    store8(FW_CFG, 0x55);
    note("data cannot be stored to", load8(FW_CFG));
    key(1);
    note("id", load32(FW_CFG));
    key(3);
    uint32_t ram = load32(FW_CFG);
    note_as("RAM", ram != 0 && (ram & (ram - 1)) == 0, 1);
    note("high word", load32(FW_CFG));
    key(5);
    note("processors", load32(FW_CFG));
    key(0x14);
    note("no command line", load32(FW_CFG));
    key(0x15);
    note("none of its letters", load32(FW_CFG));
    key(0x19);
    note_as("files", load32(FW_CFG), 0);
    for (uint32_t n = 0x23; n < 0x4000; n += n / 2) {
        key(n);
        note("no such key", load32(FW_CFG));
    }
    key(0x8000);
    note("nor for this architecture", load32(FW_CFG));
}

static void clint(void) {
    uint32_t sum = 0;
    note("reset msip", load32(CLINT));
    note("reset mtimecmp", load32(CLINT + 0x4000));
    note("high word", load32(CLINT + 0x4004));
    note("its interrupt is pending", READ_CSR(mip));
    for (uint32_t at = 4; at < 0xc000; at += 4) {
        if (at == 0x4000 || at == 0x4004 || at == 0xbff8 || at == 0xbffc)
            continue;
        sum += load32(CLINT + at);
        store32(CLINT + at, 0xffffffff);
        sum += load32(CLINT + at);
    }
    note("no other registers", sum);
    store32(CLINT, 0xffffffff);
    note("msip keeps", load32(CLINT));
    note("mip", READ_CSR(mip));
    store32(CLINT, 0xfffffffe);
    note("msip keeps", load32(CLINT));
    note("mip", READ_CSR(mip));
    store32(CLINT + 0x4000, 0x12345678);
    note("high word of mtimecmp", load32(CLINT + 0x4004));
    store32(CLINT + 0x4004, 0x9abcdef0);
    note("low word", load32(CLINT + 0x4000));
    note("mip", READ_CSR(mip));
    store32(CLINT + 0xbffc, 0x9abcdef1);
    note("time is past it", READ_CSR(mip));
    note("mtime", load32(CLINT + 0xbffc));
    note("time", READ_CSR(timeh));
    store32(CLINT + 0xbff8, 0xff000000);
    note("low word", load32(CLINT + 0xbff8) >> 24);
    store32(CLINT + 0x4004, 0xffffffff);
    note("mip", READ_CSR(mip));
    note("bytes", load8(CLINT) + load8(CLINT + 0xbff8));
    note("half words", load16(CLINT) + load16(CLINT + 0x4002));
    note("stores", (uint32_t)store8(CLINT, 0) + (uint32_t)store16(CLINT, 0));
}

static void others(void) {
    note("finisher", load32(FINISHER));
    store32(FINISHER, 0x1234);
    store32(FINISHER + 4, 0x5555);
    note("does not know this", load16(FINISHER));
    note_as("flash", load32(FLASH), 0xffffffff);
    note_as("bytes", load8(FLASH + 0x3ffffff), 0xff);
    store32(FLASH + 0x2000000, 0);
    note_as("half words", load16(FLASH + 0x2000002), 0xffff);
    note_as("a misaligned load of a device", load32(CLINT + 2), TRAPPED);
    note_as("and of ROM", load32(ROM + 1), TRAPPED);
    note_as("PCI", load32(0x30000000), TRAPPED);
    note_as("its ports", load32(0x03000000), TRAPPED);
    note_as("its memory", load32(0x40000000), TRAPPED);
}

int main(void) {
    catch_traps();
    rom();
    clint();
    virtio();
    fw_cfg();
    others();
    stores();
    print_notes();
    pages();
    in_a_page();
    return 0;
}
