"""An upload through the real server whose connection is cut again and again, and whose server is
killed once. ATELIER_UPLOAD_BYTES (default 100 MB; the issue's run is 1 GB) and
ATELIER_UPLOAD_CUTS (default 20) set its size."""
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.server import Server  # noqa: E402

BYTES = int(os.environ.get("ATELIER_UPLOAD_BYTES", 100_000_000))
CUTS = int(os.environ.get("ATELIER_UPLOAD_CUTS", 20))
BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
DURABLE_EVERY = 16 * 1024 * 1024
SETTLE_SECONDS_MAX = 60
IN_FLIGHT = 8 * 1024 * 1024  # socket buffers on both sides, and the server's two


class Upload:
    def __init__(self, server, key, path):
        self.server, self.path = server, path
        self.size = path.stat().st_size
        self.headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
        reply = self.call("POST", "/api/v2/uploads", {"Upload-Length": str(self.size),
                                                      "Content-Length": "0"})
        assert reply.status == 201, reply.read()
        self.location = "/api/v2/uploads/" + reply.getheader("Location").rsplit("/", 1)[1]

    def call(self, method, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, headers={**self.headers, **(headers or {})})
        reply = connection.getresponse()
        reply.content = reply.read()
        connection.close()
        return reply

    def offset(self):
        reply = self.call("HEAD", self.location)
        assert reply.status == 200, reply.status
        return int(reply.getheader("Upload-Offset"))

    def touch(self, offset):
        return self.call("PATCH", self.location, {
            "Upload-Offset": str(offset), "Content-Length": "0",
            "Content-Type": "application/offset+octet-stream"}).status

    def send(self, offset, limit=None):
        """Sends from `offset`; after `limit` bytes the connection is reset. The file's id at the
        end, else None."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=120) as wire:
            fields = {**self.headers, "Host": "test", "Upload-Offset": str(offset),
                      "Content-Type": "application/offset+octet-stream",
                      "Content-Length": str(self.size - offset)}
            head = f"PATCH {self.location} HTTP/1.1\r\n" + "".join(
                f"{name}: {value}\r\n" for name, value in fields.items())
            wire.sendall(head.encode() + b"\r\n")
            left = self.size - offset if limit is None else min(limit, self.size - offset)
            with open(self.path, "rb") as file:
                file.seek(offset)
                while left:
                    piece = file.read(min(left, 262_144))
                    wire.sendall(piece)
                    left -= len(piece)
            if limit is not None:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return None
            reply = http.client.HTTPResponse(wire)
            reply.begin()
            assert reply.status == 204, (reply.status, reply.read())
            return int(reply.getheader("Atelier-File"))


class CutUpload(unittest.TestCase):
    @unittest.skipUnless(BINARY.exists(), f"SKIPPED: {BINARY} is not built")
    def test_arrives_intact_and_sends_little_twice(self):
        random.seed(11)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-cut-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        path = folder / "model.bin"
        with open(path, "wb") as file:
            for _ in range(0, BYTES, 1 << 20):
                file.write(random.randbytes(min(1 << 20, BYTES - file.tell())))
        with Server(BINARY) as server:
            self.cut(server, path)

    def settled(self, upload, at_least):
        """The offset once the server has noticed that the connection is gone: it then takes a
        piece of no bytes, as it takes none while another writer may still move on."""
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        while time.monotonic() < deadline:
            offset = upload.offset()
            self.assertGreaterEqual(offset, at_least, "what was safe stays")
            if upload.touch(offset) == 204:
                return offset
            time.sleep(0.02)
        return self.fail(f"the upload is not free after {SETTLE_SECONDS_MAX} s")

    def cut(self, server, path):
        upload = Upload(server, server.administrator(), path)
        offset, sent, worst = 0, 0, 0
        for cut in range(CUTS):
            limit = random.randrange(1, 2 * (BYTES - offset) // (CUTS - cut + 1) + 2)
            upload.send(offset, limit)
            sent += limit
            killed = cut == CUTS // 2
            if killed:
                server.restart(signal.SIGKILL)
            before, offset = offset, self.settled(upload, offset)
            lost = before + limit - offset
            worst = max(worst, lost)
            self.assertLessEqual(lost, DURABLE_EVERY + IN_FLIGHT)
        started = time.monotonic()
        file_id = upload.send(offset)
        last = time.monotonic() - started
        sent += BYTES - offset
        reply = upload.call("GET", f"/api/v2/files/{file_id}")
        hashes = json.loads(reply.content)["hashes"]
        self.assertEqual(hashes["SHA256"].lower(), first_word(["sha256sum", path]))
        if shutil.which("b3sum"):
            self.assertEqual(hashes["BLAKE3"].lower(), first_word(["b3sum", path]))
        stored = next((server.data).rglob(hashes["SHA256"].lower()))
        self.assertEqual(stored.stat().st_size, BYTES)
        self.assertEqual(first_word(["sha256sum", stored]), hashes["SHA256"].lower())
        print(f"{BYTES} bytes, {CUTS} cuts and a kill: {sent - BYTES} sent twice, at most {worst}"
              f" at one cut; the last {BYTES - offset} took {last:.1f} s", file=sys.stderr)


def first_word(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]


if __name__ == "__main__":
    unittest.main()
