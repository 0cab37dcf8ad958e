"""One line per message: `ping` is answered with `pong`, any other line with itself."""

from peer import connect, listen, main, say, typed


def answer(stream):
    for line in stream.makefile("rb"):
        stream.sendall(b"pong\n" if line == b"ping\n" else line)


def ask(stream):
    answers = stream.makefile("rb")
    for line in typed():
        # Before each line it was silent for a while, as a client is.
        for message in b"ping\n", line + b"\n":
            stream.sendall(message)
            answer = answers.readline()
            if answer != b"pong\n":
                say(answer.decode().removesuffix("\n"))


main(lambda: listen(answer), lambda port: connect(port, ask))
