"""Caught by a_client_that_leaves_harms_no_other: OneHarmsOthers.

One thread ticks for all clients, and the first error ends it.
"""

import heapq
import select
import socket
import sys
import time

due = []

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        pause = max(0, due[0][0] - time.monotonic()) if due else None
        readable, _, _ = select.select([server], [], [], pause)
        if readable:
            conn, _ = server.accept()
            heapq.heappush(due, (time.monotonic(), conn.fileno(), conn))
        while due and due[0][0] <= time.monotonic():
            when, number, conn = heapq.heappop(due)
            conn.sendall(b"hello")
            heapq.heappush(due, (when + 0.5, number, conn))
