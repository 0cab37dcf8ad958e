"""Right as client bot: sends each line and waits for its answer."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    print(server.recv(2048).decode())
    for line in sys.stdin:
        server.sendall(line.rstrip("\n").encode())
        answer = server.recv(2048)
        if not answer:
            break
        print(answer.decode())
