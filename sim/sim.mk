# SPDX-License-Identifier: MIT
# Workstation side of the simulators. SIM_OBJS: what every tool that runs native bundles links.
ISS_OBJS := $(patsubst %,$(BUILD)/sim/%.o,iss iss_engine iss_decode iss_csr iss_late iss_error)
SIM_OBJS := $(ISS_OBJS) $(patsubst %,$(BUILD)/sim/%.o,image native_text lockstep_native randbundle randbundle_ops) $(BUILD)/sim/machine_tables.o \
	$(BUILD)/sim/machine_decode.o

$(BUILD)/sim/%.o: sim/%.c | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/sim/machine_%.o: $(GEN)/machine_%.c | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

-include $(wildcard $(BUILD)/sim/*.d)
include sim/selkirk.mk

# --- tests of the ISS
NATIVE_TESTS := $(patsubst %,$(BUILD)/tests/native/%,rand_test)
$(BUILD)/tests/native/%: tests/native/%.c $(SIM_OBJS) | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -MF $@.d -o $@ $< $(SIM_OBJS)

TEST_DEPS += $(NATIVE_TESTS)
-include $(wildcard $(BUILD)/tests/native/*.d)
