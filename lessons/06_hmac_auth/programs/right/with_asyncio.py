"""Right as server chat: with asyncio, and a timeout for each byte of the answer."""

import asyncio
import hmac
import os
import sys

KEY = b"henry"
TIMEOUT = 1


async def proves(reader, writer):
    challenge = os.urandom(32)
    writer.write(challenge)
    answer = b""
    while len(answer) < 16:
        part = await asyncio.wait_for(reader.read(16 - len(answer)), TIMEOUT)
        if not part:
            return False
        answer += part
    return hmac.compare_digest(answer, hmac.digest(KEY, challenge, "md5"))


async def serve(reader, writer):
    try:
        if await proves(reader, writer):
            while data := await reader.read(1024):
                writer.write(data.upper())
                await writer.drain()
    except (OSError, asyncio.TimeoutError) as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
