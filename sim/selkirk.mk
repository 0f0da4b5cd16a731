# SPDX-License-Identifier: MIT
# The selkirk command: $(BUILD)/selkirk, ISS and Verilated RTL in one program.
SELKIRK := $(BUILD)/selkirk
SELKIRK_OBJS := $(patsubst %,$(BUILD)/sim/%.o,selkirk options machine report tcache_dump golden lockstep fdt randguest randguest_system randguest_priv randguest_irq hot \
	cmd_run cmd_dis cmd_lockstep)

$(SELKIRK_OBJS): NATIVE_CFLAGS += -D_POSIX_C_SOURCE=200809L

$(SELKIRK): $(SELKIRK_OBJS) $(SIM_OBJS) $(XLATE_LIB) $(RTL_ENGINE)
	$(CXX) -o $@ $(SELKIRK_OBJS) $(SIM_OBJS) $(RTL_ENGINE) $(XLATE_LIB) $(RTL_ENGINE_LIBS)

$(BUILD)/sim/fdt.o: firmware/fdt.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

BUILD_DEPS += $(SELKIRK)
