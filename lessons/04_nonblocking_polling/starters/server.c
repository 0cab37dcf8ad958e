// cc -o server lessons/04_nonblocking_polling/starters/server.c && cargo kata lesson 4 --program './server {port}'

// Answer in capitals: the listener is polled, and the sockets that it accepts block.
#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

// Serve a client once; return whether it stays.
static int serve(int client) {
    char data[1024];
    ssize_t n = recv(client, data, sizeof data, 0);
    for (ssize_t at = 0; at < n; at++)
        data[at] = toupper((unsigned char)data[at]);
    return n > 0 && send(client, data, n, 0) > 0;
}

int main(int count, char **arguments) {
    int server = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons(count > 1 ? atoi(arguments[1]) : 9000);
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 5) < 0) {
        perror("cannot listen");
        return 1;
    }
    fcntl(server, F_SETFL, O_NONBLOCK);
    int clients[100], connected = 0;
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client >= 0 && connected < 100) {
            clients[connected++] = client;
            continue;
        }
        for (int at = 0; at < connected; at++)
            if (!serve(clients[at])) {
                close(clients[at]);
                clients[at--] = clients[--connected];
            }
    }
}
