# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What the Kbuild of a binding module has in common with the others. It sets `name` and
# may set `uses` (other bindings whose crates it uses) and `objects` (C beside the crate).
# Outside of modules/, LUNAGATE is the folder of that name in the SDK.
obj-m := $(name).o
$(name)-y := $(name)_main.o $(objects)

modules := $(if $(LUNAGATE),$(LUNAGATE),$(obj)/..)
lunatik := $(modules)/lunatik
others := $(addprefix $(modules)/,$(uses))
RUSTFLAGS_$(name)_main.o := -L$(lunatik) -L$(modules)/common/lua/src -L$(modules)/common/table/src -L$(modules)/common/recent/src \
	--extern lua --extern lunatik_core \
	--emit=metadata=$(obj)/lib$(name)_main.rmeta $(foreach other,$(others),-L$(other)) \
	$(foreach other,$(uses),--extern $(other)_main) $(rustflags)
