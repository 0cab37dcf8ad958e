"""What the Python peers share: exact reads, and a command line of a role and a port.

Standard library only. A peer speaks the wire of one row of the notes; where the notes' program reads
once and hopes, a peer reads until it has what it needs, so that a run comes out the same every time.
"""

import socket
import sys

HOST = "127.0.0.1"


def read_exactly(stream, count):
    """Return `count` bytes; an end of stream before that is an error."""
    parts = []
    while count > 0:
        part = stream.recv(count)
        if not part:
            raise EOFError(f"the stream ended {count} bytes too early")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_to_end(stream):
    """Return all that comes until the other side has said that nothing more will."""
    parts = []
    while part := stream.recv(65536):
        parts.append(part)
    return b"".join(parts)


def typed():
    """Yield what is typed, a line at a time, as bytes."""
    for line in sys.stdin:
        yield line.rstrip("\n").encode()


def say(text):
    """Print at once: whoever started this program reads it through a pipe."""
    print(text, flush=True)


def listen(talk):
    """Serve one client after the other over TCP, for ever."""
    with socket.create_server((HOST, 0)) as listener:
        say(f"listening on {HOST}:{listener.getsockname()[1]}")
        while True:
            stream, _ = listener.accept()
            with stream:
                talk(stream)


def connect(port, talk):
    """Talk to the server at this port over TCP."""
    with socket.create_connection((HOST, port)) as stream:
        talk(stream)


def main(serve, client):
    """Take the role that the command line names: `serve`, or `client PORT`."""
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["client", port]:
            client(int(port))
        case _:
            sys.exit("expected `serve`, or `client` and a port")
