# SPDX-License-Identifier: MIT
# The selkirk command with its own sources sanitized and no RTL (tests/cli/abuse.py). It lies beside the other one: it looks for the firmware there.
SELKIRK_SANITIZED := $(BUILD)/selkirk.sanitized
SANITIZED_OBJS := $(filter $(BUILD)/sim/%,$(SELKIRK_OBJS) $(SIM_OBJS))
SANITIZED_SRC := $(wildcard $(SANITIZED_OBJS:$(BUILD)/sim/%.o=sim/%.c))
SANITIZED_REST := $(filter-out $(SANITIZED_SRC:sim/%.c=$(BUILD)/sim/%.o),$(SELKIRK_OBJS) $(SIM_OBJS))

$(SELKIRK_SANITIZED): $(SANITIZED_SRC) tests/cli/no_rtl.c $(SANITIZED_REST) $(GUEST_LIB) $(XLATE_LIB) $(wildcard sim/*.h sim/*/*.h) $(FLAGS)/native | $(GEN_PRODUCTS)
	$(CC) -std=c11 -D_XOPEN_SOURCE=700 -O1 -g -Wall -Wextra -Werror $(INCLUDES) -fsanitize=address,undefined -fno-sanitize-recover=all -o $@ \
		$(filter %.c %.o,$^) $(GUEST_LIB) $(XLATE_LIB)

TEST_DEPS += $(SELKIRK_SANITIZED)
