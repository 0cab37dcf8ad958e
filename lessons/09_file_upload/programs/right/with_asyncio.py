"""Right as server upload: with asyncio, and temporary files of its own."""

import asyncio
import json
import os
import re
import struct
import sys
import uuid

FOLDER = sys.argv[2]
DEVICE = re.compile(r"(con|prn|aux|nul|con(in|out)\$|(com|lpt)[1-9¹²³]) *(\..*)?", re.I)
FORBIDDEN = re.compile(r"[/\\:\x00-\x1f\x7f-\x9f]|[. ]\Z")

FAILURES = (AttributeError, EOFError, LookupError, OSError, TypeError, ValueError)


def checked(header):
    name, length = header["name"], header["length"]
    if type(length) is not int or not 0 <= length < 2**64:
        raise ValueError("no length")
    if not 1 <= len(name.encode()) <= 255 or FORBIDDEN.search(name):
        raise ValueError("no plain name")
    if DEVICE.fullmatch(name):
        raise ValueError("a device")
    return name, length


async def receive(reader, start):
    (count,) = struct.unpack("<i", start + await reader.readexactly(3))
    if not 0 <= count <= 4096:
        raise ValueError("no length of a header")
    json_header = await reader.readexactly(count)
    name, length = checked(json.loads(json_header.decode("utf-8")))
    temporary = os.path.join(FOLDER, f"{uuid.uuid4()}.part")
    try:
        with open(temporary, "xb") as file:
            while length > 0:
                piece = await reader.read(min(length, 256 * 1024))
                if not piece:
                    raise EOFError("the stream ended inside the content")
                file.write(piece)
                length -= len(piece)
        os.link(temporary, os.path.join(FOLDER, name))
    finally:
        os.unlink(temporary)


async def serve(reader, writer):
    try:
        while start := await reader.read(1):
            await receive(reader, start)
    except FAILURES as error:
        print("failed:", repr(error))
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
