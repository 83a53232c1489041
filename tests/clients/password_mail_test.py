"""A forgotten password: asked for over HTTP, mailed to a real SMTP server, set with the link."""
import http.client
import json
import os
import pathlib
import re
import sqlite3
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.mail_sink import PYTHON, MailSink  # noqa: E402
from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
EMAIL, PASSWORD, NEW_PASSWORD = "mira@example.org", "walnut-etching-lamp", "seven green apples"


@unittest.skipUnless(BINARY.exists(), f"SKIPPED: {BINARY} is not built")
@unittest.skipUnless(pathlib.Path(PYTHON).exists(), f"SKIPPED: there is no {PYTHON}")
class PasswordMail(unittest.TestCase):
    def setUp(self):
        self.sink = self.enterContext(MailSink())
        self.server = Server(BINARY, environment={
            "ATELIER_MAIL_URL": self.sink.url, "ATELIER_MAIL_FROM": "atelier@example.org"})
        self.server.environment["ATELIER_ORIGIN"] = self.server.origin
        self.enterContext(self.server)
        self.server.administrator()
        status, _, words = self.server.cli("user", "create", "--email", EMAIL, "--username", "mira",
                                           "--password", PASSWORD, "--role", "member", "--json")
        self.assertEqual(status, 0, words)

    def call(self, method, path, body=None, headers=None):
        """(status, JSON or None, headers) as a program without cookies gets it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json", **(headers or {})})
        reply = connection.getresponse()
        content = reply.read()
        return reply.status, json.loads(content) if content else None, reply.headers

    def ask(self, email=EMAIL, headers=None):
        status, body, _ = self.call("POST", "/api/v2/password-resets", {"email": email}, headers)
        self.assertEqual((status, body), (204, None), "known or not, the answer is the same")

    def token(self, mail):
        link = re.search(r"^(\S+)/reset-password\?token=([\w-]{43})$", mail["text"], re.M)
        self.assertIsNotNone(link, mail["text"])
        self.assertEqual(link[1], self.server.origin)
        return link[2]

    def confirm(self, token, password=NEW_PASSWORD):
        status, body, _ = self.call("POST", "/api/v2/password-resets/confirm",
                                    {"token": token, "password": password})
        return status, body["code"] if body else None

    def sign_in(self, password, login="mira"):
        status, _, headers = self.call("POST", "/api/v2/sessions",
                                       {"login": login, "password": password})
        return status, {"Cookie": (headers["Set-Cookie"] or "").split(";")[0]}

    @staticmethod
    def mail_jobs(server):
        status, out, words = server.cli("jobs", "list", "--kind", "accounts.mail_reset", "--json")
        if status:
            raise RuntimeError(f"jobs list ended with {status}: {words}")
        return json.loads(out)

    def test_the_whole_way(self):
        status, before = self.sign_in(PASSWORD)
        self.assertEqual(status, 200)
        _, me, _ = self.call("GET", "/api/v2/me", headers=before)
        self.assertTrue(me["mail"])

        # A stranger who asks under another name must not choose where the link leads.
        self.ask("MIRA@example.org", {"Host": "evil.test", "X-Forwarded-Host": "evil.test"})
        mail = self.sink.next()
        self.assertEqual((mail["from"], mail["to"]), ("atelier@example.org", [EMAIL]))
        self.assertEqual(mail["headers"]["auto-submitted"], "auto-generated")
        self.assertIn("Atelier: choose a new password", mail["subject"])
        self.assertIn("Hello mira,", mail["text"])
        self.assertNotIn("evil.test", json.dumps(mail))
        token = self.token(mail)

        self.assertEqual(self.confirm(token[:-1] + "_"), (422, "link_invalid"))
        self.assertEqual(self.confirm(token, "password1"), (422, "invalid_request"))
        self.assertEqual(self.confirm(token, "m1r4"), (422, "invalid_request"))
        self.assertEqual(self.call("GET", "/api/v2/sessions", headers=before)[0], 200)
        self.assertEqual(self.confirm(token), (204, None))

        self.assertEqual(self.call("GET", "/api/v2/sessions", headers=before)[0], 401,
                         "sessions from before have ended")
        self.assertEqual(self.confirm(token, "eight blue plums"), (422, "link_invalid"))
        self.assertEqual(self.sign_in(PASSWORD)[0], 401)
        self.assertEqual(self.sign_in(NEW_PASSWORD)[0], 200)
        self.assertEqual(self.sign_in(NEW_PASSWORD, EMAIL)[0], 200)

    def test_strangers_and_impatience_send_nothing(self):
        self.ask("nobody@example.org")
        self.ask("mira")  # a username is not an address
        self.assertEqual(self.mail_jobs(self.server), [])
        self.ask()
        first = self.token(self.sink.next())
        self.ask()  # within the minute
        self.ask(EMAIL.upper())
        self.assertEqual(len(self.mail_jobs(self.server)), 1)
        self.assertEqual(self.confirm(first), (204, None), "asking again leaves it good")

    def test_a_link_ends_after_an_hour(self):
        self.ask()
        token = self.token(self.sink.next())
        with sqlite3.connect(self.server.data / "atelier.db") as database:
            row = database.execute("SELECT token_hash, expires_at FROM one_time_links"
                                   " WHERE kind = 'password'").fetchall()
            self.assertEqual(len(row), 1)
            self.assertNotEqual(row[0][0], token, "the link is not in the database")
            database.execute("UPDATE one_time_links SET expires_at = expires_at - 3600000"
                             " WHERE kind = 'password'")
        database.close()
        self.assertEqual(self.confirm(token), (422, "link_invalid"))
        self.assertEqual(self.sign_in(PASSWORD)[0], 200)
        self.ask()
        self.assertEqual(self.confirm(self.token(self.sink.next())), (204, None))

    def test_changing_the_address_or_password_ends_links(self):
        for change, body in (("email", {"email": "new@example.org"}),
                             ("password", {"password": NEW_PASSWORD})):
            email = EMAIL if change == "email" else "new@example.org"
            self.ask(email)
            mail = self.sink.next()
            self.assertEqual(mail["to"], [email])
            _, mine = self.sign_in(PASSWORD)
            status, _, _ = self.call("POST", f"/api/v2/me/{change}",
                                     {"current": PASSWORD, **body}, mine)
            self.assertIn(status, (200, 204))
            self.assertEqual(self.confirm(self.token(mail)), (422, "link_invalid"), change)

    def test_a_reset_ends_the_wait_after_wrong_passwords(self):
        status = 401
        while status == 401:
            status, _ = self.sign_in("wrong wrong wrong")
        self.assertEqual(status, 429)
        self.ask()
        self.assertEqual(self.confirm(self.token(self.sink.next())), (204, None))
        self.assertEqual(self.sign_in(NEW_PASSWORD)[0], 200)

    def test_a_mail_server_that_is_down_gets_it_later(self):
        """The job is kept and tried again: here on an address where nobody listens."""
        dead = Server(BINARY, environment={
            "ATELIER_MAIL_URL": "smtp://127.0.0.1:9", "ATELIER_MAIL_FROM": "a@example.org"})
        dead.environment["ATELIER_ORIGIN"] = dead.origin
        with dead:
            dead.administrator()
            alive, self.server = self.server, dead
            self.ask("root@example.org")
            self.server = alive
            errors = []
            while not errors:
                errors = [job["error"] for job in self.mail_jobs(dead) if job["error"]]
            self.assertIn("The mail server did not take the message", errors[0])


if __name__ == "__main__":
    unittest.main()
