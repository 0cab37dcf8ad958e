"""Row 9 of the notes: the size in decimal, an acknowledgement, then the data."""

from peer import connect, listen, main, read_exactly, say, typed


def receive(stream):
    while size := stream.recv(1024):
        stream.sendall(b"ok")
        message = read_exactly(stream, int(size))
        say(f"{len(message)} bytes: {message.decode()}")


def send(stream):
    for message in typed():
        stream.sendall(str(len(message)).encode())
        stream.recv(1024)
        stream.sendall(message)


main(lambda: listen(receive), lambda port: connect(port, send))
