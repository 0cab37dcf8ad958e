"""Row 14 of the notes: `Welcome!`, then `Hello, <name>!` for each name, until `exit`."""

from peer import connect, listen, main, read_exactly, say, typed


def greet(stream):
    stream.sendall(b"Welcome!")
    while (name := stream.recv(1024)) not in (b"", b"exit"):
        stream.sendall(b"Hello, " + name + b"!")


def introduce(stream):
    say(read_exactly(stream, len(b"Welcome!")).decode())
    for name in typed():
        stream.sendall(name)
        if name == b"exit":
            break
        say(read_exactly(stream, len(b"Hello, !") + len(name)).decode())


main(lambda: listen(greet), lambda port: connect(port, introduce))
