"""Row 2 of the notes: what the client says comes back in capitals, until it hangs up."""

from peer import connect, listen, main, read_exactly, say, typed


def shout(stream):
    while words := stream.recv(1024):
        stream.sendall(words.upper())


def talk(stream):
    for line in typed():
        # The wire has no end of message; an answer is as long as what was asked.
        stream.sendall(line)
        say(read_exactly(stream, len(line)).decode())


main(lambda: listen(shout), lambda port: connect(port, talk))
