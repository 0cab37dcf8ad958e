"""Row 21 of the notes: four bytes, a JSON header with name and length, then the file's bytes."""

import json
import pathlib
import struct

from peer import connect, listen, main, read_exactly, say, typed


def receive(stream):
    folder = pathlib.Path("received")
    folder.mkdir(exist_ok=True)
    # Where a header may begin, the other side may also leave.
    while length := stream.recv(1):
        length += read_exactly(stream, 3)
        header = json.loads(read_exactly(stream, struct.unpack("i", length)[0]))
        content = read_exactly(stream, header["length"])
        path = folder / pathlib.Path(header["name"]).name
        path.write_bytes(content)
        say(f"saved {path}, {len(content)} bytes")


def send(stream):
    for line in typed():
        path = pathlib.Path(line.decode())
        content = path.read_bytes()
        header = json.dumps({"name": path.name, "length": len(content)}).encode()
        stream.sendall(struct.pack("i", len(header)) + header + content)
        say(f"sent {path.name}, {len(content)} bytes")


main(lambda: listen(receive), lambda port: connect(port, send))
