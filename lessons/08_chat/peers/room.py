"""A member of lesson 8's room: says what is typed, the name first, and shows what the others say."""

import socket

from peer import connect, main, read_to_end, say, typed


def join(stream):
    for line in typed():
        stream.sendall(line + b"\n")
    stream.shutdown(socket.SHUT_WR)
    for line in read_to_end(stream).decode().splitlines():
        say(line)


main(lambda: None, lambda port: connect(port, join))
