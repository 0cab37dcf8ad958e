"""Right as server bot: with asyncio, and bytes that are not text become surrogates and back."""

import asyncio
import codecs
import sys

GREETING = "欢迎致电babyshen".encode()


async def talk(reader, writer):
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    try:
        writer.write(GREETING)
        while (data := await reader.read(1024)) not in (b"", b"q", b"q\n", b"q\r\n"):
            if message := decoder.decode(data):
                writer.write((message + "好").encode("utf-8", "surrogateescape"))
                await writer.drain()
    except OSError as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
