"""Right as client chat: with asyncio, and a thread that waits for the keyboard."""

import asyncio
import os
import sys
import threading


async def speak(lines, writer):
    while (line := await lines.get()).rstrip("\r\n") != "exit":
        if not line:
            return writer.write_eof()
        writer.write(line.encode())
        await writer.drain()
    writer.close()


def type_lines(loop, lines):
    line = None
    while line != "":
        line = sys.stdin.readline()
        loop.call_soon_threadsafe(lines.put_nowait, line)


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    lines = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=type_lines, args=(loop, lines), daemon=True).start()
    speaking = asyncio.create_task(speak(lines, writer))
    while data := await reader.read(1024):
        os.write(1, data)
    speaking.cancel()


asyncio.run(main())
