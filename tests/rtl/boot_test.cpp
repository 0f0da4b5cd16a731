// SPDX-License-Identifier: MIT
// boot_test [runs]: how a board starts. Flashes with two firmwares and a guest, each there or not,
// whole or damaged, and what comes over the line when none is whole: what the memories hold in the
// end, whether there is a guest, what is said. Then a firmware of which each bit of the head and
// each byte is wrong in turn, and heads of records that are damage.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "Vboot_bench.h"
#include "Vboot_bench___024root.h"
#include "machine.h"
#include "tests/rtl/bench.h"
#include "verilated.h"

enum { LINES = 1024, FLASH_LINE = 768, WORDS = 16, HEAD_BYTES = 16, LIMIT = 4000000 };
enum { LINE = 1, STORE = 2, FACT = 3, SOME = 4, FACT_GUEST = 3 };
enum place { A, B, GUEST, PLACES };

static const uint32_t flash_at[PLACES] = {BOOT_FIRMWARE_A, BOOT_FIRMWARE_B, BOOT_GUEST};
static const char waiting[] = "boot: waiting for a firmware\r\n";
static const char came_damaged[] = "boot: what came is damaged\r\n";

struct contents {
    std::vector<uint32_t> chip = std::vector<uint32_t>(LINES * WORDS);
    std::vector<uint32_t> store;
    uint32_t facts[4] = {};
};

struct image {
    std::vector<uint8_t> bytes; // none: the flash is erased there
    contents holds;
    bool is_whole = false;
};

struct bench {
    std::unique_ptr<Vboot_bench> dut{new Vboot_bench};
    contents got;
    std::string said;
    std::vector<std::vector<uint8_t>> lines; // what is sent when it waits, one after another
    size_t next_line = 0, sent = 0;
    bool has_waited = false;
    int writing = -1; // words of the chip's line that have been asked for
    uint32_t line = 0, first = 0;
};

extern "C" void spi_flash_error(unsigned, const char *rule, unsigned cycle) {
    fail(std::string("broken: ") + rule + " of the flash, cycle " + std::to_string(cycle));
}

// --- images

static void put(std::vector<uint8_t> *bytes, uint32_t word) {
    for (unsigned i = 0; i < 4; i++) {
        bytes->push_back(static_cast<uint8_t>(word >> (8 * i)));
    }
}

static void set(std::vector<uint8_t> *bytes, size_t at, uint32_t word) {
    for (unsigned i = 0; i < 4; i++) {
        (*bytes)[at + i] = static_cast<uint8_t>(word >> (8 * i));
    }
}

static uint32_t get(const std::vector<uint8_t> &bytes, size_t at) {
    uint32_t word = 0;
    for (unsigned i = 0; i < 4; i++) {
        word |= static_cast<uint32_t>(bytes[at + i]) << (8 * i);
    }
    return word;
}

// CRC-32 of Ethernet, of all from `at` on.
static uint32_t crc(const std::vector<uint8_t> &bytes, size_t at) {
    uint32_t value = UINT32_MAX;
    for (; at < bytes.size(); at++) {
        value ^= bytes[at];
        for (unsigned bit = 0; bit < 8; bit++) {
            value = value >> 1 ^ ((value & 1) != 0 ? 0xedb88320 : 0);
        }
    }
    return ~value;
}

static void put_record(image *im, uint32_t kind, uint32_t value, uint32_t n) {
    put(&im->bytes, kind << 28 | value);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t word = random32();
        put(&im->bytes, word);
        if (kind == LINE) {
            im->holds.chip[value * WORDS + i] = word;
        } else if (kind == STORE) {
            im->holds.store.push_back(word);
        } else {
            im->holds.facts[value] = word;
        }
    }
}

// A line of which some words come.
static void put_some(image *im, uint32_t line) {
    const uint32_t mask = random32() & random32() >> random32() % 16;
    put(&im->bytes, SOME << 28 | line);
    put(&im->bytes, mask);
    for (uint32_t i = 0; i < WORDS; i++) {
        const uint32_t word = (mask >> i & 1) != 0 ? random32() : 0;
        im->holds.chip[line * WORDS + i] = word;
        if ((mask >> i & 1) != 0) {
            put(&im->bytes, word);
        }
    }
}

static void seal(image *im, uint32_t number) {
    set(&im->bytes, 0, BOOT_MAGIC);
    set(&im->bytes, 8, static_cast<uint32_t>(im->bytes.size() - HEAD_BYTES) / 4);
    set(&im->bytes, 12, number);
    set(&im->bytes, 4, crc(im->bytes, 8));
    im->is_whole = true;
}

static image some_image(bool is_guest, uint32_t number) {
    image im;
    im.bytes.resize(HEAD_BYTES);
    put_record(&im, FACT, is_guest ? +FACT_GUEST : random32() % 3, 1);
    for (uint32_t n = random32() % 8; n != 0; n--) {
        const uint32_t words = 1 + random32() % 40;
        if (is_guest || random32() % 2 != 0) {
            const uint32_t line =
                is_guest ? FLASH_LINE + random32() % (LINES - FLASH_LINE) : random32() % LINES;
            if (random32() % 2 != 0) {
                put_some(&im, line);
            } else {
                put_record(&im, LINE, line, WORDS);
            }
        } else {
            put_record(&im, STORE, words, words);
        }
    }
    seal(&im, number);
    return im;
}

// A bit is wrong, but none of the upper ones of the count, which take long to be found.
static void damage(image *im) {
    size_t at = random32() % im->bytes.size();
    at = at == 9 || at == 10 || at == 11 ? 8 : at;
    im->bytes[at] = static_cast<uint8_t>(im->bytes[at] ^ 1u << random32() % 8);
    im->is_whole = false;
}

static image maybe_image(bool is_guest) {
    image im = some_image(is_guest, random32() % 2 == 0 ? random32() : random32() % 3 - 1);
    switch (random32() % 4) {
    case 0:
        return image();
    case 1:
        damage(&im);
        break;
    case 2:
        if (random32() % 4 == 0) {
            set(&im.bytes, 0, 0); // undone
            im.is_whole = false;
        }
        break;
    default:
        break;
    }
    return im;
}

// --- the board

// The chip asks for a word in one cycle and has it in the next, in its own order.
static void serve_chip(bench *b) {
    Vboot_bench *dut = b->dut.get();
    dut->mem_ready_i = b->writing < 0 && random32() % 4 == 0;
    dut->mem_done_i = b->writing == WORDS;
    if (b->writing >= 0) {
        dut->mem_wdata_word_i = (b->first + static_cast<uint32_t>(b->writing)) % WORDS;
    }
    dut->eval();
    if (b->writing > 0) {
        const uint32_t word = (b->first + static_cast<uint32_t>(b->writing) - 1) % WORDS;
        b->got.chip[b->line * WORDS + word] = dut->mem_wdata_o;
    }
    if (b->writing >= 0) {
        b->writing = b->writing == WORDS ? -1 : b->writing + 1;
    } else if (dut->mem_valid_o && dut->mem_ready_i) {
        b->writing = 0;
        b->line = dut->mem_line_o;
        b->first = random32() % WORDS;
    }
}

static bool ends_with(const std::string &text, const std::string &end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

static void cycle(bench *b) {
    Vboot_bench *dut = b->dut.get();
    const std::vector<uint8_t> *line = b->next_line == 0 ? nullptr : &b->lines[b->next_line - 1];
    dut->rx_valid_i = line != nullptr && b->sent < line->size() && random32() % 3 != 0;
    dut->rx_data_i = dut->rx_valid_i ? (*line)[b->sent] : static_cast<uint8_t>(random32());
    dut->tx_ready_i = random32() % 2;
    dut->load_ready_i = random32() % 2;
    serve_chip(b);
    if (dut->rx_take_o && !dut->rx_valid_i) {
        fail("a byte is taken that is not there");
    }
    b->sent += dut->rx_take_o;
    if (!dut->load_rst_no) {
        b->got.store.clear();
    } else if (dut->load_valid_o && dut->load_ready_i) {
        b->got.store.push_back(dut->load_data_o);
    }
    if (dut->tx_valid_o && dut->tx_ready_i) {
        b->said += static_cast<char>(dut->tx_data_o);
        b->has_waited |= ends_with(b->said, waiting);
        if (b->has_waited && (ends_with(b->said, waiting) || ends_with(b->said, came_damaged)) &&
            b->next_line < b->lines.size()) {
            b->next_line++;
            b->sent = 0;
        }
    }
    half_cycle(dut, 1);
    half_cycle(dut, 0);
    now++;
}

static void fill(bench *b, const image *images) {
    auto &cells = b->dut->rootp->boot_bench__DOT__u_flash__DOT__cells;
    for (unsigned i = 0; i < PLACES; i++) {
        for (size_t k = 0; k < 4096; k++) {
            cells[flash_at[i] + k] = k < images[i].bytes.size() ? images[i].bytes[k] : 0xff;
        }
    }
}

// From reset on, or (is_again) from when the machine has stopped, until it goes. is_early: the
// first of the lines comes at once.
static void start(bench *b, const std::vector<std::vector<uint8_t>> &lines, bool is_early,
                  bool is_again) {
    b->said.clear();
    b->lines = lines;
    b->next_line = is_early;
    b->sent = 0;
    b->has_waited = false;
    for (uint32_t &word : b->got.chip) {
        word = random32();
    }
    b->writing = is_again ? b->writing : -1;
    b->dut->rst_ni = is_again;
    b->dut->stop_i = is_again;
    cycle(b);
    b->dut->rst_ni = 1;
    b->dut->stop_i = 0;
    cycle(b); // then it does not go any more
    const uint64_t limit = now + LIMIT;
    while (!b->dut->going_o && now < limit) {
        cycle(b);
    }
}

// --- what should be

static bool is_there(const image &im) {
    return !im.bytes.empty() && get(im.bytes, 0) != 0 && get(im.bytes, 0) != UINT32_MAX;
}

struct expected {
    const image *firmware = nullptr;
    bool has_guest = false, guest_damaged = false;
    std::string said;
};

static void expect_flash(expected *to, const image *images) {
    expected &e = *to;
    const bool there[2] = {is_there(images[A]), is_there(images[B])};
    const bool b_first =
        there[B] && (!there[A] ||
                     static_cast<int32_t>(get(images[B].bytes, 12) - get(images[A].bytes, 12)) > 0);
    for (unsigned i = 0; i < 2 && e.firmware == nullptr; i++) {
        const unsigned which = b_first ? 1 - i : i;
        if (there[which] && images[which].is_whole) {
            e.firmware = &images[which];
        } else if (there[which]) {
            e.said += which == A ? "boot: firmware A damaged\r\n" : "boot: firmware B damaged\r\n";
        }
    }
}

static expected expect(const image *images, const std::vector<image> &lines, bool is_early,
                       bool is_again) {
    expected e;
    size_t next = is_early;
    if (is_early && lines[0].is_whole) {
        e.firmware = &lines[0];
    } else {
        e.said += is_early ? came_damaged : "";
        expect_flash(&e, images);
    }
    if (e.firmware == nullptr) {
        e.said += waiting;
        while (!lines[next].is_whole) {
            e.said += came_damaged;
            next++;
        }
        e.firmware = &lines[next];
    }
    e.guest_damaged = !is_again && is_there(images[GUEST]) && !images[GUEST].is_whole;
    e.has_guest = !is_again && images[GUEST].is_whole;
    if (e.guest_damaged) {
        e.said += "boot: guest damaged\r\n";
    }
    return e;
}

static void check(bench *b, const image *images, const expected &e) {
    contents want = e.firmware->holds;
    const Vboot_bench *dut = b->dut.get();
    if (!dut->going_o) {
        fail("the machine does not go");
    }
    if (b->said != e.said) {
        fail("said: " + b->said + "instead of: " + e.said);
    }
    const bool is_damaged = e.said.find("damaged") != e.said.npos;
    if (dut->has_guest_o != e.has_guest || (is_damaged && !dut->damaged_o)) {
        fail("there is a guest or not, or something is damaged or not");
    }
    for (size_t i = FLASH_LINE * WORDS; e.has_guest && i < LINES * WORDS; i++) {
        want.chip[i] =
            images[GUEST].holds.chip[i] != 0 ? images[GUEST].holds.chip[i] : want.chip[i];
    }
    want.chip.resize(e.guest_damaged ? FLASH_LINE * WORDS : LINES * WORDS);
    std::vector<uint32_t> chip = b->got.chip;
    chip.resize(want.chip.size());
    if (chip != want.chip) {
        fail("a line of the chip is wrong");
    }
    if (b->got.store != want.store) {
        fail("the store's words are wrong");
    }
    if (dut->load_lines_o != want.facts[0] || dut->boot_flash_o != want.facts[1] ||
        dut->boot_flags_o != want.facts[2] ||
        (e.has_guest && dut->boot_flash_guest_o != images[GUEST].holds.facts[FACT_GUEST])) {
        fail("a fact is wrong");
    }
}

// What comes over the line: noise, and then a firmware, which may be damaged or end too soon.
static void some_lines(std::vector<image> *images, std::vector<std::vector<uint8_t>> *bytes) {
    for (uint32_t left = random32() % 3; true; left--) {
        image im = some_image(false, random32());
        std::vector<uint8_t> line(random32() % 20, 'S');
        if (left != 0 && random32() % 2 == 0) {
            im.bytes.resize(HEAD_BYTES / 2 + random32() % (im.bytes.size() - HEAD_BYTES / 2));
            im.is_whole = false;
        } else if (left != 0) {
            const size_t at =
                12 + random32() % (im.bytes.size() - 12); // what is no image says nothing
            im.bytes[at] = static_cast<uint8_t>(im.bytes[at] ^ 1u << random32() % 8);
            im.is_whole = false;
        }
        line.insert(line.end(), im.bytes.begin(), im.bytes.end());
        images->push_back(im);
        bytes->push_back(line);
        if (left == 0) {
            return;
        }
    }
}

static void run(bench *b, const image *images) {
    fill(b, images);
    for (unsigned is_again = 0; is_again < 1 + random32() % 2; is_again++) {
        std::vector<image> lines;
        std::vector<std::vector<uint8_t>> bytes;
        some_lines(&lines, &bytes);
        some_lines(&lines, &bytes);
        const bool is_early = random32() % 4 == 0;
        start(b, bytes, is_early, is_again != 0);
        check(b, images, expect(images, lines, is_early, is_again != 0));
    }
}

// Heads of records that are damage, in an image whose checksum is right.
static void check_damage(bench *b, enum place place, uint32_t head, uint32_t words) {
    image images[PLACES];
    images[A] = some_image(false, 1);
    images[B] = some_image(false, 2);
    images[place].bytes.resize(HEAD_BYTES);
    put(&images[place].bytes, head);
    for (uint32_t i = 0; i < words; i++) {
        put(&images[place].bytes, random32());
    }
    seal(&images[place], 3);
    images[place].is_whole = false;
    run(b, images);
}

static void check_heads(bench *b) {
    for (uint32_t kind = 0; kind < 16; kind++) {
        if (kind < LINE || kind > SOME) {
            check_damage(b, A, kind << 28 | random32() >> 4, 3);
        }
    }
    check_damage(b, A, LINE << 28 | LINES, WORDS);
    check_damage(b, A, LINE << 28, WORDS - 1); // its end is missing
    check_damage(b, A, SOME << 28 | LINES, 1);
    check_damage(b, A, SOME << 28, 0);
    check_damage(b, B, STORE << 28, 1);
    check_damage(b, B, STORE << 28 | 4, 3);
    check_damage(b, B, FACT << 28 | FACT_GUEST, 1);
    check_damage(b, B, FACT << 28, 0);
    check_damage(b, GUEST, FACT << 28, 1);
    check_damage(b, GUEST, STORE << 28 | 1, 1);
    check_damage(b, GUEST, LINE << 28 | (FLASH_LINE - 1), WORDS);
    check_damage(b, GUEST, SOME << 28 | (FLASH_LINE - 1), 1);
}

static void check_each_byte(bench *b) {
    image images[PLACES];
    images[A] = some_image(false, 2);
    images[B] = some_image(false, 1);
    const image whole = images[A];
    images[A].is_whole = false;
    for (size_t bit = 0; bit < 8 * whole.bytes.size();
         bit += bit < 8 * HEAD_BYTES ? 1 : 8 + bit % 5) {
        if (bit / 8 >= 9 && bit / 8 <= 11) {
            continue; // the count's upper bytes
        }
        images[A].bytes = whole.bytes;
        images[A].bytes[bit / 8] = static_cast<uint8_t>(whole.bytes[bit / 8] ^ 1u << bit % 8);
        run(b, images);
    }
    images[A].bytes = whole.bytes;
    set(&images[A].bytes, 8,
        BOOT_FIRMWARE_BYTES / 4 - HEAD_BYTES / 4 + 1); // more than there is room for
    run(b, images);
}

int main(int argc, char **argv) {
    const long runs = argc > 1 ? atol(argv[1]) : 100;
    bench b;
    b.dut->eval(); // what the chip is when it is new
    for (long i = 0; i < runs; i++) {
        const image images[PLACES] = {maybe_image(false), maybe_image(false), maybe_image(true)};
        run(&b, images);
    }
    check_heads(&b);
    check_each_byte(&b);
    printf("boot: %ld flashes, %llu cycles, %s\n", runs, static_cast<unsigned long long>(now),
           failures == 0 ? "no difference" : "FAILED");
    return failures != 0;
}
