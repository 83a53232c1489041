"""Following a generation: the stream misses nothing from the cursor of an answer on, can be opened
again anywhere, also after a restart, and is the owner's only."""
import http.client
import json
import os
import pathlib
import signal
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
READ_SECONDS_MAX = 60
FINAL = {"succeeded", "failed", "canceled", "expired"}


class Stream:
    """Server-sent events, one after another: (id, name, data)."""

    def __init__(self, test, path, key, headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", test.server.port,
                                                     timeout=READ_SECONDS_MAX)
        test.addCleanup(self.connection.close)
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {key}",
                                                      **(headers or {})})
        self.reply = self.connection.getresponse()
        self.status = self.reply.status

    def next(self):
        event = {}
        while True:
            line = self.reply.readline().decode().rstrip("\n")
            if not line and "event" in event:
                return int(event["id"]), event["event"], json.loads(event["data"])
            name, _, value = line.partition(": ")
            if name:
                event[name] = value

    def until_final(self, generation):
        seen = []
        while True:
            seen.append(self.next())
            _, name, data = seen[-1]
            if name == "status" and data["generation"] == generation and data["status"] in FINAL:
                return seen


@unittest.skipUnless(BINARY.exists(), f"SKIPPED: {BINARY} is not built")
class GenerationStream(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(BINARY))
        self.key = self.server.administrator("root")

    def call(self, method, path, body=None, key=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request(method, path, body and json.dumps(body), {
            "Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"})
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, json.loads(content) if content else None

    def ask(self, quantity=2):
        status, made = self.call("POST", "/api/v2/generations", {
            "prompt": "a fox in the snow", "width": 512, "height": 512, "quantity": quantity,
            "seed": 5})
        self.assertEqual(status, 201, made)
        return made

    def ended(self, number):
        deadline = time.monotonic() + READ_SECONDS_MAX
        while time.monotonic() < deadline:
            status, found = self.call("GET", f"/api/v2/generations/{number}")
            self.assertEqual(status, 200)
            if found["status"] in FINAL:
                return found
            time.sleep(0.05)
        self.fail("it does not end")

    def test_nothing_is_missed_and_it_resumes(self):
        made = self.ask()
        path = f"/api/v2/generations/{made['id']}/events"
        time.sleep(0.3)  # what happens meanwhile is replayed
        seen = Stream(self, f"{path}?after={made['cursor']}", self.key).until_final(made["id"])
        self.assertEqual(seen[-1][2]["status"], "succeeded")
        self.assertTrue(any(name == "progress" and 0 <= data["part"] <= 1
                            for _, name, data in seen), seen)
        ids = [each[0] for each in seen]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual(self.ended(made["id"])["status"], "succeeded")
        # From anywhere on it is the same again.
        for cut in (0, len(seen) // 2):
            after = int(made["cursor"]) if cut == 0 else seen[cut - 1][0]
            again = Stream(self, path, self.key, {"Last-Event-ID": str(after)})
            self.assertEqual(again.until_final(made["id"]), seen[cut:])

    def test_all_of_ones_own_in_one_stream(self):
        stream = Stream(self, "/api/v2/generations/events", self.key)
        self.assertEqual(stream.reply.readline(), b": open\n")
        first, second = self.ask(1), self.ask(1)
        for made in (first, second):
            self.assertEqual(self.ended(made["id"])["status"], "succeeded")
        finals = set()
        while len(finals) < 2:
            _, name, data = stream.next()
            if name == "status" and data["status"] == "succeeded":
                finals.add(data["generation"])
        self.assertEqual(finals, {first["id"], second["id"]})

    def test_after_a_restart_it_says_to_read_again(self):
        made = self.ask()
        self.server.restart(signal.SIGKILL)
        stream = Stream(self, f"/api/v2/generations/{made['id']}/events?after={made['cursor']}",
                        self.key)
        self.assertEqual(stream.next()[1], "reset")
        self.assertEqual(self.ended(made["id"])["status"], "succeeded")

    def test_others_may_not(self):
        made = self.ask(1)
        status, out, words = self.server.cli("user", "create", "--email", "b@example.org",
                                             "--username", "bob", "--password",
                                             "seven green apples", "--json")
        self.assertEqual(status, 0, words)
        status, out, _ = self.server.cli("key", "create", "--user", "bob", "--scopes", "all",
                                         "--json")
        bob = json.loads(out)["key"]
        for path in (f"/api/v2/generations/{made['id']}/events",
                     f"/api/v2/generations/{made['id']}/previews/{made['steps'][0]['id']}",
                     f"/api/v2/generations/{made['id']}/events?after=x"):
            self.assertIn(Stream(self, path, bob).status, (404, 422))

    def test_a_preview_that_is_gone_is_no_fault(self):
        made = self.ask(1)
        self.ended(made["id"])
        step = made["steps"][0]["id"]
        path = f"/api/v2/generations/{made['id']}/previews/"
        self.assertEqual(Stream(self, f"{path}{step}", self.key).status, 204)
        self.assertEqual(Stream(self, f"{path}{step + 1000}", self.key).status, 404)


if __name__ == "__main__":
    unittest.main()
