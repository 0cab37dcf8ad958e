"""Caught by bytes_that_arrive_together_are_one_read: NoRoomForAll.

The buffer has the length of the expected words, and cuts what sticks together.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while piece := conn.recv(5):
                print(piece)
