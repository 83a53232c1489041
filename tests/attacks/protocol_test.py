"""Attacks by the bytes of a request (reliability cases 6, 13, 14, 15, 28)."""
import gzip
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

from tests.attacks.house import House  # noqa: E402

HEAD = b"POST /api/v2/models HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SMUGGLED = b"GET /api/v2/me?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
AMBIGUOUS = {
    "length and chunks": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a list of lengths": HEAD + b"Content-Length: 5, 6\r\n\r\nhello!",
    "xchunked": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked, identity": HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "folded line": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "space before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "tab in the name": HEAD + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "bare line feeds": HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n",
    "bare carriage return": HEAD + b"X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "plus sign": HEAD + b"Content-Length: +5\r\n\r\nhello",
    "hexadecimal": HEAD + b"Content-Length: 0x5\r\n\r\nhello",
    "negative": HEAD + b"Content-Length: -1\r\n\r\nhello",
    "chunk size too large": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n",
    "chunk without its end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n",
    "chunk line with feed": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n"
                            b"0\r\n\r\n",
    "NUL in a header": HEAD + b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
}


class Protocol(House):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner, cls.owner_key = cls.person("mallory")

    def test_13_what_two_parsers_could_read_differently_is_refused(self):
        for words, request in AMBIGUOUS.items():
            with self.subTest(words):
                heard = self.raw(request + SMUGGLED)
                self.assertEqual(heard.count(b"HTTP/1.1 "), 1, heard[:400])
                self.assertRegex(heard, rb"^HTTP/1\.1 (400|413|501)")
                self.assertNotIn(b"siteName", heard)
        self.alive()

    def test_06_encoded_bodies_are_refused_not_unpacked(self):
        bomb = gzip.compress(bytes(50_000_000))
        for coding in ("gzip", "br", "zstd", "deflate", "gzip, gzip"):
            with self.subTest(coding):
                reply = self.call("POST", "/api/v2/models", bomb, self.owner_key,
                                  {"Content-Type": "application/json", "Content-Encoding": coding})
                self.assertEqual(reply.status, 415)
        self.alive()

    def test_14_no_value_splits_a_reply(self):
        for path in ("/api/v2/models?query=%0d%0aSet-Cookie:%20a=b",
                     "/sign-in?next=%0d%0aSet-Cookie:%20a=b",
                     "/api/v2/users/%0d%0aSet-Cookie:%20a=b",
                     "/api/download/models/%0d%0aLocation:%20http:%2f%2fevil.example"):
            with self.subTest(path):
                reply = self.call("GET", path)
                self.assertNotIn("Set-Cookie", reply.headers)
                self.assertNotIn("evil.example", reply.headers.get("Location", ""))

    def test_15_ranges_cost_no_more_than_the_file(self):
        data = bytes(range(256)) * 40
        file, _ = self.upload(self.owner_key, data, "bytes.bin")
        link = self.call("GET", f"/api/v2/files/{file}/download", key=self.owner_key)
        path = link.headers["Location"].split(self.server.origin)[-1]
        many = "bytes=" + ",".join(f"{i}-{i + 100}" for i in range(1000))
        for value, allowed in {many: (200, 416, 431), "bytes=0-,0-,0-,0-": (200, 416),
                               "bytes=-0": (416, 200), "bytes=9-1": (200, 416),
                               "bytes=abc": (200, 416), "bytes=1-2-3": (200, 416),
                               "bytes=99999999999999999999-": (200, 416),
                               "bytes=-99999999999999999999": (200, 206)}.items():
            with self.subTest(value[:40]):
                reply = self.call("GET", path, headers={"Range": value})
                self.assertIn(reply.status, allowed)
                self.assertLessEqual(len(reply.body), len(data))
        reply = self.call("GET", path, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
        self.assertEqual((reply.status, reply.body), (200, data))

    def test_28_nothing_breaks_a_line_of_the_log(self):
        for path in ("/%0a%7b%22level%22:%22fake%22%7d", "/api/v2/models?query=%0d%0a%1b%5b2Jx",
                     "/" + "a" * 6000):
            self.call("GET", path, headers={"User-Agent": "x\x1b[2J", "traceparent": "\x1b[31m"})
        self.call("GET", "/api/v1/models?token=ate_secretsecretsecret")
        self.call("POST", "/api/v2/sessions", {"login": "x\n{\"level\":\"fake\"}",
                                               "password": "hidden-password-77"})
        log = (self.server.folder / "log").read_text()
        lines = [line for line in log.splitlines() if line.startswith("{") or "fake" in line]
        self.assertGreater(len(lines), 5)
        for line in lines:
            entry = json.loads(line)
            self.assertNotEqual(entry.get("level"), "fake")
        for secret in ("\x1b", "secretsecret", "hidden-password-77", self.owner_key):
            self.assertNotIn(secret, log)


if __name__ == "__main__":
    unittest.main()
