"""Right as server greeter: with asyncio, which waits for a second when accept fails."""

import asyncio
import sys


async def greet(reader, writer):
    try:
        writer.write(b"Welcome!")
        while (name := await reader.read(1024)) not in (b"", b"exit"):
            writer.write(b"Hello, " + name + b"!")
            await writer.drain()
    except OSError as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(greet, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
