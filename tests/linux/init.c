/* SPDX-License-Identifier: MIT
 * The first and only program of the Linux guest: says what it runs on, offers a small console if
 * the image is the one with a console (linux.mk makes it by changing a word in the file), and turns
 * the machine off. Freestanding (no C library, no MMU, no relocations: only code and constants
 * reached pc-relative, see init.ld); the kernel loads it as a bFLT file. */
#include <stddef.h>
#include <stdint.h>

enum syscall {
    SYS_READ = 63,
    SYS_WRITE = 64,
    SYS_REBOOT = 142,
    SYS_UNAME = 160,
    SYS_SYSINFO = 179
};
enum { STDIN = 0, STDOUT = 1 };
enum { NAME_CHARS = 65, LINE_CHARS = 80 };
#define REBOOT_MAGIC1 0xfee1dead
#define REBOOT_MAGIC2 672274793
#define REBOOT_POWER_OFF 0x4321fedc
#define REBOOT_RESTART 0x01234567

struct utsname {
    char sysname[NAME_CHARS], nodename[NAME_CHARS], release[NAME_CHARS], version[NAME_CHARS],
        machine[NAME_CHARS], domain[NAME_CHARS];
};
struct sysinfo {
    long uptime;
    unsigned long loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
    unsigned short procs, pad;
    unsigned long totalhigh, freehigh;
    unsigned mem_unit;
    char fill[8];
};

/* "no " or "yes"; read as volatile, since what is compiled is not what runs. */
static const char with_console[] = "selkirk console: no ";
enum { ANSWER_AT = sizeof "selkirk console: " - 1 };

void init_main(void);

static long call(enum syscall number, long a, long b, long c) {
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

static void print(const char *text) {
    size_t chars = 0;
    while (text[chars] != 0)
        chars++;
    call(SYS_WRITE, STDOUT, (long)text, (long)chars);
}

static void print_number(unsigned long n) {
    char digits[12];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    print(&digits[at]);
}

static void say_system(void) {
    struct utsname name;
    call(SYS_UNAME, (long)&name, 0, 0);
    print(name.sysname);
    print(" ");
    print(name.release);
    print(" ");
    print(name.machine);
}

static void say_memory(void) {
    struct sysinfo info;
    call(SYS_SYSINFO, (long)&info, 0, 0);
    print_number(info.freeram * info.mem_unit >> 10);
    print(" KiB free of ");
    print_number(info.totalram * info.mem_unit >> 10);
    print(", up for ");
    print_number((unsigned long)info.uptime);
    print(" s");
}

static int is_same(const char *a, const char *b) {
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* Reads one line without its end; returns 0 at the end of the input. */
static int read_line(char line[LINE_CHARS]) {
    const long chars = call(SYS_READ, STDIN, (long)line, LINE_CHARS - 1);
    if (chars <= 0)
        return 0;
    line[chars] = 0;
    for (long i = 0; i < chars; i++)
        if (line[i] == '\n' || line[i] == '\r')
            line[i] = 0;
    return 1;
}

static void turn_off(unsigned long how) {
    call(SYS_REBOOT, (long)REBOOT_MAGIC1, REBOOT_MAGIC2, (long)how);
    print("init: the kernel cannot turn the machine off\n");
    for (;;)
        ;
}

static void console(void) {
    char line[LINE_CHARS];
    for (;;) {
        print("selkirk> ");
        if (!read_line(line) || is_same(line, "poweroff"))
            return;
        if (is_same(line, "uname")) {
            say_system();
        } else if (is_same(line, "free")) {
            say_memory();
        } else if (is_same(line, "reboot")) {
            turn_off(REBOOT_RESTART);
        } else if (line[0] != 0) {
            print("commands: uname, free, reboot, poweroff");
        }
        print("\n");
    }
}

void init_main(void) {
    print("init: ");
    say_system();
    print(", ");
    say_memory();
    print("\ninit: hello from user space\n");
    if (*(const volatile char *)&with_console[ANSWER_AT] == 'y')
        console();
    print("init: power off\n");
    turn_off(REBOOT_POWER_OFF);
}
