"""tus-js-client, as it is, against the real server."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
CLIENT = ROOT / "web/node_modules/tus-js-client"
SIZE = 12_345_678


@unittest.skipUnless(BINARY.exists(), f"SKIPPED: {BINARY} is not built")
@unittest.skipUnless(CLIENT.exists(), "SKIPPED: web/node_modules has no tus-js-client")
class TusClient(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-tus-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.path = self.folder / "model.bin"
        self.path.write_bytes(random.Random(SIZE).randbytes(SIZE))

    def upload(self, server, key, caller, watch=None):
        client = subprocess.Popen(["node", ROOT / "tests/clients/tus.mjs", server.origin, key,
                                   self.path, caller], env={**os.environ, "TMPDIR": self.folder},
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if watch:
            watch(client)
        out, words = client.communicate(timeout=120)
        self.assertEqual(client.returncode, 0, words)
        said = json.loads(out)
        request = urllib.request.Request(f"{server.origin}/api/v2/files/{said['file']}",
                                         headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request) as reply:
            file = json.load(reply)
        self.assertEqual(file["name"], "naïve model.safetensors")
        self.assertEqual(file["bytes"], SIZE)
        self.assertEqual(file["hashes"]["SHA256"].lower(),
                         hashlib.sha256(self.path.read_bytes()).hexdigest())
        return said

    def test_all_at_once(self):
        with Server(BINARY) as server:
            self.upload(server, server.administrator(), "plain")

    def test_a_new_client_goes_on_where_the_old_one_stopped(self):
        with Server(BINARY) as server:
            said = self.upload(server, server.administrator(), "resumed")
            self.assertEqual(len(said["offsets"]), 1, "it asked once where to go on")
            self.assertGreaterEqual(said["offsets"][0], SIZE // 2)

    def test_it_waits_out_a_killed_server(self):
        def kill_in_the_middle(client):
            while int(client.stderr.readline() or SIZE) < SIZE // 3:
                pass
            server.restart(signal.SIGKILL)

        with Server(BINARY) as server:
            said = self.upload(server, server.administrator(), "patient", kill_in_the_middle)
            self.assertTrue(said["offsets"], "it asked after the kill where to go on")


if __name__ == "__main__":
    unittest.main()
