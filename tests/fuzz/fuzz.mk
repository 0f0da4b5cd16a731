# SPDX-License-Identifier: MIT
# Fuzzing of what `selkirk` is handed: ELF files, the command line, guest code (tests/fuzz/README.md). `make fuzz` uses clang's libFuzzer;
# the fast test fuzz-replay runs the same functions, built by gcc, on the seeds and on damaged copies of them.
FUZZ_TARGETS := elf options guest
FUZZ_SECONDS ?= 60
CLANG ?= clang-14
FUZZ_DIR := $(BUILD)/fuzz
FUZZERS := $(FUZZ_TARGETS:%=$(FUZZ_DIR)/%.fuzzer)
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(FUZZ_DIR)/%.replay)
FUZZ_SEEDS := $(FUZZ_DIR)/seeds/made

# What a target is made of: sources, built with the sanitizers and watched by libFuzzer, and for guest code the ISS and lock-step as
# they are, for speed: the golden interpreter is the part whose ways should be found.
FUZZ_FILE_SRC := $(addprefix sim/,cmd/options.c cmd/option_table.c cmd/date.c cmd/say.c cmd/cmd_dis.c image.c flash.c) \
	$(addprefix firmware/,dev/fdt.c guest/loader.c guest/load_list.c guest/elf.c) $(GEN)/machine_tables.c $(GEN)/machine_decode.c \
	$(addprefix translator/,support/native_text.c guest/disasm.c guest/decode.c guest/rvc.c)
FUZZ_PARTS_elf := $(FUZZ_FILE_SRC)
FUZZ_PARTS_options := $(FUZZ_FILE_SRC)
FUZZ_PARTS_guest := $(filter-out %/golden.c,$(GUEST_SRC)) $(ISS_OBJS) \
	$(patsubst %,$(BUILD)/sim/%.o,cmd/options cmd/option_table cmd/say cmd/date image lockstep/lockstep lockstep/golden flash machine_tables machine_decode) \
	$(patsubst %,$(BUILD)/%.o,translator/support/native_text guest/firmware/guest/loader guest/firmware/guest/load_list guest/firmware/dev/fdt)
FUZZ_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -g -Wall -Wextra -Werror $(INCLUDES)
FUZZ_HEADERS := $(wildcard sim/*.h sim/*/*.h firmware/*/*.h tests/fuzz/*.h translator/*/*.h translator/guest/*.def rtl/machine/*.def)
FUZZ_SANITIZERS := address,undefined

# Pieces of three guest programs are seeds, too.
$(FUZZ_SEEDS): tests/fuzz/seeds.py $(patsubst %,$(BUILD)/prog/rv32imac/%.elf,priv asmmix rtos)
	@mkdir -p $(@D)
	$(PYTHON) -B $< $(@D) $(filter %.elf,$^)
	@touch $@

$(FUZZERS): $(FUZZ_DIR)/%.fuzzer: tests/fuzz/%.c $$(FUZZ_PARTS_$$*) $(FUZZ_HEADERS) | $(BUILD)/setup/build.stamp $(BUILD)/setup/fuzz.stamp $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) -Wno-unknown-attributes -fsanitize=fuzzer,$(FUZZ_SANITIZERS) -fno-sanitize-recover=all $(filter %.c %.o,$^) -o $@

$(FUZZ_REPLAYS): $(FUZZ_DIR)/%.replay: tests/fuzz/%.c tests/fuzz/replay.c $$(FUZZ_PARTS_$$*) $(FUZZ_HEADERS) | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(FUZZ_CFLAGS) -fsanitize=$(FUZZ_SANITIZERS) -fno-sanitize-recover=all $(filter %.c %.o,$^) -o $@

.PHONY: fuzz
fuzz: $(FUZZERS) $(FUZZ_SEEDS) $(BUILD)/firmware/selkirk.img ## fuzz ELF files, command line and guest code with libFuzzer, FUZZ_SECONDS=60 each (installs clang)
	@BUILD='$(BUILD)' tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

TEST_DEPS += $(FUZZ_REPLAYS) $(FUZZ_SEEDS)
