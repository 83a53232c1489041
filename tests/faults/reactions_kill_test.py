"""Counters are exact: people react at once while the server is killed, again and again.

Every client knows what it was told last. In the end each counter is the number of reactions that
stand, on both engines, and still is when all are counted again while people go on. 100,000 requests
under ATELIER_SOAK, 3,000 otherwise.
"""
import http.client
import json
import os
import pathlib
import random
import signal
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.postgres import Cluster  # noqa: E402
from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
REQUESTS = 100_000 if os.environ.get("ATELIER_SOAK") else 3_000
CLIENTS, SUBJECTS, KILLS = 8, 10, 5
REACTIONS = ["Like", "Dislike", "Laugh", "Cry", "Heart"]
WAIT_SECONDS_MAX = 120


class Client(threading.Thread):
    """One person who reacts and takes back at random; tries each request until it is answered."""

    def __init__(self, server, key, subjects, requests, seed):
        super().__init__()
        self.server, self.key, self.subjects, self.requests = server, key, subjects, requests
        self.random, self.connection = random.Random(seed), None
        self.standing, self.faults, self.done = set(), [], 0

    def send(self, method, path, body=None):
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while time.monotonic() < deadline:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port,
                                                                 timeout=30)
                self.connection.request(method, path, body=body and json.dumps(body), headers={
                    "Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
                reply = self.connection.getresponse()
                text = reply.read()
                if reply.status != 503:
                    return reply.status, json.loads(text)
            except (OSError, http.client.HTTPException):
                self.close()
            time.sleep(0.02)
        raise RuntimeError("no answer")

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def run(self):
        try:
            while self.done < self.requests:
                mark = (self.random.choice(self.subjects), self.random.choice(REACTIONS))
                gives = self.random.random() < 0.6
                status, answer = self.send("PUT" if gives else "DELETE",
                                           f"/api/v2/reactions/collection/{mark[0]}/{mark[1]}")
                if gives:
                    self.standing.add(mark)
                else:
                    self.standing.discard(mark)
                if status != 200 or (mark[1] in answer["reactions"]) != gives:
                    self.faults.append((status, answer))
                self.done += 1
        except RuntimeError as problem:
            self.faults.append(repr(problem))
        self.close()


def counted(client, subject):
    status, chart = client.send("GET", f"/api/v2/metrics/collection/{subject}")
    counts = {item["metric"]: item for item in chart.get("items", [])}
    return status, counts


class Reactions(unittest.TestCase):
    def survive(self, database):
        with Server(BINARY, database=database,
                    environment={"ATELIER_RATE_PERCENT": "0"}) as server:
            keys = [server.administrator(f"person{i}") for i in range(CLIENTS)]
            first = Client(server, keys[0], [], 0, 0)
            subjects = []
            for i in range(SUBJECTS):
                status, made = first.send("POST", "/api/v2/collections", {
                    "name": f"Number {i}", "kind": "model", "read": "Public"})
                self.assertEqual(status, 201, made)
                subjects.append(made["id"])
            clients = [Client(server, key, subjects, REQUESTS // CLIENTS, i)
                       for i, key in enumerate(keys)]
            for client in clients:
                client.start()
            for kill in range(1, KILLS + 1):
                while sum(client.done for client in clients) < REQUESTS * kill // (KILLS + 1):
                    if not any(client.is_alive() for client in clients):
                        break
                    time.sleep(0.01)
                server.restart(signal.SIGKILL)
            for client in clients:
                client.join(600)
            self.assertEqual([client.faults for client in clients], [[]] * CLIENTS, server.log())
            self.compare(first, clients, subjects)
            self.recount_meanwhile(server, keys, clients, subjects)
            self.compare(first, clients, subjects)
            first.close()

    def recount_meanwhile(self, server, keys, clients, subjects):
        """The same people react on while `metrics recount` runs again and again."""
        for client, key in zip(clients, keys):
            again = Client(server, key, subjects, REQUESTS // CLIENTS // 10, client.done)
            again.standing = client.standing
            again.start()
            client.again = again
        while True:
            going = any(client.again.is_alive() for client in clients)
            status, out, said = server.cli("metrics", "recount", "--json")
            self.assertEqual(status, 0, said)
            self.wait_for_job(server, json.loads(out)["job"])
            if not going:
                break
        self.assertEqual([client.again.faults for client in clients], [[]] * CLIENTS, server.log())

    def wait_for_job(self, server, number):
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while time.monotonic() < deadline:
            _, out, _ = server.cli("jobs", "list", "--kind", "metrics.recount", "--json")
            state = next(job["state"] for job in json.loads(out) if job["id"] == number)
            if state == "completed":
                return
            self.assertNotEqual(state, "failed", out)
            time.sleep(0.05)
        self.fail("the recount did not end")

    def compare(self, asking, clients, subjects):
        for subject in subjects:
            wanted = {reaction.lower(): sum((subject, reaction) in client.standing
                                            for client in clients) for reaction in REACTIONS}
            deadline = time.monotonic() + WAIT_SECONDS_MAX
            while True:
                status, counts = counted(asking, subject)
                self.assertEqual(status, 200)
                found = {name: counts.get(name, {}).get("allTime", 0) for name in wanted}
                if found == wanted or time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            self.assertEqual(found, wanted)
            for name, item in counts.items():
                for window in ("day", "week", "month", "year"):
                    self.assertEqual(item[window], item["allTime"], (name, window))
                self.assertEqual(sum(item["daily"]), item["allTime"], name)

    def test_sqlite(self):
        self.survive(None)

    def test_postgres(self):
        with Cluster() as cluster:
            self.survive(cluster.create("reactions"))


if __name__ == "__main__":
    unittest.main()
