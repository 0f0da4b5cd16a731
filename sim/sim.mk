# SPDX-License-Identifier: MIT
# Workstation side of the simulators. SIM_OBJS: what every tool that runs native bundles links.
ISS_OBJS := $(patsubst %,$(BUILD)/sim/iss/%.o,iss iss_engine iss_decode iss_csr iss_late iss_wait iss_timed iss_mem iss_prot iss_error)
SIM_OBJS := $(ISS_OBJS) $(patsubst %,$(BUILD)/sim/%.o,image flash lockstep/lockstep_native random/randbundle random/randbundle_ops machine_tables machine_decode) \
	$(BUILD)/translator/support/native_text.o

$(BUILD)/sim/%.o: sim/%.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/sim/machine_%.o: $(GEN)/machine_%.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

# Counts what the firmware's branches do (firmware/firmware.mk).
FIRMWARE_PROFILE := $(BUILD)/firmware-profile
$(FIRMWARE_PROFILE): $(BUILD)/sim/iss/train.o $(BUILD)/sim/iss/counts.o $(SIM_OBJS)
	$(CC) -o $@ $^

-include $(wildcard $(BUILD)/sim/*.d $(BUILD)/sim/*/*.d)
include sim/selkirk.mk
include sim/spike/spike.mk

# --- tests of the ISS. CASES_OBJS: directed programs for any engine.
NATIVE_TESTS := $(patsubst %,$(BUILD)/tests/native/%,rand_test iss_test iss_bench image_test mem_test)
CASES_OBJS := $(patsubst %,$(BUILD)/tests/native/%.o,native_cases native_harness native_put undo_cases commit_cases)

$(BUILD)/tests/native/%.o: tests/native/%.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -D_POSIX_C_SOURCE=200809L -c -o $@ $<

$(NATIVE_TESTS): $(BUILD)/tests/native/%: $(BUILD)/tests/native/%.o $(CASES_OBJS) $(SIM_OBJS)
	$(CC) -o $@ $^

$(BUILD)/tests/native/rtl_cases: $(BUILD)/tests/native/rtl_cases.o $(CASES_OBJS) $(SIM_OBJS) $(RTL_ENGINE)
	$(CXX) -o $@ $^ $(RTL_ENGINE_LIBS)

TEST_DEPS += $(NATIVE_TESTS) $(BUILD)/tests/native/rtl_cases
-include $(wildcard $(BUILD)/tests/native/*.d)

.PHONY: bench-iss
bench-iss: $(BUILD)/tests/native/iss_bench ## speed of the ISS in bundles a second
	$<
