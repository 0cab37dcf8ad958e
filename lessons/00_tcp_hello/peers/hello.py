"""Row 1 of the notes: the server says `hello`, the client answers `byebye`, and both close."""

from peer import connect, listen, main, read_exactly, say


def greet(stream):
    stream.sendall(b"hello")
    # As the notes have it: the server hangs up when it has heard the word, not when its caller has.
    say(read_exactly(stream, len(b"byebye")).decode())


def answer(stream):
    say(read_exactly(stream, len(b"hello")).decode())
    stream.sendall(b"byebye")


main(lambda: listen(greet), lambda port: connect(port, answer))
