"""Attacks by files (reliability cases 2, 3, 4, 7, 11, 12, 14): taken in, inspected, given out."""
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

from tests.attacks.house import House  # noqa: E402
from tests.support import hostile_files  # noqa: E402

SVG = (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
       b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
       b' onload="alert(1)"><script>alert(1)</script><foreignObject><body'
       b' xmlns="http://www.w3.org/1999/xhtml"><iframe src="javascript:alert(1)"/></body>'
       b'</foreignObject><use xlink:href="data:image/svg+xml,x"/><text>&x;</text></svg>')
HTML = b"<!doctype html><script>alert(document.domain)</script>"
POLYGLOTS = {
    "gif_and_script.gif": b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//",
    "png_and_zip.png": b"\x89PNG\r\n\x1a\n" + bytes(64) + b"PK\x03\x04" + bytes(64) +
                       b"PK\x05\x06" + bytes(18),
    "jpeg_and_phar.jpg": b"\xff\xd8\xff\xe0" + bytes(32) + b"<?php __HALT_COMPILER(); ?>\r\n",
}
NAMES = ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "%2e%2e%2fetc", "a/b.png",
         "\udcc0\udcae\udcc0\udcae/x", "nul\x00.png", "CON", "aux.txt", ".htaccess",
         "x\r\nSet-Cookie: a=b", 'x"; filename="evil.html', "\u202egnp.exe", "e\u0301.png",
         "\u00e9.png", "a" * 300]
INSPECT_SECONDS_MAX = 120


class Files(House):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner, cls.owner_key = cls.person("mallory")

    def download(self, file):
        link = self.call("GET", f"/api/v2/files/{file}/download", key=self.owner_key)
        self.assertEqual(link.status, 307, link.body)
        return self.call("GET", link.headers["Location"].split(self.server.origin)[-1])

    def assert_inert(self, reply):
        """A browser that opens this runs nothing of it."""
        self.assertEqual(reply.headers["X-Content-Type-Options"], "nosniff")
        kind = reply.headers["Content-Disposition"].split(";")[0].strip()
        policy = reply.headers.get("Content-Security-Policy", "")
        self.assertTrue(kind == "attachment" or "sandbox" in policy, reply.headers.items())
        self.assertNotIn("text/html", reply.headers["Content-Type"])
        self.assertNotIn("svg", reply.headers["Content-Type"])

    def test_02_active_content_is_never_shown(self):
        for name, data in {"picture.svg": SVG, "page.png": HTML, "page.html": HTML,
                           "page.xhtml": SVG}.items():
            with self.subTest(name):
                file, last = self.upload(self.owner_key, data, name)
                if file is None:
                    self.assertIn(last.status, (403, 415, 422))
                    continue
                self.assert_inert(self.download(file))

    def test_03_polyglots_are_told_by_their_bytes(self):
        for name, data in POLYGLOTS.items():
            with self.subTest(name):
                file, last = self.upload(self.owner_key, data, name)
                if file is None:
                    self.assertIn(last.status, (403, 415, 422))
                    continue
                self.assert_inert(self.download(file))

    def test_07_14_names_reach_neither_the_disk_nor_a_header(self):
        folder = self.server.data
        before = {path.name for path in folder.parent.iterdir()}
        for name in NAMES:
            with self.subTest(repr(name)):
                file, last = self.upload(self.owner_key, b"x" * 40 + name[:20].encode(
                    errors="surrogateescape"), name)
                self.assertLess(last.status, 500, last.body)
                if file is None:
                    continue
                reply = self.download(file)
                self.assertNotIn("Set-Cookie", reply.headers)
                shown = reply.headers["Content-Disposition"]
                self.assertNotRegex(shown, r"[\r\n]")
                # One quoted string (RFC 6266), whose quotes are escaped, and the encoded form.
                read = re.fullmatch(r'attachment; filename="((?:[^"\\]|\\.)*)"'
                                    r"(; filename\*=UTF-8''[\w%.~!*-]*)?", shown)
                self.assertIsNotNone(read, shown)
                plain = re.sub(r'\\(.)', r"\1", read[1])
                self.assertNotRegex(plain, r"[/\\]|\.\.")
        self.assertEqual({path.name for path in folder.parent.iterdir()}, before)
        for path in folder.rglob("*"):
            self.assertNotIn("passwd", path.name)
            self.assertNotIn("htaccess", path.name)
        self.alive()

    def test_07_paths_of_the_address_stay_inside(self):
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
                     "/assets/..%2f..%2fsecret", "/%c0%ae%c0%ae/secret", "/assets/%00",
                     "/files/..%2f..%2fsecret/x", "/..%5c..%5csecret", "//etc/passwd",
                     "/api/v2/uploads/..%2f..%2fsecret", "/img/..%2f..%2fsecret/width=450/x.webp"):
            with self.subTest(path):
                reply = self.call("GET", path)
                self.assertNotIn(b"root:", reply.body)
                self.assertNotIn((self.server.data / "secret").read_bytes(), reply.body)
                self.assertLess(reply.status, 500)
        self.alive()

    def test_04_11_12_hostile_models_are_told_and_never_published(self):
        tensors = {"a": ("F32", [2, 2])}
        waiting = {}
        for name, data, verdict, _ in hostile_files.hostile_files(tensors):
            file, last = self.upload(self.owner_key, data, name)
            self.assertLess(last.status, 500, (name, last.body))
            if file is not None:
                waiting[file] = (name, verdict)
        self.assertGreater(len(waiting), 60)
        deadline = time.monotonic() + INSPECT_SECONDS_MAX
        while waiting and time.monotonic() < deadline:
            for file, (name, verdict) in list(waiting.items()):
                found = self.call("GET", f"/api/v2/files/{file}", key=self.owner_key).json()
                if found["verdict"] == "pending":
                    continue
                del waiting[file]
                with self.subTest(name):
                    self.assertEqual(found["verdict"], verdict)
            time.sleep(0.2)
        self.assertEqual(waiting, {}, "never inspected")
        self.alive()


if __name__ == "__main__":
    unittest.main()
