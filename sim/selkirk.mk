# SPDX-License-Identifier: MIT
# The selkirk command: $(BUILD)/selkirk, ISS and Verilated RTL in one program.
SELKIRK := $(BUILD)/selkirk
SELKIRK_OBJS := $(patsubst %,$(BUILD)/sim/cmd/%.o,selkirk options date machine console say stop pace output report tcache_dump hot pty station station_load run_on_board cmd_run cmd_dis cmd_lockstep cmd_board cmd_load cmd_image option_table) $(BUILD)/sim/board_image.o \
	$(patsubst %,$(BUILD)/sim/lockstep/%.o,golden model lockstep) \
	$(patsubst %,$(BUILD)/sim/random/%.o,randguest randguest_system randguest_priv randguest_irq)

$(SELKIRK_OBJS): NATIVE_CFLAGS += -D_POSIX_C_SOURCE=200809L
$(BUILD)/sim/lockstep/model.o: NATIVE_CFLAGS += -D_XOPEN_SOURCE=700

$(SELKIRK): $(SELKIRK_OBJS) $(SIM_OBJS) $(GUEST_LIB) $(XLATE_LIB) $(RTL_ENGINE)
	$(CXX) -o $@ $(SELKIRK_OBJS) $(SIM_OBJS) $(RTL_ENGINE) $(GUEST_LIB) $(XLATE_LIB) $(RTL_ENGINE_LIBS)

BUILD_DEPS += $(SELKIRK)
