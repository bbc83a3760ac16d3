/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The chains of keyboards and of virtual terminals, whose events come where nothing may sleep, for
 * hook.rs. */
#include <linux/keyboard.h>
#include <linux/kconfig.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/vt.h>
#include <linux/vt_kern.h>
#include "shim.h"

struct luanotifier_chain {
	struct notifier_block block;
	void *hook;
	bool keyboard;
};

/* Event, whether it is down, the state of the shift keys, and the key. */
static int keyboard(struct notifier_block *block, unsigned long event, void *data)
{
	struct luanotifier_chain *chain = container_of(block, struct luanotifier_chain, block);
	struct keyboard_notifier_param *parameter = data;
	s64 values[] = { event, parameter->down, parameter->shift, parameter->value };

	return luanotifier_call(chain->hook, values);
}

/* Event, character, and the number of the terminal. */
static int terminal(struct notifier_block *block, unsigned long event, void *data)
{
	struct luanotifier_chain *chain = container_of(block, struct luanotifier_chain, block);
	struct vt_notifier_param *parameter = data;
	s64 values[] = { event, parameter->c, parameter->vc->vc_num, 0 };

	return luanotifier_call(chain->hook, values);
}

struct luanotifier_chain *luanotifier_new(void *hook, bool is_keyboard)
{
	struct luanotifier_chain *chain = kzalloc(sizeof(*chain), GFP_KERNEL);

	if (chain) {
		chain->block.notifier_call = is_keyboard ? keyboard : terminal;
		chain->hook = hook;
		chain->keyboard = is_keyboard;
	}
	return chain;
}

void luanotifier_delete(struct luanotifier_chain *chain)
{
	kfree(chain);
}

int luanotifier_register(struct luanotifier_chain *chain)
{
	if (!IS_ENABLED(CONFIG_VT))
		return -EOPNOTSUPP;
	return chain->keyboard ? register_keyboard_notifier(&chain->block) : register_vt_notifier(&chain->block);
}

/* Returns when no call is under way. */
void luanotifier_unregister(struct luanotifier_chain *chain)
{
	if (!IS_ENABLED(CONFIG_VT))
		return;
	if (chain->keyboard)
		unregister_keyboard_notifier(&chain->block);
	else
		unregister_vt_notifier(&chain->block);
}
