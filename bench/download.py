"""Ranged downloads of a stored file through its signed link, against nginx's static files: CPU time
for the same bytes, and bytes a second of one connection."""
import http.client
import pathlib
import tempfile
import time

from bench import measure, upload

RANGE = 8 * 2**20
PASSES = 6


def signed_link(server, key, file):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", f"/api/v2/files/{file}/download",
                       headers={"Authorization": f"Bearer {key}"})
    reply = connection.getresponse()
    reply.read()
    if reply.status not in (302, 303, 307):
        raise RuntimeError(f"the download was answered {reply.status}")
    return reply.headers["Location"].removeprefix(server.origin)


def fetch(port, path, size, pid):
    """(CPU seconds of the server, bytes a second) of fetching the file in ranges."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    buffer = bytearray(1 << 20)
    before, began = measure.cpu_seconds(pid), time.monotonic()
    for _ in range(PASSES):
        for at in range(0, size, RANGE):
            last = min(at + RANGE, size) - 1
            connection.request("GET", path, headers={"Range": f"bytes={at}-{last}"})
            reply = connection.getresponse()
            if reply.status != 206:
                raise RuntimeError(f"a range was answered {reply.status}")
            while reply.readinto(buffer):
                pass
    seconds = time.monotonic() - began
    return measure.cpu_seconds(pid) - before, PASSES * size / seconds


def run():
    with tempfile.TemporaryDirectory() as name, measure.server() as server:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        key = server.administrator()
        upload.make_file(folder / "file")
        size = (folder / "file").stat().st_size
        _, number = upload.upload_s(server, key, folder / "file", 0)
        path = signed_link(server, key, number)
        with measure.nginx(f"location / {{ root {folder}; }}") as (origin, pid):
            ours, peer = [], []
            for _ in range(5):
                ours.append(fetch(server.port, path, size, server.process.pid))
                peer.append(fetch(int(origin.rpartition(":")[2]), "/file", size, pid))
    megabytes = PASSES * size / 1e6
    return [
        measure.row("download", "MB/s, one connection in ranges of 8 MiB",
                    measure.median(rate for _, rate in ours) / 1e6,
                    measure.median(rate for _, rate in peer) / 1e6, "nginx static", 0.95, False),
        measure.row("download", "MB a CPU second", megabytes / measure.median(c for c, _ in ours),
                    megabytes / measure.median(c for c, _ in peer), "nginx static", 0.95, False)]
