"""Caught by bytes_are_shown_while_a_write_is_blocked: TakesTurns.

sendall waits for the peer, and nothing is shown meanwhile.
"""

import os
import select
import socket
import sys

conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sources = [conn, 0]
while True:
    readable, _, _ = select.select(sources, [], [])
    if conn in readable:
        data = conn.recv(1024)
        if not data:
            break
        os.write(1, data)
    if 0 in readable:
        typed = os.read(0, 65536)
        if typed in (b"exit\n", b"exit\r\n"):
            break
        if not typed:
            conn.shutdown(socket.SHUT_WR)
            sources.remove(0)
        conn.sendall(typed)
