"""Who sees what, asked of everything that can be read. Every item carries a word of its own; for
every viewer, every GET row of the route table is asked with every number, name and choice it
takes, and no answer may hold the word of an item above the viewer's level, not published, in a
bin, or of somebody with whom a block stands. Of posts whose images have several levels each image
is judged by itself. Moderators see everything on pages; their lists are those of a member. New
rows are asked as soon as they are there."""
import collections
import http.client
import itertools
import json
import os
import pathlib
import re
import sys
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.api.play import png, safetensors  # noqa: E402
from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
LEVELS = (1, 2, 4, 8, 16)
WAIT_SECONDS_MAX = 120
# Rows whose answers are not JSON about items: streams, bytes behind a capability, the house.
SKIPPED = re.compile(r"^/(img|files|health|metrics|live|api/v2/(live|watch|openapi)|api/v2/admin)"
                     r"|.*/events$")
Item = collections.namedtuple("Item", "word owner level shown")
# What things of one level have in common, so that there is something to learn from.
SUBJECTS = {1: "amber basalt cedar dune ember", 2: "fjord granite heather iris juniper",
            4: "kelp lagoon marble nettle opal", 8: "pumice quartz reed slate thistle",
            16: "umber vine willow yarrow zinc"}


class Api:
    def __init__(self, server, key=None):
        self.server, self.key = server, key

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        sent = {**({"Authorization": f"Bearer {self.key}"} if self.key else {}), **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection.request(method, path, body, sent)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply, content

    def call(self, method, path, body=None):
        reply, content = self.ask(method, path, body)
        if reply.status >= 300:
            raise AssertionError(f"{method} {path}: {reply.status} {content[:500]}")
        return json.loads(content) if content else None

    def upload(self, name, content):
        import base64
        reply, said = self.ask("POST", "/api/v2/uploads", content, {
            "Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)),
            "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode(),
            "Content-Type": "application/offset+octet-stream"})
        if reply.status != 201:
            raise AssertionError(f"upload: {reply.status} {said[:500]}")
        return int(reply.headers["Atelier-File"])


def person(server, name, role="member"):
    for words in (("user", "create", "--email", f"{name}@example.org", "--username", name,
                   "--password", "seven green apples", "--role", role, "--json"),
                  ("key", "create", "--user", name, "--scopes", "all", "--json")):
        status, out, said = server.cli(*words)
        if status:
            raise AssertionError(out + said)
    return Api(server, json.loads(out)["key"])


def lora(word):
    return safetensors({"__metadata__": {"ss_output_name": word}, "lora_unet_mid.lora_down.weight":
                        {"dtype": "F16", "shape": [4, 8], "data_offsets": [0, 64]}})


class Visibility(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(BINARY, environment={"ATELIER_RATE_PERCENT": "0"})
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.people = {name: person(cls.server, name) for name in
                      ("ann", "bob", "plain", "grown", "blocker", "blocked")}
        cls.people["moderator"] = person(cls.server, "moderator", "moderator")
        cls.items, cls.ids = [], collections.defaultdict(set)
        for name in ("ann", "bob"):
            for level in LEVELS:
                cls.make(name, level, "shown")
            cls.make(name, 1, "draft")
            cls.make(name, 1, "binned")
            cls.make_mixed(name, (1, 8))
            cls.make_mixed(name, (2, 4, 16))
        cls.set_up_viewers()
        cls.learn_what_is_alike()
        time.sleep(2)  # events reach galleries and counts

    @classmethod
    def make(cls, name, level, standing):
        """A model with a file, and an image in a post of its gallery, all saying one word each."""
        api, stem = cls.people[name], f"{name}{level}{standing}"
        words = {kind: f"zq{stem}{kind}" for kind in ("model", "version", "post", "prompt")}
        file = api.upload(f"{words['version']}.safetensors", lora(words["model"]))
        model = api.call("POST", "/api/v2/models", {
            "name": words["model"], "type": "LORA", "nsfwLevel": level, "tags": ["style"],
            "description": f"{words['model']} {SUBJECTS[level]}"})["id"]
        version = api.call("POST", f"/api/v2/models/{model}/versions", {
            "name": words["version"], "baseModel": "SDXL 1.0"})["versions"][0]["id"]
        api.call("POST", f"/api/v2/versions/{version}/files", {"file": file})
        post = api.call("POST", "/api/v2/posts", {
            "title": words["post"], "version": version, "tags": ["style"],
            "detail": f"{words['post']} {SUBJECTS[level]}"})["id"]
        image = cls.add_image(api, post, f"{words['prompt']} {SUBJECTS[level]}", level)
        if standing != "draft":
            cls.until(lambda: api.ask("POST", f"/api/v2/versions/{version}/publish",
                                      {})[0].status == 200)
            api.call("POST", f"/api/v2/posts/{post}/publish", {})
        if standing == "binned":
            api.call("DELETE", f"/api/v2/posts/{post}")
            api.call("DELETE", f"/api/v2/models/{model}")
        for kind, number in (("model", model), ("version", version), ("post", post),
                             ("image", image["id"]), ("file", file)):
            cls.ids[kind].add(number)
        shown = standing == "shown"
        if shown:
            cls.talk(api, model, words)
        for word in words.values():
            cls.items.append(Item(word, name, level, shown))
        cls.items.append(Item(image["key"], name, level, shown))

    @classmethod
    def add_image(cls, api, post, prompt, level):
        picture = api.upload(f"{prompt.partition(' ')[0]}.png",
                             png(64, 48, f"{prompt}\nSteps: 20, Seed: 1"))
        image = api.call("POST", f"/api/v2/posts/{post}/images", {
            "file": picture, "nsfwLevel": level})["images"][-1]
        cls.until(lambda: api.call("GET", f"/api/v2/images/{image['id']}")["image"]["state"]
                  == "ready")
        return image

    @classmethod
    def talk(cls, api, model, words):
        """A comment on the model, and a collection that holds it, by its owner."""
        for kind in ("comment", "collection"):
            words[kind] = words["model"].removesuffix("model") + kind
        comment = api.call("POST", "/api/v2/comments", {
            "kind": "model", "id": model, "text": words["comment"]})["id"]
        collection = api.call("POST", "/api/v2/collections", {
            "name": words["collection"], "kind": "model", "read": "Public"})["id"]
        api.call("PUT", f"/api/v2/collections/{collection}/items/{model}", {})
        cls.ids["comment"].add(comment)
        cls.ids["collection"].add(collection)

    @classmethod
    def make_mixed(cls, name, levels):
        """A published post of one image for each level; who browses one of them sees the post."""
        api, stem = cls.people[name], f"{name}mixed{sum(levels)}"
        post = api.call("POST", "/api/v2/posts", {"title": f"zq{stem}post",
                                                  "tags": ["style"]})["id"]
        for level in levels:
            image = cls.add_image(api, post, f"zq{stem}at{level}prompt", level)
            cls.ids["image"].add(image["id"])
            for word in (image["key"], f"zq{stem}at{level}prompt"):
                cls.items.append(Item(word, name, level, True))
        api.call("POST", f"/api/v2/posts/{post}/publish", {})
        cls.ids["post"].add(post)
        cls.items.append(Item(f"zq{stem}post", name, sum(levels), True))

    @classmethod
    def until(cls, holds):
        end = time.monotonic() + WAIT_SECONDS_MAX
        while not holds():
            if time.monotonic() > end:
                raise AssertionError("this took too long")
            time.sleep(0.05)

    @classmethod
    def set_up_viewers(cls):
        people = cls.people
        ids = {name: api.call("GET", "/api/v2/me")["user"]["id"] for name, api in people.items()}
        cls.ids["user"] = set(ids.values())
        for name in ("grown", "blocker", "blocked"):
            people[name].call("PATCH", "/api/v2/me", {"browsing": 31})
        for name in ("plain", "moderator"):
            people[name].call("PATCH", "/api/v2/me", {"browsing": 1})
        people["moderator"].call("PUT", f"/api/v2/users/{ids['ann']}/block", {})
        people["blocker"].call("PUT", f"/api/v2/users/{ids['ann']}/block", {})
        people["ann"].call("PUT", f"/api/v2/users/{ids['blocked']}/block", {})
        # viewer → (levels, people whose things it must not meet, whose own it is)
        cls.viewers = {
            "stranger": (Api(cls.server), 1, set(), None),
            "plain": (people["plain"], 1, set(), None),
            "grown": (people["grown"], 31, set(), None),
            "blocker": (people["blocker"], 31, {"ann"}, None),
            "blocked": (people["blocked"], 31, {"ann"}, None),
            "bob": (people["bob"], 3, set(), "bob"),
            "moderator": (people["moderator"], 1, set(), None),
        }

    @classmethod
    def learn_what_is_alike(cls):
        """So that what is similar has something to answer."""
        house = Api(cls.server, cls.server.administrator())
        house.call("POST", "/api/v2/admin/search/train", {})

        def learnt():  # by the indexes too, which look every two seconds
            status = house.call("GET", "/api/v2/admin/search")
            return status["embedder"] and not any(index["rebuilding"] or index["reason"]
                                                  for index in status["indexes"])

        def alike():  # the eldest has a sister of the same subjects
            return house.call("GET", f"/api/v2/models/{min(cls.ids['model'])}/similar")["items"]
        cls.until(lambda: learnt() and alike())

    def forbidden(self, viewer):
        _, levels, hidden, self_name = self.viewers[viewer]
        return [item for item in self.items if item.owner != self_name and
                (not item.shown or not item.level & levels or item.owner in hidden)]

    def is_page_or_desk(self, path):
        """Where moderators look at one thing by its address, or at their desk."""
        return "{" in path or path.startswith("/api/v2/moderation")

    def rows(self):
        """(path, query members) of every GET row; faces outside the document have none."""
        document = json.loads(Api(self.server).ask("GET", "/api/v2/openapi.json")[1])
        components = document["components"]["schemas"]
        told = {}
        for path, methods in document["paths"].items():
            if "get" in methods:
                told[path] = [(each["name"], self.choices(each["schema"], components))
                              for each in methods["get"].get("parameters", [])
                              if each["in"] == "query"]
        table = (ROOT / "tests/snapshots/permissions.txt").read_text().splitlines()
        for line in table:
            method, path, *_ = line.split("\t")
            if method == "GET":
                told.setdefault(path, FACE_QUERIES if path.startswith("/api/v1/") else [])
        return {path: query for path, query in told.items() if not SKIPPED.match(path)}

    def choices(self, schema, components):
        if "$ref" in schema:
            schema = components[schema["$ref"].rpartition("/")[2]]
        for inner in schema.get("anyOf", []) + schema.get("oneOf", []):
            if inner.get("type") != "null":
                return self.choices(inner, components)
        if schema.get("type") == "array":
            return self.choices(schema["items"], components)
        if "enum" in schema:
            return schema["enum"]
        return ["true"] if schema.get("type") == "boolean" else None

    def addresses(self, path, query):
        """With every known number or name in the path, and each choice of the query by itself."""
        yield from self.searches(path)
        names = re.findall(r"\{(\w+)(?:\.\.\.)?\}", path)
        wanted = [self.values_of(path, name) for name in names]
        for chosen in itertools.product(*wanted):
            filled = path
            for name, value in zip(names, chosen):
                filled = re.sub(r"\{" + name + r"(\.\.\.)?\}",
                                urllib.parse.quote(str(value), safe=""), filled)
            yield filled
            if len(names) > 0 and chosen != tuple(each[0] for each in wanted):
                continue  # the choices once are enough where there is a page for each number
            for name, values in query:
                for value in values or self.values_of_query(name, path):
                    yield filled + "?" + urllib.parse.urlencode({name: value})
            if ("ids", None) in query:
                every = ",".join(map(str, self.values_of_query("ids", path)))
                yield filled + "?" + urllib.parse.urlencode({"ids": every, "limit": 100})

    def searches(self, path):
        """Searches that would find everything, by any word and as anybody types them."""
        kinds = ["models", "images", "posts", "users", "collections", "tags"]
        words = ["zq", "zqann", "zqbob", *sorted({item.word for item in self.items})]
        if path == "/api/v2/suggest":
            for kind, word in itertools.product(kinds, ["zq", "zqann", "zqbob"]):
                yield path + "?" + urllib.parse.urlencode({"q": word, "in": kind, "limit": 20})
        if path != "/api/v2/search":
            return
        for kind in kinds:
            yield f"{path}?in={kind}&limit=100&facets=type,baseModel,tag,username"
        for word in words:
            for more in ({"typing": "true"}, {"typing": "true", "levels": 31}, {}):
                yield path + "?" + urllib.parse.urlencode({"q": word, "limit": 100, **more})

    def values_of(self, path, name):
        every = sorted(set().union(*self.ids.values()))
        if name in ("id", "file", "parent") or name.endswith("Id"):
            return every
        if name in ("username", "name", "user"):
            return list(self.people)
        if name == "kind":
            return ["model", "version", "image", "post", "comment", "review", "collection", "user"]
        return ["1"]

    def values_of_query(self, name, path):
        if name in ("username", "user"):
            return ["ann", "bob"]
        if name == "ids":
            return sorted(self.ids["image" if "images" in path else
                                   "post" if "posts" in path else "model"])
        if name in ("model", "modelId"):
            return sorted(self.ids["model"])
        if name == "collection":
            return sorted(self.ids["collection"])
        if name in ("version", "resource", "modelVersionId", "modelVersionIds"):
            return sorted(self.ids["version"])
        if name in ("post", "postId"):
            return sorted(self.ids["post"])
        if name in ("around", "imageId", "remixOf"):
            return sorted(self.ids["image"])
        if name in ("levels", "browsingLevel"):
            return [31, 16]
        if name in ("query", "q", "text", "search"):
            return ["zq", "zqann"]
        if name in ("tag", "tags"):
            return ["style"]
        return []

    def test_no_answer_holds_what_its_reader_may_not_see(self):
        rows = self.rows()
        self.assertGreater(len(rows), 25)
        leaks, met, asked = [], collections.Counter(), 0
        for viewer, (api, *_) in self.viewers.items():
            forbidden = self.forbidden(viewer)
            self.assertTrue(forbidden)
            for path, query in rows.items():
                if viewer == "moderator" and self.is_page_or_desk(path):
                    continue
                for address in self.addresses(path, query):
                    reply, content = api.ask("GET", address)
                    asked += 1
                    self.assertLess(reply.status, 500, f"{address}: {content[:300]}")
                    text = content.decode(errors="replace").lower()
                    met[viewer] += "zq" in text
                    leaks += [f"{viewer} met {item} at {address}" for item in forbidden
                              if item.word in text]
        self.assertEqual(leaks[:20], [], f"{len(leaks)} of {asked} answers")
        for viewer in self.viewers:
            self.assertGreater(met[viewer], 10, f"{viewer} saw next to nothing: nothing was shown")

    def test_what_is_meant_for_them_is_there(self):
        for viewer, (api, levels, hidden, _) in self.viewers.items():
            text = api.ask("GET", "/api/v2/models?limit=100")[1].decode()
            text += api.ask("GET", "/api/v2/images?limit=200")[1].decode()
            for item in self.items:
                if item.shown and item.level & levels and item.owner not in hidden and (
                        item.word.endswith("model") or "-" in item.word):
                    self.assertIn(item.word, text, viewer)

    def test_moderators_see_everything_on_pages(self):
        api = self.people["moderator"]
        text = "".join(api.ask("GET", f"/api/v2/{kind}s/{number}")[1].decode()
                       for kind in ("model", "image", "post", "collection", "comment")
                       for number in self.ids[kind])
        for item in self.items:
            self.assertIn(item.word, text)


FACE_QUERIES = [
    ("nsfw", ["true", "X", "Mature"]), ("browsingLevel", [31, 63]), ("query", ["zq"]),
    ("username", ["ann", "bob"]), ("withMeta", ["true"]), ("limit", [200]), ("sort", ["Newest"]),
    ("modelId", None), ("modelVersionId", None), ("postId", None), ("imageId", None),
    ("ids", None), ("modelVersionIds", None), ("tag", ["style"]), ("withTags", ["true"])]

if __name__ == "__main__":
    unittest.main()
