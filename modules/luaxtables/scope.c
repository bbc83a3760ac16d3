/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Which script rules ask: one in each network namespace, and for a moment the one that takes its place. */
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "shim.h"

struct scope {
	struct luaxtables __rcu *of;
};

static unsigned int scopes __read_mostly;
static DEFINE_MUTEX(lock);

struct luaxtables *luaxtables_of(const struct net *net)
{
	const struct scope *scope = net_generic(net, scopes);

	return rcu_dereference(scope->of);
}

struct luaxtables *luaxtables_new(void *owner, const char *name)
{
	struct luaxtables *of = kzalloc(sizeof(*of), GFP_KERNEL_ACCOUNT);

	if (!of)
		return NULL;
	of->scratch = kvmalloc(LUAXTABLES_SCRATCH, GFP_KERNEL_ACCOUNT);
	if (!of->scratch) {
		kfree(of);
		return NULL;
	}
	of->owner = owner;
	of->name = name;
	INIT_LIST_HEAD(&of->copies);
	spin_lock_init(&of->lock);
	skb_queue_head_init(&of->out);
	INIT_WORK(&of->work, luaxtables_output);
	return of;
}

/* Its script has no copies any more. */
void luaxtables_delete(struct luaxtables *of)
{
	if (!of)
		return;
	luaxtables_stop(of);
	kvfree(of->scratch);
	kfree(of);
}

/* In the namespace of the task that runs the script. Another must not be asked there, but for an older script of the same name. */
int luaxtables_start(struct luaxtables *of)
{
	struct net *net = current->nsproxy->net_ns;
	struct scope *scope = net_generic(net, scopes);
	struct luaxtables *before;
	int status = -EBUSY;

	mutex_lock(&lock);
	before = rcu_dereference_protected(scope->of, lockdep_is_held(&lock));
	if (!before || (before->name != of->name && !strcmp(before->name, of->name))) {
		of->before = before;
		WRITE_ONCE(of->net, net);
		rcu_assign_pointer(scope->of, of);
		status = 0;
	}
	mutex_unlock(&lock);
	return status;
}

/* Returns when no packet asks it any more, nothing of it goes out and it has no copies. With the mutex. */
static void leave(struct luaxtables *of)
{
	struct luaxtables *later;
	struct scope *scope;

	if (!of->net)
		return;
	scope = net_generic(of->net, scopes);
	later = rcu_dereference_protected(scope->of, lockdep_is_held(&lock));
	if (later == of) {
		rcu_assign_pointer(scope->of, of->before);
	} else {
		while (later->before != of)
			later = later->before;
		later->before = of->before;
	}
	/* Timers of the script may still run it, and have nowhere to send to from here on. */
	WRITE_ONCE(of->net, NULL);
	synchronize_net();
	luaxtables_copies_end(of);
	cancel_work_sync(&of->work);
	skb_queue_purge(&of->out);
}

void luaxtables_stop(struct luaxtables *of)
{
	mutex_lock(&lock);
	leave(of);
	mutex_unlock(&lock);
}

/* Runs a chunk in the script of a namespace: what went wrong is in `text`. */
int luaxtables_run(struct net *net, const char *code, size_t length, const char *name, size_t name_length, char *text,
		   size_t room)
{
	struct scope *scope = net_generic(net, scopes);
	struct luaxtables *of;
	int status = -ESRCH;

	if (mutex_lock_killable(&lock))
		return -EINTR;
	/* It does not go while we have the mutex. */
	of = rcu_dereference_protected(scope->of, lockdep_is_held(&lock));
	if (of)
		status = luaxtables_execute(of->owner, code, length, name, name_length, text, room);
	mutex_unlock(&lock);
	return status;
}

static void __net_exit namespace_ends(struct net *net)
{
	struct scope *scope = net_generic(net, scopes);
	struct luaxtables *of;

	mutex_lock(&lock);
	while ((of = rcu_dereference_protected(scope->of, lockdep_is_held(&lock))))
		leave(of);
	mutex_unlock(&lock);
}

static struct pernet_operations namespaces = {
	.exit = namespace_ends,
	.id = &scopes,
	.size = sizeof(struct scope),
};

int luaxtables_scope_init(void)
{
	return register_pernet_subsys(&namespaces);
}

void luaxtables_scope_exit(void)
{
	unregister_pernet_subsys(&namespaces);
}
