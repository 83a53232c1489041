"""Attacks by what a request says (reliability cases 23, 27, 29, 30)."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

from tests.attacks.house import PASSWORD, House  # noqa: E402

INJECTIONS = ["' OR 1=1 --", "'; DROP TABLE models; --", "%' UNION SELECT password_hash FROM users"
              " --", "\\'; --", "1) OR (1=1", "$1", "?1", "%", "_"]
HOSTILE_HEADERS = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "127.0.0.1",
                   "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example;for=127.0.0.1",
                   "X-Original-URL": "/api/v2/admin/users", "X-Rewrite-URL": "/api/v2/admin/users",
                   "X-Host": "evil.example", "X-HTTP-Method-Override": "DELETE"}


class Requests(House):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner, cls.owner_key = cls.person("mallory")
        made = cls.call("POST", "/api/v2/models", {"name": "Secret draft", "type": "LORA"},
                        cls.root)
        cls.draft = made.json()["id"]

    def session(self):
        reply = self.call("POST", "/api/v2/sessions", {"login": "mallory", "password": PASSWORD})
        self.assertEqual(reply.status, 200)
        return "; ".join(value.split(";")[0] for name, value in reply.headers.items()
                         if name.lower() == "set-cookie")

    def test_23_no_redirect_leaves_the_house(self):
        for target in ("//evil.example", "/\\evil.example", "https:evil.example",
                       "https://evil.example", "%2f%2fevil.example", "http://127.0.0.1@evil.example",
                       "/%0d%0aLocation:%20//evil.example"):
            for path in (f"/sign-in?next={target}", f"/api/download/models/1?next={target}",
                         f"/{target}", f"//{target}", f"/files/x?redirect={target}"):
                with self.subTest(path):
                    reply = self.call("GET", path.replace("\\", "%5c"))
                    place = reply.headers.get("Location", "")
                    self.assertTrue(place == "" or place.startswith(self.server.origin + "/"),
                                    place)

    def test_27_what_one_sends_reaches_nobody_elses_cache(self):
        for path in ("/api/v2/models", "/api/v1/models", "/", "/api/v2/users/mallory"):
            with self.subTest(path):
                poisoned = self.call("GET", path, headers=HOSTILE_HEADERS)
                self.assertNotIn(b"evil.example", poisoned.body)
                self.assertNotIn(b"evil.example", self.call("GET", path).body)

    def test_27_a_host_header_is_repeated_to_nobody_else(self):
        self.call("GET", "/api/v1/models?limit=3", headers={"Host": "evil.example"})
        self.assertNotIn(b"evil.example", self.call("GET", "/api/v1/models?limit=3").body)

    def test_27_personal_answers_are_stored_by_nobody(self):
        cookie = self.session()
        for path in ("/api/v2/me", "/api/v2/me/x.css", "/api/v2/sessions", "/api/v2/models",
                     "/api/v2/me/standing"):
            with self.subTest(path):
                reply = self.call("GET", path, headers={"Cookie": cookie})
                if reply.status == 200:
                    self.assertIn("no-store", reply.headers["Cache-Control"])
                self.assertNotIn(b"mallory@example.org", self.call("GET", path).body)

    def test_29_other_sites_cannot_write(self):
        cookie = self.session()
        body = json.dumps({"name": "x", "type": "LORA"}).encode()
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"},
                        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                        {"Origin": self.server.origin + ".evil.example"},
                        {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"}):
            with self.subTest(str(headers)):
                reply = self.call("POST", "/api/v2/models", body, headers={
                    "Cookie": cookie, "Content-Type": "application/json", **headers})
                self.assertEqual(reply.status, 403)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            reply = self.call("POST", "/api/v2/models", body,
                              headers={"Cookie": cookie, "Content-Type": kind})
            self.assertEqual(reply.status, 415, kind)
        reply = self.call("POST", "/api/v2/sessions", {"login": "mallory", "password": PASSWORD},
                          headers={"Origin": "http://evil.example"})
        self.assertEqual(reply.status, 403)

    def test_29_reading_across_origins_carries_no_login(self):
        reply = self.call("GET", "/api/v2/me", headers={"Origin": "http://evil.example"})
        self.assertNotIn("Access-Control-Allow-Origin", reply.headers)
        reply = self.call("GET", "/api/v1/models", headers={"Origin": "http://evil.example"})
        self.assertNotIn("Access-Control-Allow-Credentials", reply.headers)

    def test_29_a_method_cannot_be_overridden(self):
        reply = self.call("POST", f"/api/v2/models/{self.draft}?_method=DELETE", b"{}", self.root,
                          {"X-HTTP-Method-Override": "DELETE", "Content-Type": "application/json"})
        self.assertIn(reply.status, (404, 405, 422))
        self.assertEqual(self.call("GET", f"/api/v2/models/{self.draft}", key=self.root).status,
                         200)

    def test_30_sql_stays_text(self):
        from urllib.parse import quote
        for text in INJECTIONS:
            for path in ("/api/v2/models?query=", "/api/v2/models?tag=", "/api/v2/tags?query=",
                         "/api/v2/models?cursor=", "/api/v2/models?sort=", "/api/v1/models?query=",
                         "/api/v1/creators?query=", "/api/v1/tags?query=", "/api/v2/users/",
                         "/api/v1/model-versions/by-hash/", "/api/v2/models?username=xx"):
                with self.subTest(path + text):
                    reply = self.call("GET", path + quote(text, safe=""))
                    self.assertLess(reply.status, 500, reply.body)
                    for leak in (b"Secret draft", b"argon2", b"syntax", b"SQL"):
                        self.assertNotIn(leak, reply.body)
        self.alive()

    def test_30_size_and_depth_end_early(self):
        deep = b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        keys = json.dumps({f"k{i}": 1 for i in range(20_000)}).encode()
        long = json.dumps({"name": "x", "type": "LORA", "description": "a" * 900_000}).encode()
        # What makes backtracking parsers slow.
        nested = json.dumps({"name": "x", "type": "LORA", "description":
                             ("[" * 20_000 + "![" * 10_000 + "*a_" * 10_000)[:100_000]}).encode()
        for body, statuses in ((deep, (400, 422)), (keys, (422,)), (long, (422,)),
                               (nested, (201,)), (b"a" * (2 << 20), (413,))):
            reply = self.call("POST", "/api/v2/models", body, self.owner_key,
                              {"Content-Type": "application/json"})
            self.assertIn(reply.status, statuses, reply.body[:200])
        self.alive()

    def test_30_nobody_assigns_what_is_not_offered(self):
        for body in ({"role": "administrator"}, {"isAdmin": True}, {"status": "active"},
                     {"id": 1}, {"email": "x@example.org"}, {"bio": "x", "role": "moderator"}):
            reply = self.call("PATCH", "/api/v2/me", body, self.owner_key)
            self.assertEqual(reply.status, 422, body)
        made = self.call("POST", "/api/v2/models", {"name": "x", "type": "LORA", "owner": 1,
                                                    "status": "Published", "downloadCount": 9},
                         self.owner_key)
        self.assertEqual(made.status, 422)
        reply = self.call("POST", "/api/v2/accounts", {
            "username": "climber", "email": "c@example.org", "password": PASSWORD,
            "role": "administrator"})
        self.assertEqual(reply.status, 422)

    def test_30_names_cannot_pass_for_others(self):
        for name in ("m\u0430llory", "mallory\u202e", "MALLORY", "mal\u200blory", "\uff4dallory",
                     "mallory ", "mallory\n", "<b>x</b>"):
            reply = self.call("POST", "/api/v2/accounts", {
                "username": name, "email": "other@example.org", "password": PASSWORD})
            self.assertIn(reply.status, (409, 422), name)


if __name__ == "__main__":
    unittest.main()
