"""A server is replaced by the next one on the same sockets while clients ask: nobody is refused."""
import http.client
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
TURNS = 5


class TakeOver(unittest.TestCase):
    def test_no_request_is_refused(self):
        with Server(BINARY) as server:
            stop, answers, faults = threading.Event(), [0], []

            def ask():
                while not stop.is_set():
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                    try:
                        connection.request("GET", "/api/v2/me")
                        reply = connection.getresponse()
                        reply.read()
                        if reply.status != 200:
                            faults.append(reply.status)
                        answers[0] += 1
                    except OSError as problem:
                        faults.append(repr(problem))
                    finally:
                        connection.close()

            clients = [threading.Thread(target=ask) for _ in range(4)]
            for client in clients:
                client.start()
            for _ in range(TURNS):
                old, before = server.process, answers[0]
                with open(server.folder / "log", "ab") as log:
                    server.process = subprocess.Popen(
                        server.command("serve", "--take-over"), stdin=subprocess.DEVNULL,
                        stdout=log, stderr=subprocess.STDOUT, env=server.environment)
                self.assertEqual(old.wait(60), 0, server.log())
                while answers[0] < before + 50:  # the new one answers
                    self.assertIsNone(server.process.poll(), server.log())
                    time.sleep(0.01)
            stop.set()
            for client in clients:
                client.join(60)
            self.assertEqual(faults, [], server.log())


if __name__ == "__main__":
    unittest.main()
