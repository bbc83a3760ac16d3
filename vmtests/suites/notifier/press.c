// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A keyboard that only pretends: presses and releases the keys whose codes are arguments, in their order, holding the
// left shift key meanwhile if the first argument is `shift`.
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int keyboard;

static int emit(int type, int code, int value)
{
	struct input_event event = { .type = type, .code = code, .value = value };

	return write(keyboard, &event, sizeof(event)) != sizeof(event);
}

static int key(int code, int value)
{
	return emit(EV_KEY, code, value) || emit(EV_SYN, SYN_REPORT, 0);
}

int main(int argc, char **argv)
{
	struct uinput_setup setup = { .id = { .bustype = BUS_VIRTUAL, .vendor = 1, .product = 1 }, .name = "press" };
	int first = argc > 1 && !strcmp(argv[1], "shift") ? 2 : 1, status = 0;

	keyboard = open("/dev/uinput", O_WRONLY);
	if (keyboard < 0 || ioctl(keyboard, UI_SET_EVBIT, EV_KEY))
		return perror("/dev/uinput"), 1;
	/* What the kernel takes for a keyboard has more keys than a mouse has. */
	for (int code = 1; code < 128; code++)
		status |= ioctl(keyboard, UI_SET_KEYBIT, code);
	if (status || ioctl(keyboard, UI_DEV_SETUP, &setup) || ioctl(keyboard, UI_DEV_CREATE))
		return perror("uinput"), 1;
	if (first == 2)
		status |= key(KEY_LEFTSHIFT, 1);
	for (int i = first; i < argc; i++)
		status |= key(atoi(argv[i]), 1) || key(atoi(argv[i]), 0);
	if (first == 2)
		status |= key(KEY_LEFTSHIFT, 0);
	return status;
}
