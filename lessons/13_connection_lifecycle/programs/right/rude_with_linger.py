"""Right as server rude: a close that does not linger is a reset."""

import socket
import struct
import sys
import threading


def reset(connection):
    with connection:
        try:
            if connection.recv(1):
                no_time = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_time)
        except OSError:
            pass


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        threading.Thread(target=reset, args=[connection], daemon=True).start()
