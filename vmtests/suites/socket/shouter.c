// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Serves one client of TCP at the loopback's port that is the argument: what it sends, in capitals.
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	char text[100];
	int server = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (argc != 2)
		return 2;
	address.sin_port = htons(atoi(argv[1]));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(server, (struct sockaddr *)&address, sizeof(address)) || listen(server, 1))
		return 1;
	int client = accept(server, NULL, NULL);
	ssize_t length = read(client, text, sizeof(text));

	for (ssize_t i = 0; i < length; i++)
		text[i] = toupper(text[i]);
	return write(client, text, length) != length;
}
