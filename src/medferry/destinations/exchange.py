"""One deadline for a whole exchange: whatever the other side drips, promises or withholds, it ends.

Timeouts of a socket begin anew with every byte: endless `100 Continue`, a header a minute or a chunk size without end
hold a thread for ever. A watcher cuts the connection of an exchange whose time is up; the thread that waits on it wakes.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time


class Exchange:
    """One request and its answer.

    It holds a second handle of its connection: TLS takes the first one over while it shakes hands, and a connection that
    is not kept is let go before its answer is read.
    """

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.is_cut = False
        self._lock = threading.Lock()
        self._line: socket.socket | None = None

    def goes_over(self, line: socket.socket) -> None:
        """From now on; asked at every send, so it costs nothing when it is known."""
        with self._lock:
            if self._line is None and line.fileno() >= 0:
                self._line = socket.socket(fileno=os.dup(line.fileno()))
            if self.is_cut:
                self._shut()

    def cut(self) -> None:
        """Ends the connection for both directions, whoever reads or writes on it."""
        with self._lock:
            self.is_cut = True
            self._shut()

    def end(self) -> None:
        """Lets its handle go; the connection lives on."""
        with self._lock:
            if self._line is not None:
                self._line.close()
                self._line = None

    def _shut(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                self._line.shutdown(socket.SHUT_RDWR)


class ExchangeWatch:
    """Cuts exchanges that last longer than `limit_s`. One thread for all, there only while it is needed."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._under_way: dict[int, Exchange] = {}  # in the order of their ends: all last equally long
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def begin(self) -> Exchange:
        """An exchange begins now."""
        exchange = Exchange(time.monotonic() + self._limit_s)
        with self._changed:
            self._under_way[id(exchange)] = exchange
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="exchange watch", daemon=True)
                self._thread.start()
            elif len(self._under_way) == 1:
                self._changed.notify()
        return exchange

    def end(self, exchange: Exchange) -> None:
        """It is over: from now on its connection may serve another one."""
        with self._changed:
            self._under_way.pop(id(exchange), None)
        exchange.end()

    def close(self) -> None:
        """Cuts what is still under way."""
        with self._changed:
            self._is_closed = True
            for exchange in self._under_way.values():
                exchange.cut()
            self._under_way.clear()
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_closed:
                first = next(iter(self._under_way.values()), None)
                left_s = None if first is None else first.ends_at - time.monotonic()
                if first is not None and left_s is not None and left_s <= 0:
                    del self._under_way[id(first)]
                    first.cut()
                else:
                    self._changed.wait(left_s)
