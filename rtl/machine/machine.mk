# SPDX-License-Identifier: MIT
# The machine description: the generator, its products in $(GEN), and the committed reference pages.

# CONFIG: a row of rtl/machine/configs.def. Each wants a BUILD folder of its own: make CONFIG=small BUILD=build-small.
CONFIG ?= wide
export CONFIG
$(if $(filter $(CONFIG),$(shell sed -n 's/^CONFIG.\([a-z0-9]*\),.*/\1/p' rtl/machine/configs.def)),,$(error CONFIG=$(CONFIG): no such configuration in rtl/machine/configs.def))
GEN_TOOL := $(BUILD)/machine/gen
GEN_COMMON_OBJS := $(patsubst %,$(BUILD)/machine/%.o,gen gen_check gen_machine_h gen_tables gen_encode gen_pkg gen_docs gen_memory)
GEN_PRODUCTS := $(addprefix $(GEN)/,machine.h machine_tables.h machine_tables.c machine_encode.h \
	machine_decode.c vliw_pkg.sv memory.ld)

FLAGS_machine := $(CC) $(NATIVE_CFLAGS) -Irtl/machine -DMACHINE_CONFIG=$(CONFIG)

$(BUILD)/machine/%.o: rtl/machine/%.c $(FLAGS)/machine
	@mkdir -p $(@D)
	$(FLAGS_machine) -c -o $@ $<

$(GEN_TOOL): $(GEN_COMMON_OBJS) $(BUILD)/machine/gen_model.o
	$(CC) $(CFLAGS) -o $@ $^

$(GEN_PRODUCTS) &: $(GEN_TOOL)
	@mkdir -p $(GEN)
	$(GEN_TOOL) $(GEN)

.PHONY: gen
gen: $(GEN_PRODUCTS) ## C headers, SystemVerilog package, linker constants from the machine tables

.PHONY: docs-gen
docs-gen: $(GEN_TOOL) ## rewrite docs/isa.md and docs/machine.md from the machine tables
	$(GEN_TOOL) --docs docs

.PHONY: gen-check
gen-check: $(GEN_TOOL) ## the machine tables are consistent and the reference pages up to date
	@mkdir -p $(BUILD)/machine/docs
	$(GEN_TOOL) --docs $(BUILD)/machine/docs
	diff -u docs/isa.md $(BUILD)/machine/docs/isa.md
	diff -u docs/machine.md $(BUILD)/machine/docs/machine.md
	@echo "tables are consistent, docs/isa.md and docs/machine.md are up to date"

# --- tests: encoders, decoder and text against each other; the RTL's decoder against the C one
GEN_ROUNDTRIP := $(BUILD)/tests/gen/roundtrip
GEN_TEST_OBJS := $(patsubst %,$(BUILD)/tests/gen/%.o,roundtrip native_text machine_tables machine_decode)
TEST_DEPS += $(GEN_TOOL) $(GEN_ROUNDTRIP)

$(BUILD)/tests/gen/%.o: tests/gen/%.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/tests/gen/%.o: translator/support/%.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/tests/gen/%.o: $(GEN)/%.c $(FLAGS)/native
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(GEN_ROUNDTRIP): $(GEN_TEST_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

GEN_DECODE_BENCH := $(BUILD)/tests/gen/decode/Vdecode_bench
VERILATOR ?= verilator
TEST_DEPS += $(GEN_DECODE_BENCH)

$(GEN_DECODE_BENCH): tests/gen/decode_bench.sv tests/gen/decode_bench.cpp \
		$(BUILD)/tests/gen/machine_tables.o $(BUILD)/tests/gen/machine_decode.o $(GEN)/vliw_pkg.sv
	+$(VERILATOR) --cc --exe --build -Wall -Wno-DECLFILENAME -Wno-UNUSEDSIGNAL --Mdir $(@D) --top-module decode_bench \
		-CFLAGS '-I$(abspath $(GEN)) -O1' $(GEN)/vliw_pkg.sv tests/gen/decode_bench.sv $(abspath tests/gen/decode_bench.cpp) \
		$(abspath $(BUILD)/tests/gen/machine_tables.o $(BUILD)/tests/gen/machine_decode.o) >$(BUILD)/tests/gen/verilate.log \
		|| { cat $(BUILD)/tests/gen/verilate.log; exit 1; }

-include $(wildcard $(BUILD)/machine/*.d $(BUILD)/tests/gen/*.d)
