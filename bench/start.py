"""Start-up, memory when idle, and what an idle connection costs."""
import socket
import statistics
import time

from bench import measure

CONNECTIONS = 500


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
        sockets = []
        for _ in range(CONNECTIONS):
            each = socket.create_connection(("127.0.0.1", server.port))
            each.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            each.recv(4096)
            sockets.append(each)
        time.sleep(1)
        grown = measure.resident_bytes(server.process.pid) - idle
        for each in sockets:
            each.close()
    return [measure.row("start", "ms from exec to the first answer (migrated data)",
                        statistics.median(times), None, None, 300, at_most=True),
            measure.row("start", "MiB resident when idle", idle / 2**20, None, None, 60, True),
            measure.row("start", f"bytes an idle connection (of {CONNECTIONS})",
                        grown / CONNECTIONS, None, None, 2048, True)]
