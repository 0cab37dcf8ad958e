// cc -o server lessons/06_hmac_auth/starters/server.c && cargo kata lesson 6 --program './server {port}' --wire chat

// Challenge each client, and chat with it in capitals: one recv for the answer.
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hmac_md5.h"

static int proves_itself(int client) {
    unsigned char challenge[32], answer[32], expected[16];
    if (getentropy(challenge, sizeof challenge) < 0)
        return 0;
    send(client, challenge, sizeof challenge, 0);
    ssize_t n = recv(client, answer, sizeof answer, 0);
    hmac_md5("henry", challenge, sizeof challenge, expected);
    return n == sizeof expected && memcmp(answer, expected, sizeof expected) == 0;
}

static void chat(int client) {
    char data[1024];
    ssize_t n;
    while ((n = recv(client, data, sizeof data, 0)) > 0) {
        for (ssize_t at = 0; at < n; at++)
            data[at] = toupper((unsigned char)data[at]);
        send(client, data, n, 0);
    }
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
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (proves_itself(client))
            chat(client);
        close(client);
    }
}
