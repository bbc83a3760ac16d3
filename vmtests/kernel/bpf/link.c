/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * link INTERFACE MODE NUMBER COMMAND...: makes a bpf_link of the XDP program that was loaded
 * last, in mode native or generic, as file descriptor 9, and runs the command with it. NUMBER
 * goes into the program's map, if it has one. Exit status 111 and a line say what failed.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int check(int result, const char *what)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
	exit(111);
}

int main(int argc, char **argv)
{
	uint32_t id = 0, map = 0, key = 0;
	union bpf_attr attr = { .start_id = 0 };
	struct bpf_prog_info info = { .nr_map_ids = 1, .map_ids = (uintptr_t)&map };
	uint64_t number;
	int program, link;

	if (argc < 5)
		return 111;
	number = strtoull(argv[3], NULL, 10);
	while (bpf(BPF_PROG_GET_NEXT_ID, &attr) == 0)
		attr.start_id = id = attr.next_id;
	attr = (union bpf_attr){ .prog_id = id };
	program = check(bpf(BPF_PROG_GET_FD_BY_ID, &attr), "program");
	attr = (union bpf_attr){ .info = { program, sizeof(info), (uintptr_t)&info } };
	check(bpf(BPF_OBJ_GET_INFO_BY_FD, &attr), "info");
	if (info.nr_map_ids > 0) {
		attr = (union bpf_attr){ .map_id = map };
		attr = (union bpf_attr){ .map_fd = check(bpf(BPF_MAP_GET_FD_BY_ID, &attr), "map"),
					 .key = (uintptr_t)&key, .value = (uintptr_t)&number };
		check(bpf(BPF_MAP_UPDATE_ELEM, &attr), "number");
	}
	attr = (union bpf_attr){ .link_create = { .prog_fd = program, .target_ifindex = if_nametoindex(argv[1]),
						  .attach_type = BPF_XDP } };
	attr.link_create.flags = strcmp(argv[2], "native") ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	link = check(bpf(BPF_LINK_CREATE, &attr), "link");
	check(dup2(link, 9), "dup2");
	close(link);
	close(program);
	execvp(argv[4], argv + 4);
	return check(-1, argv[4]);
}
