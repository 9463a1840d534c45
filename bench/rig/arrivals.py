"""When a packet came, by the kernel's own clock: a thread that is late to read it changes nothing (socket(7))."""

import socket
import struct
import time

_SO_TIMESTAMPNS = 35
_TIMESPEC = struct.Struct("@ll")


def stamped(of: socket.socket) -> socket.socket:
    """The socket, each of whose packets now carries when it came."""
    of.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    return of


def arriving(of: socket.socket, most: int) -> tuple[bytes, float]:
    """The next packet of a stamped socket and when it came, in seconds of Unix. Raises TimeoutError as recv does."""
    packet, notes, _flags, _address = of.recvmsg(most, socket.CMSG_SPACE(_TIMESPEC.size))
    for level, kind, data in notes:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack(data[: _TIMESPEC.size])
            return packet, seconds + nanoseconds / 1e9
    return packet, time.time()
