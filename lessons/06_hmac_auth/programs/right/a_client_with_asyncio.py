"""Right as client chat: with asyncio, which reads exactly as many bytes as it is asked for."""

import asyncio
import hmac
import sys

KEY = b"henry"


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    challenge = await reader.readexactly(32)
    writer.write(hmac.digest(KEY, challenge, "md5"))
    await writer.drain()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        message = line.encode()
        writer.write(message)
        await writer.drain()
        print((await reader.readexactly(len(message))).decode(), end="", flush=True)
    writer.close()


asyncio.run(main())
