"""A question that ends with a half-close, and its answer in capitals: lesson 13.

client → server    the question, end of stream
server → client    THE QUESTION, end of stream
"""

import socket

from peer import connect, listen, main, read_to_end, say, typed


def answer(stream):
    stream.sendall(read_to_end(stream).upper())
    stream.shutdown(socket.SHUT_WR)
    # The other side goes on until it has closed its end, too.
    read_to_end(stream)


def ask(stream):
    for line in typed():
        stream.sendall(line + b"\n")
    stream.shutdown(socket.SHUT_WR)
    say(read_to_end(stream).decode().removesuffix("\n"))


main(lambda: listen(answer), lambda port: connect(port, ask))
