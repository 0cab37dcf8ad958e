"""Caught by a_name_is_sent_without_its_line_break: LineBreakIsSent.

The line is sent as it was typed.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    print(server.recv(1024).decode())
    for line in sys.stdin:
        server.sendall(line.encode())
        answer = server.recv(2048)
        if not answer:
            break
        print(answer.decode())
