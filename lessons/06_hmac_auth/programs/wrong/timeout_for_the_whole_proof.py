"""Caught by each_byte_of_an_answer_restarts_the_timeout: SlowClientCutOff.

The timeout is for the whole answer, so a client on a slow network is cut off.
"""

import asyncio
import hmac
import os
import sys

KEY = b"henry"
TIMEOUT = 1


async def proves(reader, writer):
    challenge = os.urandom(32)
    writer.write(challenge)
    answer = await asyncio.wait_for(reader.readexactly(16), TIMEOUT)
    return hmac.compare_digest(answer, hmac.digest(KEY, challenge, "md5"))


async def serve(reader, writer):
    try:
        if await proves(reader, writer):
            while data := await reader.read(1024):
                writer.write(data.upper())
                await writer.drain()
    except (OSError, EOFError, asyncio.TimeoutError) as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
