"""Right as server messages: with asyncio, which has readexactly."""

import asyncio
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024


async def print_messages(reader, writer):
    try:
        while True:
            (length,) = struct.unpack("<i", await reader.readexactly(4))
            if not 0 <= length <= MAX_MESSAGE:
                break
            message = await reader.readexactly(length)
            print(len(message), "bytes:", message.decode(errors="replace"))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # The client has left.
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(print_messages, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
