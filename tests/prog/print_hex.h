/* SPDX-License-Identifier: MIT
 * For programs in assembly language: a0 to the UART. */
/* a0 in hexadecimal and a space; t0, t3 to t6 change */
print_hex:
    li t0, 0x10000000
    li t3, 28
1:  srl t4, a0, t3
    andi t4, t4, 15
    addi t4, t4, '0'
    li t5, '9'
    ble t4, t5, 2f
    addi t4, t4, 'a' - '9' - 1
2:  sb t4, 0(t0)
    addi t3, t3, -4
    bgez t3, 1b
    li t4, ' '
    sb t4, 0(t0)
    ret
