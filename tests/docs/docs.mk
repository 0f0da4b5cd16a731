# SPDX-License-Identifier: MIT
# The tour (docs/00-tour.md) and README.md: their dumps are made by the real tools and put into the pages between markers.
TOUR_BLOCK := $(BUILD)/tests/docs/tour_block
TOUR_DEPS := $(TOUR_BLOCK) $(PROG_ELFS) $(BUILD)/tests/planted/twice.elf

$(TOUR_BLOCK): tests/docs/tour_block.c $(FLAGS)/native $(SIM_OBJS) $(GUEST_LIB) $(XLATE_LIB) | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -MF $@.d -o $@ $< $(SIM_OBJS) $(GUEST_LIB) $(XLATE_LIB)

-include $(wildcard $(BUILD)/tests/docs/*.d)

.PHONY: docs
docs: build-all $(TOUR_DEPS) docs-gen docs-spike ## regenerate the dumps in docs/00-tour.md and README.md, and the pages from the machine tables
	@tests/docs/dumps.sh write

.PHONY: docs-check
docs-check: build-all $(TOUR_DEPS) ## fail if the dumps in docs/00-tour.md and README.md are not what the tools print now
	@tests/docs/dumps.sh check

TEST_DEPS += $(TOUR_DEPS)
