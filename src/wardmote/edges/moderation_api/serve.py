"""Puts the standalone application behind granian, in this one process."""

import asyncio
import logging
import signal

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from wardmote.edges.moderation_api.limits import allow_files
from wardmote.edges.moderation_api.standalone import CONNECTIONS, PATIENCE, App


def serve(app: App, *, address: str, port: int) -> None:
    """Answer until told to stop by Ctrl-C, `kill`, or a closed terminal."""
    allow_files(CONNECTIONS + 128)
    logging.basicConfig(level=logging.INFO, format="{asctime} {levelname} {name}: {message}", style="{")
    asyncio.run(_serve(app, address, port))


async def _serve(app: App, address: str, port: int) -> None:
    server = Server(
        app,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=round(PATIENCE * 1000), max_buffer_size=65_536),
        websockets=False,
        backlog=1024,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, server.stop)
    await server.serve()
