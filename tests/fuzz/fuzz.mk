# SPDX-License-Identifier: MIT
# Fuzzing of what `selkirk` is handed: ELF files and the command line (tests/fuzz/README.md). `make fuzz` uses clang's libFuzzer;
# the fast test fuzz-replay runs the same functions, built by gcc, on the seeds and on damaged copies of them.
FUZZ_TARGETS := elf options
FUZZ_SECONDS ?= 60
CLANG ?= clang-14
FUZZ_DIR := $(BUILD)/fuzz
FUZZERS := $(FUZZ_TARGETS:%=$(FUZZ_DIR)/%.fuzzer)
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(FUZZ_DIR)/%.replay)
FUZZ_SEEDS := $(FUZZ_DIR)/seeds/made

FUZZ_SRC := sim/options.c sim/image.c sim/cmd_dis.c sim/native_text.c firmware/fdt.c $(GEN)/machine_tables.c $(GEN)/machine_decode.c \
	$(addprefix translator/guest/,elf.c disasm.c decode.c rvc.c)
FUZZ_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -g -Wall -Wextra -Werror $(INCLUDES)
FUZZ_HEADERS := $(wildcard sim/*.h tests/fuzz/*.h translator/guest/*.h translator/guest/*.def translator/tcache/*.h rtl/machine/*.def)
FUZZ_SANITIZERS := address,undefined

$(FUZZ_SEEDS): tests/fuzz/seeds.py
	@mkdir -p $(@D)
	$(PYTHON) -B $< $(@D)
	@touch $@

$(FUZZERS): $(FUZZ_DIR)/%.fuzzer: tests/fuzz/%.c $(FUZZ_SRC) $(FUZZ_HEADERS) | $(BUILD)/setup/fuzz.stamp $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer,$(FUZZ_SANITIZERS) -fno-sanitize-recover=all $(filter %.c,$^) -o $@

$(FUZZ_REPLAYS): $(FUZZ_DIR)/%.replay: tests/fuzz/%.c tests/fuzz/replay.c $(FUZZ_SRC) $(FUZZ_HEADERS) | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(FUZZ_CFLAGS) -fsanitize=$(FUZZ_SANITIZERS) -fno-sanitize-recover=all $(filter %.c,$^) -o $@

.PHONY: fuzz
fuzz: $(FUZZERS) $(FUZZ_SEEDS) ## fuzz ELF files and the command line with libFuzzer, FUZZ_SECONDS=60 each (installs clang)
	@BUILD='$(BUILD)' tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

TEST_DEPS += $(FUZZ_REPLAYS) $(FUZZ_SEEDS)
