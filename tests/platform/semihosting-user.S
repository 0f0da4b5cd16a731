# SPDX-License-Identifier: MIT
# U mode under PMP: it may run its own code, and touch nothing of the page `secret`. It asks semihosting to print that page, to read
# another file into it, and to take a parameter block from it.
#   status 0: every call was a breakpoint, as in QEMU without userspace=on
#   status 2: the calls were served, and refused what U mode may not touch itself
#   status 3: a call from M mode was a breakpoint, too (--semihosting off)
#   status 1: the secret was changed, or a call did what it must not
    .section .init, "ax"
    .option norvc
    .globl _start
_start:
    la t0, handler
    csrw mtvec, t0
    la t0, secret               # entry 0: that page, nothing; entry 1: everything else
    srli t0, t0, 2
    ori t0, t0, 0x1ff
    csrw pmpaddr0, t0
    li t0, -1
    csrw pmpaddr1, t0
    li t0, 0x1f18
    csrw pmpcfg0, t0
    li a0, 0x13                 # SYS_ERRNO, from M mode
    call semihost
    mv s11, s10
    li t0, 0x1800
    csrc mstatus, t0
    la t0, user
    csrw mepc, t0
    mret

    .balign 4096
user:
    li a0, 0x04                 # SYS_WRITE0
    la a1, secret
    call semihost
    li t0, -1
    sub s0, a0, t0
    li a0, 0x01                 # SYS_OPEN
    la a1, open_block
    call semihost
    la t0, read_block
    sw a0, 0(t0)
    li a0, 0x06                 # SYS_READ into the secret
    la a1, read_block
    call semihost
    addi t0, a0, -4             # 4: nothing was read
    or s0, s0, t0
    li a0, 0x05                 # SYS_WRITE with its block in the secret
    la a1, secret_block
    call semihost
    addi t0, a0, 1
    or s0, s0, t0
    li a0, 0x03                 # SYS_WRITEC of a character that it may read: the one line of output
    la a1, newline
    call semihost
    ecall

    .balign 16
semihost:
    slli x0, x0, 0x1f
    ebreak
    srai x0, x0, 7
    ret

    .balign 4
handler:
    csrr t5, mcause
    li t6, 8
    beq t5, t6, done
    csrr t6, mepc
    addi t6, t6, 4
    csrw mepc, t6
    li t6, 3
    bne t5, t6, wrong
    addi s10, s10, 1
    mret
done:
    la t0, secret
    lw t0, 0(t0)
    li t1, 0x52434553           # "SECR"
    bne t0, t1, wrong
    li t0, 3                    # M mode's call was a breakpoint
    bnez s11, exit
    li t0, 0
    li t1, 5
    beq s10, t1, exit
    li t0, 2
    bnez s10, wrong
    beqz s0, exit
wrong:
    li t0, 1
exit:
    slli t0, t0, 16
    li t1, 0x3333
    or t0, t0, t1
    li t1, 0x100000
    sw t0, 0(t1)
    j .

    .balign 4
open_block:
    .word name, 0, 21
read_block:
    .word 0, secret, 4
name:
    .asciz ":semihosting-features"
newline:
    .ascii "\n"
    .balign 4096
secret:
    .asciz "SECRET of M mode\n"
    .balign 4
secret_block:
    .word 2, newline, 1
    .balign 4096
