"""Right as server messages: with selectors, and a buffer for each client."""

import selectors
import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
selector.register(listener, selectors.EVENT_READ)


def print_messages(buffer):
    """Take the whole messages out of the buffer."""
    while len(buffer) >= 4:
        (length,) = struct.unpack_from("<i", buffer)
        if not 0 <= length <= MAX_MESSAGE:
            raise ValueError(f"a length of {length}")
        if len(buffer) < 4 + length:
            return
        print(bytes(buffer[4 : 4 + length]))
        del buffer[: 4 + length]


def read(conn, buffer):
    """Return whether the client is still there."""
    try:
        data = conn.recv(65536)
        buffer += data
        print_messages(buffer)
        return bool(data)
    except (OSError, ValueError) as error:
        print("failed:", error)
        return False


while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            conn, _ = listener.accept()
            selector.register(conn, selectors.EVENT_READ, bytearray())
        elif not read(key.fileobj, key.data):
            selector.unregister(key.fileobj)
            key.fileobj.close()
