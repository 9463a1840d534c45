"""The PBX's end of an AGI connection, in memory."""

from twisted.internet.testing import StringTransport


class Socket(StringTransport):
    """As the reactor's: what it takes at once (`room` bytes), and what it keeps for later."""

    room = 1 << 20

    def writeSomeData(self, data: bytes) -> int:
        """See twisted.internet.tcp.Connection."""
        taken = data[: self.room]
        self.write(taken)
        return len(taken)
