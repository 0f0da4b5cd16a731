/* SPDX-License-Identifier: MIT
 * Fuzz targets: each is one function with libFuzzer's name and signature. `make fuzz` links it with
 * libFuzzer (clang), the test fuzz-replay with replay.c (gcc). It must take any bytes; the
 * sanitizers, abort() and time limits say what is wrong.
 */
#ifndef SELKIRK_TESTS_FUZZ_FUZZ_H
#define SELKIRK_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
