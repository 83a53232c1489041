"""What the attack tests share: a server, people with keys, raw requests."""
import base64
import http.client
import json
import os
import pathlib
import socket
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
PASSWORD = "seven-green-apples"
NO_LIMITS = {"ATELIER_RATE_PERCENT": "0"}


class Reply:
    def __init__(self, reply):
        self.status, self.headers, self.body = reply.status, reply.headers, reply.read()

    def json(self):
        return json.loads(self.body)


class House(unittest.TestCase):
    """One server for the tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(BINARY, environment=NO_LIMITS)
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.root = cls.server.administrator()

    @classmethod
    def person(cls, name, *scopes):
        """(id, key) of a new member."""
        made = cls.run_json("user", "create", "--email", f"{name}@example.org", "--username", name,
                            "--password", PASSWORD, "--json")
        return made["id"], cls.key(name, *scopes)

    @classmethod
    def key(cls, name, *scopes):
        return cls.run_json("key", "create", "--user", name, "--scopes",
                            ",".join(scopes) or "all", "--json")["key"]

    @classmethod
    def run_json(cls, *words):
        status, out, errors = cls.server.cli(*words)
        assert status == 0, f"{words}: {out}{errors}"
        return json.loads(out)

    @classmethod
    def call(cls, method, path, body=None, key=None, headers=None):
        """A request whose path goes out as it is."""
        sent = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if key:
            sent["Authorization"] = f"Bearer {key}"
        connection = http.client.HTTPConnection("127.0.0.1", cls.server.port, timeout=30)
        try:
            connection.request(method, path, body, sent)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    @classmethod
    def raw(cls, text):
        """Bytes on a fresh connection; all that comes back until it closes or rests."""
        with socket.create_connection(("127.0.0.1", cls.server.port), timeout=30) as line:
            line.sendall(text)
            line.settimeout(2)
            heard = b""
            try:
                while part := line.recv(65536):
                    heard += part
            except (TimeoutError, ConnectionResetError):
                pass
            return heard

    @classmethod
    def upload(cls, key, data, name):
        """The id of a file, and the last reply."""
        tus = {"Tus-Resumable": "1.0.0"}
        words = base64.b64encode(name.encode(errors="surrogateescape")).decode()
        made = cls.call("POST", "/api/v2/uploads", b"", key,
                        {**tus, "Upload-Length": str(len(data)),
                         "Upload-Metadata": f"filename {words}"})
        if made.status != 201:
            return None, made
        place = "/api/v2/uploads/" + made.headers["Location"].rsplit("/", 1)[1]
        sent = cls.call("PATCH", place, data, key,
                        {**tus, "Upload-Offset": "0",
                         "Content-Type": "application/offset+octet-stream"})
        return sent.headers.get("Atelier-File"), sent

    def alive(self):
        """The attack left the server answering."""
        self.assertEqual(self.call("GET", "/health").status, 200)
        self.assertIsNone(self.server.process.poll())
