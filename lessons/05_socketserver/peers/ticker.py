"""Row 13 of the notes: `hello` every half second until the client goes. Two of them are enough here."""

import time

from peer import connect, listen, main, read_exactly, say


def tick(stream):
    stream.sendall(b"hello")
    time.sleep(0.5)
    stream.sendall(b"hello")


def hear(stream):
    for _ in range(2):
        say(read_exactly(stream, 5).decode())


main(lambda: listen(tick), lambda port: connect(port, hear))
