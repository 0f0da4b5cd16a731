/* SPDX-License-Identifier: MIT
 * firmware/native.h for the workstation: the same names, done by calls into an engine (native.c),
 * so that the firmware's C runs as an ordinary program beside the simulated machine. Put this
 * directory in front of the include path. Its time is made up (native.c).
 */
#ifndef SELKIRK_FIRMWARE_NATIVE_H
#define SELKIRK_FIRMWARE_NATIVE_H

#include <stdint.h>
#include "machine.h"

uint32_t native_csrr(unsigned number);
void native_csrw(unsigned number, uint32_t value);
uint32_t native_rdh(uint32_t number);
void native_wrh(uint32_t number, uint32_t value);
void native_commit(unsigned insns);
uint64_t native_counter(unsigned number);
enum { NATIVE_WAIT_TIMER = 0, NATIVE_WAIT_BYTE = 1 };
void native_wait(unsigned what);
void native_note_store(uint32_t addr);
_Noreturn void native_exit(uint32_t status);
uint32_t native_enter(uint32_t native_addr);
uint32_t native_trap_target(void);

#endif
