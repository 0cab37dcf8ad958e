"""Row 16 of the notes: lines both ways; here one side types them, and the other shows them."""

import socket

from peer import connect, listen, main, read_to_end, say, typed


def hear(stream):
    for line in stream.makefile("rb"):
        say(line.decode().rstrip("\n"))


def speak(stream):
    for line in typed():
        if line == b"exit":
            break
        stream.sendall(line + b"\n")
    stream.shutdown(socket.SHUT_WR)
    read_to_end(stream)


main(lambda: listen(hear), lambda port: connect(port, speak))
