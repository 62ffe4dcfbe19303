"""A mail server for tests that takes, refuses, delays, drops or hangs, as it is told.

    python sink.py --port 0 --dir DIR --mode MODE [--cert PEM --key PEM [--implicit]]

It prints its port on the first line, writes each message it took as DIR/<n>.eml and a JSON line
about it to DIR/log.jsonl: {"event", "n", "message_id", "rcpt", "mail_from", "mode", "time"}.
A word written to DIR/mode changes the mode for what comes next.

ok             takes everything
refuse         550 at RCPT
greylist       451 at the first RCPT of a sender and recipient (no Message-ID is known there)
greylist-data  451 after the first DATA of a Message-ID and recipient
slow           the first six bytes of the banner one a second, then as ok
hang           accepts the connection and never speaks
drop           reads the message, records it as "dropped" and closes before the answer
busy           421 as the banner, then closes
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import pathlib
import signal
import ssl
import time

from aiosmtpd.smtp import SMTP

MODES = ("ok", "refuse", "greylist", "greylist-data", "slow", "hang", "drop", "busy")


class Sink:
    """What was seen, and how to answer; one for all connections."""

    def __init__(self, folder: pathlib.Path, mode: str) -> None:
        self.folder = folder
        self.start_mode = mode
        self.count = 0
        self.seen: set[tuple[str, str]] = set()

    @property
    def mode(self) -> str:
        try:
            word = (self.folder / "mode").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return self.start_mode
        # A half-written file is no mode; what was said before still holds.
        if word in MODES:
            self.start_mode = word
        return self.start_mode

    def first_time(self, key: tuple[str, str]) -> bool:
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def record(self, event: str, envelope, message_id: str, number: int | None = None) -> None:
        line = {
            "event": event,
            "n": number,
            "message_id": message_id,
            "rcpt": list(envelope.rcpt_tos),
            "mail_from": envelope.mail_from,
            "mode": self.start_mode,
            "time": time.time(),
        }
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")

    async def handle_RCPT(self, server, session, envelope, address, options):
        mode = self.mode
        if mode == "refuse":
            return "550 5.1.1 no such mailbox"
        if mode == "greylist" and self.first_time((envelope.mail_from, address)):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        mode = self.mode
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message_id = str(parsed.get("Message-ID", ""))
        if mode == "greylist-data":
            again = [self.first_time((message_id, to)) for to in envelope.rcpt_tos]
            if any(again):
                return "451 4.3.0 try again later"
        if mode == "drop":
            self.record("dropped", envelope, message_id)
            server.transport.abort()
            return "421 4.3.0 gone"
        self.count += 1
        number = self.count
        half = self.folder / f".{number}.tmp"
        half.write_bytes(envelope.content)
        os.replace(half, self.folder / f"{number}.eml")
        self.record("accepted", envelope, message_id, number)
        return "250 2.0.0 taken"


class Raw(asyncio.Protocol):
    """A connection that never becomes a conversation: busy or hanging."""

    def __init__(self, banner: bytes | None) -> None:
        self.banner = banner

    def connection_made(self, transport) -> None:
        if self.banner is not None:
            transport.write(self.banner)
            transport.close()


class Slow(SMTP):
    """A server whose banner takes its time."""

    greeted = False

    async def push(self, status) -> None:
        if self.greeted:
            await super().push(status)
            return
        self.greeted = True
        line = (status if isinstance(status, bytes) else status.encode()) + b"\r\n"
        for position in range(6):
            self._writer.write(line[position : position + 1])
            await self._writer.drain()
            await asyncio.sleep(1)
        self._writer.write(line[6:])
        await self._writer.drain()


def protocol(sink: Sink, tls: ssl.SSLContext | None):
    """The protocol of a new connection, by the mode of that moment."""
    options = {"enable_SMTPUTF8": True, "hostname": "sink.example", "tls_context": tls}

    def make():
        mode = sink.mode
        if mode == "hang":
            return Raw(None)
        if mode == "busy":
            return Raw(b"421 4.3.2 busy\r\n")
        if mode == "slow":
            return Slow(sink, ident="sink", **options)
        return SMTP(sink, ident="sink", **options)

    return make


async def serve(arguments: argparse.Namespace) -> None:
    folder = pathlib.Path(arguments.dir)
    folder.mkdir(parents=True, exist_ok=True)
    sink = Sink(folder, arguments.mode)
    tls = None
    if arguments.cert:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(arguments.cert, arguments.key)
    implicit = tls if arguments.implicit else None
    start_tls = None if arguments.implicit else tls
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        protocol(sink, start_tls), "127.0.0.1", arguments.port, ssl=implicit
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--mode", choices=MODES, default="ok")
    parser.add_argument("--cert", help="a certificate chain; STARTTLS is then offered")
    parser.add_argument("--key", help="its key")
    parser.add_argument("--implicit", action="store_true", help="TLS from the first byte")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
