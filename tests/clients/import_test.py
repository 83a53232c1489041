"""A folder of model files, taken in by the program and looked up as clients do: every type, base
and verdict, every hash, and the bytes themselves."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
WORK_SECONDS_MAX = 180
ENDINGS = {".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".pkl"}


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="atelier-models-")
        cls.root = pathlib.Path(cls.folder.name)
        subprocess.run([sys.executable, ROOT / "tests/support/make_model_files.py", cls.root],
                       check=True, stdout=subprocess.DEVNULL)
        cls.expected = {
            path: wanted
            for path, wanted in json.loads((cls.root / "expected.json").read_text()).items()
            if pathlib.PurePath(path).suffix in ENDINGS}  # nothing else is a model to an import
        cls.content = {path: hashlib.sha256((cls.root / path).read_bytes()).hexdigest().upper()
                       for path in cls.expected}
        cls.server = Server(BINARY)
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.run_command("user", "create", "--email", "a@example.org", "--username", "ann",
                        "--password", "seven green apples", "--role", "administrator", "--json")
        cls.key = cls.run_command("key", "create", "--user", "ann", "--scopes", "all",
                                  "--json")["key"]
        cls.summary = cls.run_command("import", "--json", str(cls.root))
        cls.wait_for_jobs()
        cls.models = cls.all_models()

    @classmethod
    def run_command(cls, *words):
        done = subprocess.run(cls.server.command(*words), check=True, capture_output=True,
                              text=True)
        return json.loads(done.stdout.strip().splitlines()[-1])

    @classmethod
    def wait_for_jobs(cls):
        end = time.monotonic() + WORK_SECONDS_MAX
        while time.monotonic() < end:
            open_jobs = [job for state in ("pending", "processing")
                         for job in cls.run_command("jobs", "list", "--state", state, "--json")
                         if job["kind"].startswith("files.")]
            if not open_jobs:
                return
            time.sleep(0.2)
        raise TimeoutError(f"{len(open_jobs)} jobs are still open")

    @classmethod
    def get(cls, path, headers=None):
        request = urllib.request.Request(
            path if path.startswith("http") else cls.server.origin + path,
            headers={"Authorization": f"Bearer {cls.key}", **(headers or {})})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.read()

    @classmethod
    def all_models(cls):
        models, address = [], "/api/v1/models?limit=100&nsfw=true&sort=Newest"
        while address:
            page = json.loads(cls.get(address))
            models += page["items"]
            address = page["metadata"].get("nextPage")
        return models

    def found(self, path):
        """The model that a file became; files of one content and name stand for each other."""
        sha256 = self.content[path]
        name = pathlib.PurePath(path).name
        for model in self.models:
            version = model["modelVersions"][0]
            file = version["files"][0]
            if file["name"] == name and file["hashes"].get("SHA256") == sha256:
                yield model, version, file

    def test_nothing_is_left_out_and_a_repeat_finds_all_known(self):
        self.assertEqual(self.summary["added"], self.summary["found"])
        again = self.run_command("import", "--json", str(self.root))
        self.assertEqual((again["added"], again["known"]), (0, self.summary["found"]))

    def test_every_type_base_and_verdict(self):
        wrong = []
        for path, wanted in self.expected.items():
            # One content is inspected once, under the first name it came by.
            same = [self.expected[other] for other, content in self.content.items()
                    if content == self.content[path]]
            candidates = list(self.found(path))
            if not candidates:
                wrong.append(f"{path}: not found")
            for model, version, file in candidates:
                verdict = json.loads(self.get(f"/api/v2/files/{file['id']}"))["verdict"]
                seen = {"verdict": verdict, "type": model["type"], "base": version["baseModel"]}
                if not any(self.fits(seen, meant) for meant in same):
                    wrong.append(f"{path}: wanted {wanted}, got {seen}")
        self.assertEqual(wrong, [])

    @staticmethod
    def fits(seen, meant):
        if seen["verdict"] != meant["verdict"]:
            return False
        return meant["verdict"] != "safe" or all(
            meant.get(word) in (None, "", seen[word]) for word in ("type", "base"))

    def test_every_hash_finds_a_version_with_this_file(self):
        for path in self.expected:
            for _, _, file in self.found(path):
                for kind, value in file["hashes"].items():
                    if file["sizeKB"] == 0:
                        continue  # the hash of nothing is also that of many files' tensor part
                    version = json.loads(self.get(f"/api/v1/model-versions/by-hash/{value}"))
                    self.assertIn(value, [other["hashes"].get(kind) for other in version["files"]],
                                  f"{path} by {kind}")

    def test_ranges_return_the_bytes(self):
        for path in list(self.expected)[::9]:
            content = (self.root / path).read_bytes()
            for _, _, file in self.found(path):
                part = self.get(file["downloadUrl"], {"Range": "bytes=3-12"})
                self.assertEqual(part, content[3:13], path)


if __name__ == "__main__":
    unittest.main()
