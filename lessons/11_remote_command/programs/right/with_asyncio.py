"""Right as server commands: a task per client, and one per output."""

import asyncio
import contextlib
import hmac
import os
import signal
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE

KEY = b"henry"
ALLOWED = {"echo": "/bin/echo", "sh": "/bin/sh"}
LIMIT = 2
MOST = 64 * 1024


class Session:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def serve(self):
        challenge = os.urandom(32)
        self.writer.write(challenge)
        answer = await asyncio.wait_for(self.reader.readexactly(16), LIMIT)
        if not hmac.compare_digest(answer, hmac.digest(KEY, challenge, "md5")):
            return
        while (words := await self.command()) and words[0] not in ("q", "exit"):
            await self.run(words)

    async def command(self):
        try:
            (length,) = struct.unpack("<i", await self.reader.readexactly(4))
        except asyncio.IncompleteReadError:
            return None
        if not 0 < length <= MOST:
            raise ValueError("a length outside its limits")
        *words, rest = (await self.reader.readexactly(length)).decode().split("\0")
        if rest:
            raise ValueError("the last word has no end")
        return words

    async def run(self, words):
        program = ALLOWED.get(words[0])
        if program is None:
            return await self.piece(b"r", b"only " + ", ".join(ALLOWED).encode())
        process = await asyncio.create_subprocess_exec(
            program,
            *words[1:],
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        outputs = self.pass_on(b"o", process.stdout), self.pass_on(b"e", process.stderr)
        everything = asyncio.gather(*outputs, process.wait())
        try:
            *_, status = await asyncio.wait_for(everything, LIMIT)
        except asyncio.TimeoutError:
            status = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            # `wait` returns only after the pipes have been read to their ends.
            rest = process.stdout.read(), process.stderr.read()
            await asyncio.gather(*rest, process.wait())
        if status is None:
            await self.piece(b"t", b"")
        elif status < 0:
            await self.piece(b"s", struct.pack("<i", -status))
        else:
            await self.piece(b"x", struct.pack("<i", status))

    async def pass_on(self, kind, output):
        while data := await output.read(4096):
            await self.piece(kind, data)

    async def piece(self, kind, data):
        self.writer.write(kind + struct.pack("<i", len(data)) + data)
        await asyncio.wait_for(self.writer.drain(), LIMIT)


async def serve(reader, writer):
    try:
        await Session(reader, writer).serve()
        writer.close()
    except (OSError, ValueError, EOFError, asyncio.TimeoutError) as error:
        print("the session has ended:", repr(error))
        # A client that does not read would keep an orderly close waiting.
        writer.transport.abort()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
