"""Row 15 of the notes: a greeting, then every message with a word behind it, until `q`."""

from peer import connect, listen, main, read_exactly, say, typed

GREETING = "欢迎致电babyshen".encode()
WORD = "好".encode()


def answer(stream):
    stream.sendall(GREETING)
    while (message := stream.recv(1024)) not in (b"", b"q"):
        stream.sendall(message + WORD)


def ask(stream):
    say(read_exactly(stream, len(GREETING)).decode())
    for message in typed():
        stream.sendall(message)
        if message == b"q":
            break
        say(read_exactly(stream, len(message) + len(WORD)).decode())


main(lambda: listen(answer), lambda port: connect(port, ask))
