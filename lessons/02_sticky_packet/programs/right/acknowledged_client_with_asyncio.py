"""Right as client acknowledged: with asyncio, whose writes go on in the background."""

import asyncio
import sys

MAX_MESSAGE = 16 * 1024 * 1024


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        message = line.rstrip("\n").encode()
        if len(message) > MAX_MESSAGE:
            break
        writer.write(str(len(message)).encode())
        if not await reader.read(1024):
            break
        writer.write(message)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


asyncio.run(main())
