"""Right as server acknowledged: with asyncio, a task for each sender."""

import asyncio
import re
import sys

MAX_MESSAGE = 16 * 1024 * 1024


async def receive(reader, writer):
    try:
        while size := await reader.read(1024):
            if not re.fullmatch(rb"[0-9]{1,8}", size) or int(size) > MAX_MESSAGE:
                break
            writer.write("收到".encode())
            print(bytes(await reader.readexactly(int(size))).decode(errors="replace"))
    except (OSError, asyncio.IncompleteReadError) as error:
        print("failed:", type(error).__name__)
    writer.close()


async def main():
    server = await asyncio.start_server(receive, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
