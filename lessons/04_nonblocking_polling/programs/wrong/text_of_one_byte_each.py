"""Caught by only_ascii_letters_change: OnlyAsciiLettersChange.

Latin-1 makes a character of every byte, and upper then changes some beyond ASCII.
"""

import asyncio
import sys


async def serve(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data.decode("latin-1").upper().encode("latin-1", "replace"))
            await writer.drain()
    except ConnectionError as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
