# SPDX-License-Identifier: MIT
# The guest side on the workstation (translator/guest/) and its tests.
GUEST_SRC := $(addprefix translator/guest/,decode.c interp.c elf.c disasm.c golden.c)
GUEST_OBJ := $(GUEST_SRC:%.c=$(BUILD)/guest/%.o)
GUEST_TEST_NAMES := guest_run decode_test value_test
GUEST_TESTS := $(GUEST_TEST_NAMES:%=$(BUILD)/tests/guest/%)

$(BUILD)/guest/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c $< -o $@

$(GUEST_TESTS): $(BUILD)/tests/guest/%: $(BUILD)/guest/tests/guest/%.o $(BUILD)/guest/tests/guest/virt_host.o $(GUEST_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -o $@

.SECONDARY: $(GUEST_TEST_NAMES:%=$(BUILD)/guest/tests/guest/%.o)
-include $(wildcard $(BUILD)/guest/translator/guest/*.d $(BUILD)/guest/tests/guest/*.d)

TEST_DEPS += $(GUEST_TESTS)
