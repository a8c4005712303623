"""What the kernel is asked to watch over, since the web server has no setting for it."""

import errno
import os
import socket
import stat
from contextlib import suppress


def drop_those_who_do_not_read(seconds: float) -> int:
    """Have the kernel end connections whose other end takes nothing for so long; gives how many sockets listen.

    Set on what listens in this process, it holds for every connection accepted from then on. Only Linux has it; else
    such a connection costs its place and what it was sent last.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:
        return 0
    found = 0
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 - numbers, not paths
        # Most are no sockets, and the one that lists them is gone by now.
        with suppress(OSError), _copy(int(name)) as each:
            if each.family != socket.AF_UNIX and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                each.setsockopt(socket.IPPROTO_TCP, option, round(seconds * 1000))
                found += 1
    return found


def _copy(number: int) -> socket.socket:
    # Of a socket alone: closing a copy of a file's descriptor lets go of every lock that this process has on the file,
    # and SQLite would go on as if it had them.
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        raise OSError(errno.ENOTSOCK, os.strerror(errno.ENOTSOCK))
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
