"""Attack 18: every route with an id, tried on things of somebody else by a stranger, another
member, a muted member and a key without the scope; on all verbs, partial edits included.

The routes come from tests/snapshots/permissions.txt, so a new one is tried without being named
here. What they are tried on are the owner's private things; afterwards the owner finds each of
them byte for byte as it was."""
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.attacks.house import PASSWORD, House  # noqa: E402

# What anybody may look at or do, whoever's it is.
OPEN = {"getUser", "hide", "unhide", "blockUser", "unblockUser", "fileReport", "followUser",
        "unfollowUser", "listFollowers", "listFollowing"}
MISSING = "999999"


def routes():
    for line in (ROOT / "tests/snapshots/permissions.txt").read_text().splitlines():
        method, path, row, access, scope = line.split("\t")[:5]
        if "{" in path and row not in OPEN:
            yield method, path, row, access, scope


class Objects(House):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        owner_id, cls.owner = cls.person("owner")
        cls.people = {"stranger": None, "member": cls.person("other")[1]}
        muted_id, cls.people["muted"] = cls.person("muted")
        cls.person("narrow")
        cls.people["narrow key"] = cls.key("narrow", "articles_read")
        # The owner's own key, too narrow for anything but who they are.
        cls.people["owner's narrow key"] = cls.key("owner", "articles_read")
        done = cls.call("PATCH", f"/api/v2/admin/users/{muted_id}", {"status": "muted"}, cls.root)
        assert done.status == 200, done.body
        cls.make_things(owner_id)

    @classmethod
    def make_things(cls, owner_id):
        model = cls.call("POST", "/api/v2/models", {"name": "Private", "type": "LORA"},
                         cls.owner).json()
        model = cls.call("POST", f"/api/v2/models/{model['id']}/versions",
                         {"name": "v1", "baseModel": "SDXL 1.0"}, cls.owner).json()
        version = model["versions"][0]["id"]
        file, _ = cls.upload(cls.owner, b"private bytes", "private.bin")
        cls.call("POST", f"/api/v2/versions/{version}/files", {"file": int(file)}, cls.owner)
        begun = cls.call("POST", "/api/v2/uploads", b"", cls.owner,
                         {"Tus-Resumable": "1.0.0", "Upload-Length": "10"})
        upload = begun.headers["Location"].rsplit("/", 1)[1]
        signed = cls.call("POST", "/api/v2/sessions", {"login": "owner", "password": PASSWORD})
        cls.cookie = {"Cookie": "; ".join(value.split(";")[0]
                                          for name, value in signed.headers.items()
                                          if name.lower() == "set-cookie")}
        session = cls.call("GET", "/api/v2/sessions", headers=cls.cookie).json()["items"][0]["id"]
        key = cls.call("GET", "/api/v2/keys", headers=cls.cookie).json()["items"][0]["id"]
        cls.ids = [("/api/v2/models/", model["id"]), ("/api/v2/versions/", version),
                   ("/api/v2/files/", file), ("/api/v2/uploads/", upload),
                   ("/api/v2/sessions/", session), ("/api/v2/keys/", key),
                   ("/api/v1/models/", model["id"]), ("/api/v1/model-versions/", version),
                   ("/api/download/models/", version), ("/api/v2/users/", owner_id),
                   ("/api/v2/moderation/people/", owner_id), ("/api/v2/admin/users/", owner_id)]
        cls.views = [f"/api/v2/models/{model['id']}", f"/api/v2/files/{file}"]
        cls.own_views = ["/api/v2/sessions", "/api/v2/keys", "/api/v2/me"]
        cls.upload_path = f"/api/v2/uploads/{upload}"

    def address(self, path):
        known = [str(value) for prefix, value in self.ids if path.startswith(prefix)]
        own = known[0] if known else "1"
        first = iter([own])
        return re.sub(r"\{[^}]+\}", lambda _: next(first, MISSING), path)

    def snapshot(self):
        seen = [self.call("GET", path, key=self.owner).body for path in self.views]
        for path in self.own_views:
            body = self.call("GET", path, headers=self.cookie).body
            # When a key or session was last used moves by itself.
            seen.append(re.sub(rb',?"(seenAt|usedAt)":"[^"]*"', b"", body))
        head = self.call("HEAD", self.upload_path, key=self.owner,
                         headers={"Tus-Resumable": "1.0.0"})
        seen.append((head.status, head.headers.get("Upload-Offset")))
        return seen

    def test_18_nothing_of_somebody_elses_moves_or_shows(self):
        before, tried = self.snapshot(), 0
        for method, path, row, *_ in routes():
            for who, key in self.people.items():
                address = self.address(path)
                for body in self.bodies(method, path):
                    tried += 1
                    headers = {"Tus-Resumable": "1.0.0"} if "/uploads" in path else {}
                    if path.startswith("/api/v2/uploads"):
                        headers |= {"Upload-Offset": "0",
                                    "Content-Type": "application/offset+octet-stream"}
                    reply = self.call(method, address, body, key, headers)
                    with self.subTest(f"{method} {address} ({row}) by {who}"):
                        self.assertGreaterEqual(reply.status, 400, reply.body[:200])
                        self.assertLess(reply.status, 500, reply.body[:200])
                        self.assertNotIn(b"private.bin", reply.body)
        self.assertGreater(tried, 200)
        self.assertEqual(self.snapshot(), before)

    @staticmethod
    def bodies(method, path):
        if method in ("GET", "DELETE"):
            return [None]
        if "/uploads" in path:
            return [b"0123456789"]
        # Partial edits, too: those that only name one member.
        return [{}, {"name": "taken"}, {"file": 1}, {"status": "banned"}, {"reason": "x"},
                {"bio": "x"}, {"text": "x"}]

    def test_18_lists_by_query_show_nothing_private(self):
        for who, key in self.people.items():
            for path in ("/api/v2/models?mine=true", "/api/v2/models?username=owner&mine=true",
                         "/api/v2/uploads", "/api/v2/models?mine=true&status=Draft",
                         "/api/v1/models?username=owner", "/api/v2/me/reports",
                         f"/api/v1/models?ids={self.ids[0][1]}"):
                with self.subTest(f"{path} by {who}"):
                    self.assertNotIn(b"Private", self.call("GET", path, key=key).body)

    def test_18_bulk_and_bodies_name_nothing_of_others(self):
        """Ids that stand in a body instead of the address."""
        made = self.call("POST", "/api/v2/models", {"name": "Mine", "type": "LORA"},
                         self.people["member"]).json()
        made = self.call("POST", f"/api/v2/models/{made['id']}/versions",
                         {"name": "v1", "baseModel": "SDXL 1.0"}, self.people["member"]).json()
        version = made["versions"][0]["id"]
        file = int(dict(self.ids)["/api/v2/files/"])
        reply = self.call("POST", f"/api/v2/versions/{version}/files", {"file": file},
                          self.people["member"])
        self.assertEqual(reply.status, 404, reply.body)
        for body in ({"kind": "model", "id": self.ids[0][1], "reason": "Spam"},
                     {"kind": "version", "id": self.ids[1][1], "reason": "Spam"}):
            reply = self.call("POST", "/api/v2/reports", body, self.people["member"])
            self.assertEqual(reply.status, 404, "a private thing's being there is private too")
        reply = self.call("PUT", f"/api/v2/me/hidden/model/{self.ids[0][1]}", {},
                          self.people["member"])
        self.assertEqual(reply.status, 404)
        self.assertNotIn("Private", json.dumps(
            self.call("GET", "/api/v2/me/hidden", key=self.people["member"]).json()))


if __name__ == "__main__":
    unittest.main()
