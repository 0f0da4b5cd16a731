# SPDX-License-Identifier: MIT
# The selkirk command: $(BUILD)/selkirk, ISS and Verilated RTL in one program.
SELKIRK := $(BUILD)/selkirk
SELKIRK_OBJS := $(patsubst %,$(BUILD)/sim/%.o,selkirk options machine console say stop pace output report tcache_dump golden model lockstep \
	randguest randguest_system randguest_priv randguest_irq hot cmd_run cmd_dis cmd_lockstep) $(LOADER_OBJS)

$(SELKIRK_OBJS): NATIVE_CFLAGS += -D_POSIX_C_SOURCE=200809L
$(BUILD)/sim/model.o: NATIVE_CFLAGS += -D_XOPEN_SOURCE=700

$(SELKIRK): $(SELKIRK_OBJS) $(SIM_OBJS) $(XLATE_LIB) $(RTL_ENGINE)
	$(CXX) -o $@ $(SELKIRK_OBJS) $(SIM_OBJS) $(RTL_ENGINE) $(XLATE_LIB) $(RTL_ENGINE_LIBS)

$(LOADER_OBJS): $(BUILD)/sim/%.o: firmware/%.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

BUILD_DEPS += $(SELKIRK)
