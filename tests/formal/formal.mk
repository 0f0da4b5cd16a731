# SPDX-License-Identifier: MIT
# Proof that guest mode stays in guest RAM (tests/formal/guest_fence.sv): the netlist; the test is tests/formal/prove.sh.
FORMAL_NETLIST := $(BUILD)/formal/core.il

$(FORMAL_NETLIST): tests/formal/netlist.sh $(RTL_PKG) rtl/core_pkg.sv tests/formal/guest_fence.sv $(RTL_CORE_FILES)
	tests/formal/netlist.sh $@ $(filter %.sv,$^)

TEST_DEPS += $(FORMAL_NETLIST)
