"""Caught by a_server_sends_and_shows_at_any_time: TakesTurns.

It answers once for each recv, and must be spoken to before it speaks again.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    conn, _ = server.accept()
    with conn:
        while data := conn.recv(1024):
            print(data.decode())
            line = sys.stdin.readline()
            if line.rstrip("\r\n") == "exit":
                break
            conn.sendall(line.encode())
