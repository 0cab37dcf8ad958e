// cc -o server lessons/03_struct_header/starters/server.c && cargo kata lesson 3 --program './server {port}'

// Print the messages of each client: one recv for the header, one for the message.
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void print_messages(int client) {
    int32_t length;
    while (recv(client, &length, sizeof length, 0) > 0) {
        char *message = malloc(length);
        ssize_t n = recv(client, message, length, 0);
        printf("%zd bytes: ", n);
        fwrite(message, 1, n > 0 ? n : 0, stdout);
        puts("");
        free(message);
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
        print_messages(client);
        close(client);
    }
}
