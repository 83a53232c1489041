"""Whoever loses a session, a key or a role loses the event streams opened with it."""
import http.client
import json
import os
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
PASSWORD = "correct-horse-battery"
READ_SECONDS_MAX = 60


@unittest.skipUnless(BINARY.exists(), f"SKIPPED: {BINARY} is not built")
class StreamsEnd(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(BINARY))
        self.key = self.server.administrator("root", PASSWORD)

    def connection(self):
        made = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=READ_SECONDS_MAX)
        self.addCleanup(made.close)
        return made

    def call(self, method, path, headers, body=None):
        connection = self.connection()
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        content = reply.read()
        self.assertLess(reply.status, 300, content)
        return reply.headers, json.loads(content) if content else None

    def sign_in(self, password=PASSWORD):
        headers, _ = self.call("POST", "/api/v2/sessions", {},
                               {"login": "root", "password": password})
        return {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def watch(self, headers):
        """An open stream."""
        connection = self.connection()
        connection.request("GET", "/api/v2/live?topics=jobs", headers=headers)
        reply = connection.getresponse()
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.readline(), b": open\n")
        return reply

    def assert_ended(self, stream):
        """Reads to its end; a stream that stays open fails by the time-out."""
        stream.read()

    def assert_open(self, stream, heard=b"event: job"):
        """News still come: an import of an empty folder is a job."""
        folder = self.server.folder / "models"
        folder.mkdir(exist_ok=True)
        self.call("POST", "/api/v2/admin/imports", {"Authorization": f"Bearer {self.key}"},
                  {"path": str(folder), "draft": False})
        while not stream.readline().startswith(heard):
            pass

    def test_ending_other_sessions(self):
        here, there = self.sign_in(), self.sign_in()
        mine, other = self.watch(here), self.watch(there)
        self.call("DELETE", "/api/v2/sessions/others", here)
        self.assert_ended(other)
        self.assert_open(mine)
        self.call("DELETE", "/api/v2/sessions/current", here)
        self.assert_ended(mine)

    def test_a_new_password(self):
        here, there = self.sign_in(), self.sign_in()
        stream = self.watch(there)
        self.call("POST", "/api/v2/me/password", here,
                  {"current": PASSWORD, "password": "seven green apples"})
        self.assert_ended(stream)

    def test_revoking_a_key(self):
        here = self.sign_in()
        _, made = self.call("POST", "/api/v2/keys", here, {"name": "one", "scopes": ["all"]})
        stream = self.watch({"Authorization": f"Bearer {made['key']}"})
        other = self.watch({"Authorization": f"Bearer {self.key}"})
        self.call("DELETE", f"/api/v2/keys/{made['id']}", here)
        self.assert_ended(stream)
        self.assert_open(other)

    def test_losing_the_role(self):
        status, _, words = self.server.cli("user", "create", "--email", "b@example.org",
                                           "--username", "berta", "--password", PASSWORD,
                                           "--role", "administrator", "--json")
        self.assertEqual(status, 0, words)
        stream = self.watch(self.sign_in())
        status, _, words = self.server.cli("user", "role", "root", "member")
        self.assertEqual(status, 0, words)
        self.assert_ended(stream)


if __name__ == "__main__":
    unittest.main()
