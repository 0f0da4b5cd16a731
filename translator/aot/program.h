/* SPDX-License-Identifier: MIT
 * The firmware as the ahead-of-time translator sees it: every instruction with what its relocation
 * says about code addresses, the basic blocks that can be reached, and every code pointer in data.
 *
 *   pass read      instructions, references to code (read.c)
 *   pass blocks    reachable basic blocks, in address order (blocks.c)
 *   pass liveness  registers that are still wanted (liveness.c)
 *   pass edges     homes that all slots may read early (edges.c)
 *   pass profile   which way branches go (profile.c)
 *
 * RV addresses of text ("rv_addr") mean nothing to the native machine; whatever holds one is in
 * here as a reference and becomes a native address. Anything else that might hold one is refused.
 */
#ifndef SELKIRK_AOT_PROGRAM_H
#define SELKIRK_AOT_PROGRAM_H

#include "translator/aot/elf_rv.h"
#include "translator/guest/rv32.h"

enum { AOT_CUSTOM_0 = 0x0b };
enum { AOT_LIVE_ALL = 0xfffe }; /* what is live as long as pass liveness says nothing */

enum code_ref {
    REF_NONE,
    REF_CALL, /* auipc of a call or tail call of `target`; the jalr is the next instruction */
    REF_CALL_SECOND, /* that jalr */
    REF_ADDR_HI,     /* lui or auipc: rd = native address of `target` */
    REF_ADDR_LO,     /* addi after it: rd = rs1 */
};

enum likely { LIKELY_UNKNOWN, LIKELY_NOT, LIKELY_TAKEN };

struct aot_insn {
    uint32_t word;
    uint32_t target;  /* rv_addr, for REF_CALL, REF_ADDR_* */
    uint16_t live_in; /* bit n: x[n] may be read from here on before it is written */
    uint16_t early;   /* of a piece's first: bit n: all slots may read the home of x[n] at once */
    uint8_t ref;      /* enum code_ref */
    uint8_t likely;   /* of a piece's first: enum likely, where the piece's branch goes */
    uint8_t percent;  /* ... and how often, of all times */
    /* of a block's first: the same of its branch where the block stood as a copy in a trace */
    uint8_t copy_likely, copy_percent;
    uint32_t runs; /* of a piece's first: times the piece was executed in the profile's run */
    bool is_code;  /* within an executable section */
    bool is_leader;
    bool is_reached;
};

/* How a block ends. */
enum block_end {
    END_FALL,     /* runs into `target`, the next block */
    END_BRANCH,   /* conditional to `target`, else the next block */
    END_JUMP,     /* to `target` */
    END_CALL,     /* to `target`, link = the next block */
    END_JUMP_REG, /* jalr x0 */
    END_CALL_REG, /* jalr with link */
    END_ENTER,    /* intrinsic: to guest mode */
    END_STOP,     /* intrinsic exit, or ebreak: traps */
};

struct block {
    uint32_t rv_addr;
    uint32_t n_insns; /* with the terminator */
    enum block_end end;
    uint32_t target; /* rv_addr, where the kind has one */
    uint16_t live_out;
    bool is_address_taken;
};

/* A word of data that holds the address of code. */
struct data_ref {
    uint8_t *place;   /* in the file's bytes */
    uint32_t address; /* of the word, for messages */
    uint32_t target;  /* rv_addr */
};

struct program {
    const struct elf_rv *elf;
    uint32_t base; /* rv_addr of insns[0] */
    uint32_t n_insns;
    struct aot_insn *insns;
    uint32_t n_data_refs;
    struct data_ref *data_refs;
    uint32_t n_blocks;
    struct block *blocks;
};

/* Instruction at an rv_addr; NULL when that is not text. */
struct aot_insn *program_insn(const struct program *p, uint32_t rv_addr);
/* Number of the block that begins at rv_addr; dies when there is none. */
uint32_t program_block_at(const struct program *p, uint32_t rv_addr);
/* The function at an rv_addr: the nearest symbol before it; NULL: none. */
const Elf32_Sym *program_function(const struct program *p, uint32_t rv_addr);
/* "function+0x12" of an rv_addr, for messages; a static buffer. */
const char *program_where(const struct program *p, uint32_t rv_addr);

#endif
