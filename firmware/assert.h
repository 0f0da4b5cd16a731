/* SPDX-License-Identifier: MIT
 * The part of C11's <assert.h> that makes sense without a library, for sources that the workstation
 * compiles as well. */
#ifndef SELKIRK_FIRMWARE_ASSERT_H
#define SELKIRK_FIRMWARE_ASSERT_H

#define static_assert _Static_assert

#endif
