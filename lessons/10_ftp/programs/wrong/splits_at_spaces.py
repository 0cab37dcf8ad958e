"""Caught by a_file_of_any_name_is_served: NameNotFound.

A name with a space has more than one word.
"""

import asyncio
import hashlib
import os
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[2])


def requested(request):
    """Find the file that is asked for: one name in the folder, and not a path."""
    word, *names = request.split(b" ")
    if word != b"get" or len(names) != 1:
        return None
    name = os.fsdecode(names[0])
    if name in ("", ".", "..") or {"/", "\0"} & set(name):
        return None
    try:
        path = FOLDER / name
        return path.open("rb") if path.is_file() else None
    except OSError:
        return None


async def send(reader, writer, file):
    size = os.fstat(file.fileno()).st_size
    writer.write(str(size).encode())
    if not await reader.read(1024):
        raise EOFError("no acknowledgement")
    md5 = hashlib.md5()
    while size > 0:
        piece = file.read(min(size, 64 * 1024))
        if not piece:
            raise EOFError("the file has become shorter")
        md5.update(piece)
        writer.write(piece)
        await writer.drain()
        size -= len(piece)
    writer.write(md5.hexdigest().encode())


async def serve(reader, writer):
    try:
        while request := await reader.read(1024):
            if file := requested(request):
                with file:
                    await send(reader, writer, file)
            else:
                writer.write(b"no such file")
            await writer.drain()
    except (EOFError, OSError) as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
