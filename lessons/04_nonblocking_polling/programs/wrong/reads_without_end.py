"""Caught by unsent_bytes_per_client_are_bounded: OwedWithoutBound.

write never waits: without drain asyncio keeps everything that a client does not take.
"""

import asyncio
import sys


async def serve(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data.upper())
    except ConnectionError as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
