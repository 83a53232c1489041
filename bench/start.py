"""Start-up, memory when idle, and what an idle connection costs."""
import socket
import statistics
import time

from bench import measure

WARM, CONNECTIONS = 100, 2000


def idle_connection(port):
    each = socket.create_connection(("127.0.0.1", port))
    each.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    each.recv(4096)
    return each


def run():
    times = []
    with measure.server() as server:
        for _ in range(5):
            server.stop()
            began = time.monotonic()
            server.start()
            times.append((time.monotonic() - began) * 1000)
        time.sleep(2)
        idle = measure.resident_bytes(server.process.pid)
        # The first ones pay for what all share (buffers, caches); they stay open.
        sockets = [idle_connection(server.port) for _ in range(WARM)]
        time.sleep(1)
        before = measure.resident_bytes(server.process.pid)
        sockets += [idle_connection(server.port) for _ in range(CONNECTIONS)]
        time.sleep(1)
        grown = measure.resident_bytes(server.process.pid) - before
        for each in sockets:
            each.close()
    return [measure.row("start", "ms from exec to the first answer (migrated data)",
                        statistics.median(times), None, None, 300, at_most=True),
            measure.row("start", "MiB resident when idle", idle / 2**20, None, None, 60, True),
            measure.row("start", f"bytes an idle connection (of {CONNECTIONS})",
                        grown / CONNECTIONS, None, None, 2048, True)]
