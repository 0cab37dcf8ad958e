"""Row 10 of the notes: four bytes, `struct.pack('i', n)`, then n bytes."""

import struct

from peer import connect, listen, main, read_exactly, say, typed


def receive(stream):
    # Where a header may begin, the other side may also leave.
    while header := stream.recv(1):
        header += read_exactly(stream, 3)
        message = read_exactly(stream, struct.unpack("i", header)[0])
        say(f"{len(message)} bytes: {message.decode()}")


def send(stream):
    for message in typed():
        stream.sendall(struct.pack("i", len(message)) + message)


main(lambda: listen(receive), lambda port: connect(port, send))
