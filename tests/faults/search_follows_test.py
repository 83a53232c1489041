"""An index says what SQL says, whatever ends the server and whatever becomes of its files.

People make, rename and delete collections while the server is killed, again and again; in the end
each that stands is found by its last name and no other is, and an audit finds nothing to mend. An
index whose files are cut, changed or gone, or that is newer than the database, never answers from
what is left: it is rebuilt. Of two servers the other takes over. 2,000 requests under ATELIER_SOAK,
400 otherwise.
"""
import http.client
import json
import os
import pathlib
import random
import shutil
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
REQUESTS = 2_000 if os.environ.get("ATELIER_SOAK") else 400
CLIENTS, KILLS = 4, 5
WAIT_SECONDS_MAX = 120


def ask(server, key, method, path, body=None):
    """(status, answer); tried again while nobody answers."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request(method, path, body=body and json.dumps(body), headers={
                "Authorization": f"Bearer {key}", "Content-Type": "application/json"})
            reply = connection.getresponse()
            text = reply.read()
            connection.close()
            return reply.status, json.loads(text) if text else None
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    raise RuntimeError("no answer")


class Writer(threading.Thread):
    """One person with collections. A name is never used twice, so what was sent may be repeated."""

    def __init__(self, server, number):
        super().__init__()
        self.server, self.number = server, number
        self.key = server.administrator(f"writer{number}")
        self.random, self.standing, self.names = random.Random(number), {}, []
        self.done, self.faults = 0, []

    def name(self):
        self.names.append(f"zq{self.number}x{len(self.names)}")
        return self.names[-1]

    def run(self):
        while self.done < REQUESTS // CLIENTS:
            try:
                self.step()
            except (RuntimeError, AssertionError, KeyError) as problem:
                self.faults.append(repr(problem))
            self.done += 1

    def step(self):
        act = self.random.random()
        if act < 0.5 or not self.standing:
            name = self.name()
            status, made = ask(self.server, self.key, "POST", "/api/v2/collections",
                               {"name": name, "kind": "model", "read": "Public"})
            assert status == 201, made
            self.standing[made["id"]] = name
            return
        number = self.random.choice(sorted(self.standing))
        if act < 0.8:
            name = self.name()
            status, answer = ask(self.server, self.key, "PATCH", f"/api/v2/collections/{number}",
                                 {"name": name})
            assert status == 200, answer
            self.standing[number] = name
        else:
            status, answer = ask(self.server, self.key, "DELETE", f"/api/v2/collections/{number}")
            assert status in (204, 404), answer
            del self.standing[number]


def search(server, key, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return ask(server, key, "GET", f"/api/v2/search?in=collections&{words}")


class Search(unittest.TestCase):
    def until(self, holds):
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not holds():
            self.assertLess(time.monotonic(), deadline, "this took too long")
            time.sleep(0.05)

    def index(self, server, key):
        return next(each for each in ask(server, key, "GET", "/api/v2/admin/search")[1]["indexes"]
                    if each["kind"] == "collections")

    def settle(self, server, key):
        def still():
            index = self.index(server, key)
            return index["serving"] and not index["rebuilding"] and not any(
                index[name] for name in ("behind", "queued", "indexing", "failed"))
        self.until(still)

    def audited(self, server, key):
        status, started = ask(server, key, "POST", "/api/v2/admin/search/collections/audit", {})
        self.assertEqual(status, 200, started)
        self.until(lambda: ask(server, key, "GET", f"/api/v2/admin/jobs/{started['job']}")[1]
                   ["job"]["state"] in ("completed", "failed"))
        return self.index(server, key)

    def compare(self, server, writers):
        key = writers[0].key
        self.settle(server, key)
        index = self.audited(server, key)
        self.assertEqual(index["drifted"], 0, index)
        wanted = {number: name for writer in writers for number, name in writer.standing.items()}
        self.assertEqual(index["documents"], len(wanted))
        for writer in writers:
            for name in writer.names:
                status, found = search(server, key, q=name)
                self.assertEqual(status, 200, found)
                section = found["sections"][0]
                self.assertEqual(section["state"], "ready")
                self.assertEqual([hit["id"] for hit in found["hits"]],
                                 [number for number, each in wanted.items() if each == name], name)

    def survive(self, database):
        with Server(BINARY, database=database,
                    environment={"ATELIER_RATE_PERCENT": "0"}) as server:
            writers = [Writer(server, number) for number in range(CLIENTS)]
            for writer in writers:
                writer.start()
            for kill in range(1, KILLS + 1):
                while sum(writer.done for writer in writers) < REQUESTS * kill // (KILLS + 1):
                    if not any(writer.is_alive() for writer in writers):
                        break
                    time.sleep(0.01)
                server.restart(signal.SIGKILL)
            for writer in writers:
                writer.join(600)
            # A request whose answer the kill took may have been done and sent again.
            self.forgive(server, writers)
            self.compare(server, writers)

    def forgive(self, server, writers):
        """What a request made whose answer was lost is known to SQL only: it is taken in."""
        for writer in writers:
            cursor, there = "", {}
            while True:
                _, page = ask(server, writer.key, "GET",
                              f"/api/v2/collections?mine=true&limit=100{cursor}")
                there |= {item["id"]: item["name"] for item in page["items"]}
                if "nextCursor" not in page:
                    break
                cursor = f"&cursor={page['nextCursor']}"
            missing = set(writer.standing) - set(there)
            self.assertEqual(missing, set(), writer.faults)
            writer.standing = there

    def test_killed_sqlite(self):
        self.survive(None)

    def test_killed_postgres(self):
        with Cluster() as cluster:
            self.survive(cluster.create("search"))

    def test_another_server_takes_over(self):
        """Two servers on one database: one keeps the indexes, the other says that it does not.
        While people write by way of the other, whoever keeps them is killed: twice, so that at
        last an index takes over that was true once and is old."""
        quiet = {"ATELIER_RATE_PERCENT": "0"}
        with Cluster() as cluster:
            database = cluster.create("search")
            with Server(BINARY, database=database, environment=quiet) as first:
                writers = [Writer(first, number) for number in range(CLIENTS)]
                key = writers[0].key
                self.settle(first, key)
                with Server(BINARY, database=database, environment=quiet) as second:
                    self.told_that_it_is_elsewhere(second, key)
                    self.lose(first, second, writers)
                    first.start()
                    self.told_that_it_is_elsewhere(first, key)
                    self.compare(second, writers)  # an audit is a job that only one of them may do
                    self.lose(second, first, writers)

    def lose(self, keeper, other, writers):
        """Half of what is written finds the keeper dead."""
        for writer in writers:
            writer.server, writer.done = other, 0
        threads = [threading.Thread(target=writer.run) for writer in writers]
        for thread in threads:
            thread.start()
        while sum(writer.done for writer in writers) < REQUESTS // 2:
            time.sleep(0.01)
        keeper.stop(signal.SIGKILL)
        for thread in threads:
            thread.join(600)
        self.assertEqual([writer.faults for writer in writers], [[]] * CLIENTS)
        self.compare(other, writers)

    def told_that_it_is_elsewhere(self, server, key):
        """Lists by name without counts where that can be done; never that there is nothing."""
        self.until(lambda: "another server" in self.index(server, key)["reason"])
        self.assertFalse(self.index(server, key)["serving"])
        status, found = search(server, key, q="zq0x0", facets="type")
        self.assertEqual((status, found["sections"][0]["state"]), (200, "plain"), found)
        self.assertEqual(found["facets"], [])
        status, found = ask(server, key, "GET", "/api/v2/search?in=images&q=zq0x0")
        self.assertEqual((status, found["code"]), (503, "search_unavailable"), found)
        status, found = ask(server, key, "GET", "/api/v2/suggest?q=zq&in=collections")
        self.assertEqual((status, found["code"]), (503, "search_unavailable"), found)

    def test_damaged_files_never_answer(self):
        with Server(BINARY, environment={"ATELIER_RATE_PERCENT": "0"}) as server:
            writer = Writer(server, 0)
            for _ in range(20):
                status, made = ask(server, writer.key, "POST", "/api/v2/collections",
                                   {"name": writer.name(), "kind": "model", "read": "Public"})
                self.assertEqual(status, 201, made)
                writer.standing[made["id"]] = writer.names[-1]
            self.compare(server, [writer])
            folder = server.data / "search" / "collections"
            rng = random.Random(4)
            for round_number in range(8):
                server.stop(signal.SIGKILL if round_number % 2 else signal.SIGTERM)
                self.harm(folder, round_number, rng)
                server.start()
                for _ in range(20):
                    status, found = search(server, writer.key, limit=100)
                    if status == 200 and found["sections"][0]["state"] == "ready":
                        self.assertEqual(found["sections"][0]["total"], 20, round_number)
                    elif status != 200:
                        self.assertEqual((status, found["code"]), (503, "search_unavailable"))
                self.compare(server, [writer])

    def harm(self, folder, how, rng):
        if how == 0:
            shutil.rmtree(folder)
            return
        file = rng.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
        content = bytearray(file.read_bytes())
        if how % 3 == 1:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        elif how % 3 == 2:
            del content[rng.randrange(len(content)):]
        else:
            file.unlink()
            return
        file.write_bytes(content)

    def test_an_older_database_gets_an_index_of_its_own(self):
        with Server(BINARY, environment={"ATELIER_RATE_PERCENT": "0"}) as server:
            writer = Writer(server, 0)
            writer.run()
            self.compare(server, [writer])
            server.stop()
            kept = server.folder / "kept.db"
            shutil.copy(server.data / "atelier.db", kept)
            names, standing = list(writer.names), dict(writer.standing)
            server.start()
            writer.done = 0
            writer.run()
            self.settle(server, writer.key)
            server.stop()
            for leftover in ("atelier.db-wal", "atelier.db-shm"):
                (server.data / leftover).unlink(missing_ok=True)
            shutil.copy(kept, server.data / "atelier.db")
            writer.names, writer.standing = names, standing
            server.start()
            self.compare(server, [writer])


if __name__ == "__main__":
    unittest.main()
