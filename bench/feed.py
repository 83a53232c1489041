"""The feed of images over generated rows: every sort with every filter, by page, by cursor and
around an image, asked through HTTP with a member's key, whose answers are never kept.

By hand, smaller or against another build: python3 -m bench.feed [--rows N] [--engine …]."""
import argparse
import contextlib
import http.client
import json
import math
import pathlib
import random
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

from bench import measure
from tests.support.postgres import Cluster

ROWS = 1_000_000
EACH_POST, TAGS, GOAL_MS = 4, 500, 20
COLLECTED = (20, 1_000, 20_000)  # images in each collection
FOLLOWED = 50
RANKED = ("id", "owner_id", "post_id", "version_id", "model_id", "nsfw_level", "type", "tool",
          "base_model", "has_meta", "by_creator", "is_open")
NOW = 1_790_000_000_000
DAY = 86_400_000
BASES = ("SDXL 1.0", "SD 1.5", "Flux.1 D", "Pony", "Illustrious", "NoobAI", "Qwen", "Chroma",
         "SD 2.1", "HiDream", "Kolors", "PixArt a")
TOOLS = ("automatic1111", "comfyui", "", "forge", "swarmui", "fooocus", "invokeai", "novelai")
SORTS = ("newest", "oldest", "mostReactions", "mostComments", "mostCollected", "random")
COUNTED = ("mostReactions", "mostComments", "mostCollected")


def skewed(draw, size):
    """0 … size-1, small numbers much more often (the cube of an even draw)."""
    return int(draw.random() ** 3 * size)


def counts(draw):
    """Most have few, some have very many."""
    reactions = int(math.exp(draw.gauss(1.5, 1.6)))
    return reactions, int(reactions * draw.random() * 0.2), int(reactions * draw.random() * 0.4)


def people(rows):
    for number in range(1, rows // 500 + 2):
        yield {"id": 1000 + number, "username": f"person{number}", "username_key":
               f"person{number}", "email": f"p{number}@example.org", "email_key":
               f"p{number}@example.org", "password_hash": "", "role": "member", "status": "active",
               "browsing": 3, "bio": "", "is_demo": 0, "created_at": NOW - 400 * DAY}


def catalogue(rows):
    """(models, versions): one version each."""
    models, versions = [], []
    for number in range(1, rows // 500 + 2):
        models.append({
            "id": number, "owner_id": 1000 + number, "name": f"Model {number}", "name_key":
            f"model {number}", "type": "LORA", "status": "Published", "availability": "Public",
            "description": "", "description_html": "", "nsfw_level": 1, "nsfw_claim": 1, "poi": 0,
            "minor": 0, "sfw_only": 0, "allow_no_credit": 1, "allow_commercial_use": "Sell",
            "allow_derivatives": 1, "allow_different_license": 1, "is_demo": 0, "created_at": NOW,
            "updated_at": NOW, "published_at": NOW, "last_version_at": NOW, "download_count": 0,
            "thumbs_up_count": 0, "thumbs_down_count": 0, "comment_count": 0, "collected_count": 0,
            "image_count": 0})
        versions.append({
            "id": number, "model_id": number, "name": "v1", "base_model": BASES[number % 5],
            "base_model_type": "Standard", "status": "Published", "description": "",
            "description_html": "", "trained_words": "[]", "require_auth": 0, "usage_control":
            "Download", "nsfw_level": 1, "created_at": NOW, "updated_at": NOW, "published_at": NOW,
            "download_count": 0, "thumbs_up_count": 0, "thumbs_down_count": 0})
    return models, versions


def zeros(*names):
    return {f"{name}_count": 0 for name in names}


def post_row(number, draw, rows, at):
    in_gallery = draw.random() < 0.7
    return {"id": number, "owner_id": 1001 + skewed(draw, rows // 500),
            "version_id": 1 + skewed(draw, rows // 500) if in_gallery else None, "title": "",
            "detail": "", "detail_html": "", "status": "Published", "taken_down_reason": "",
            "nsfw_level": 31, "image_count": EACH_POST, "is_demo": 0, "created_at": at,
            "updated_at": at, "published_at": at,
            **zeros("like", "dislike", "laugh", "cry", "heart", "reaction", "comment", "collected")}


def image_row(number, post, draw, place):
    level = draw.choices((1, 2, 4, 8, 16), (45, 20, 15, 12, 8))[0]
    reactions, comments, collected = counts(draw)
    tool = TOOLS[skewed(draw, len(TOOLS))]
    return {"id": number, "key": f"{draw.getrandbits(128):032x}", "owner_id": post["owner_id"],
            "post_id": post["id"], "position": place, "type": "video" if draw.random() < 0.08 else
            "image", "mime": "image/png", "width": 832, "height": 1216, "bytes": 1_500_000,
            "thumb_hash": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w", "colour": 0x808080, "state": "ready",
            "perceptual_hash": number * 0x9e3779b97f4a7c15 % 2**63, "problem": "",
            "level_claim": level, "level_vote": 0, "nsfw_level": level, "hide_meta": 0,
            "has_meta": 1 if tool else 0, "has_prompt": 1 if tool else 0, "tool": tool,
            "base_model": BASES[skewed(draw, len(BASES))], "version_id": post["version_id"],
            "model_id": post["version_id"], "by_creator": 0, "is_demo": 0, "is_open": 1,
            "created_at": post["created_at"], "updated_at": post["created_at"], "published_at":
            post["published_at"], "taken_down_reason": "", "sort_at": post["published_at"],
            "shuffle": draw.getrandbits(48), "like_count": reactions, "reaction_count": reactions,
            "comment_count": comments, "collected_count": collected,
            **zeros("dislike", "laugh", "cry", "heart")}


def collections_of(images, draw):
    made, items = [], []
    for number, size in enumerate(COLLECTED, 1):
        made.append({"id": number, "owner_id": 1001, "name": f"Collection {number}", "description":
                     "", "kind": "image", "read_mode": "Public", "write_mode": "Private",
                     "is_bookmarks": 0, "nsfw_level": 31, "item_count": size, "follower_count": 0,
                     "created_at": NOW, "updated_at": NOW})
        items += [{"collection_id": number, "kind": "image", "subject_id": image["id"], "added_by":
                   1001, "status": "ACCEPTED", "level": image["nsfw_level"], "created_at": NOW}
                  for image in draw.sample(images, min(size, len(images)))]
    yield "collections", made
    yield "collection_items", items


def rows_of(total):
    """(table, rows) in an order that foreign keys allow."""
    draw = random.Random(7)
    posts, images, tagged, ranks = [], [], [], []
    for number in range(1, total // EACH_POST + 1):
        at = NOW - int(draw.random() ** 2 * 700 * DAY)
        post = post_row(number, draw, total, at)
        posts.append(post)
        tagged += [{"post_id": number, "tag_id": tag, "position": 0}
                   for tag in {1 + skewed(draw, TAGS) for _ in range(3)}]
        for place in range(EACH_POST):
            image = image_row(len(images) + 1, post, draw, place)
            images.append(image)
            if draw.random() < 0.05:
                ranks.append({"timeframe": "Week", "reactions": image["reaction_count"] // 3 + 1,
                              "comments": image["comment_count"] // 3, "collected": 0,
                              **{name: image[name] for name in RANKED}})
    uses = {tag: 0 for tag in range(1, TAGS + 1)}
    for row in tagged:
        uses[row["tag_id"]] += EACH_POST
    models, versions = catalogue(total)
    yield "users", list(people(total))
    yield "models", models
    yield "model_versions", versions
    yield "tags", [{"id": tag, "name": f"tag{tag}", "model_count": 0, "image_count": uses[tag]}
                   for tag in uses]
    yield "posts", posts
    yield "post_tags", tagged
    yield "images", images
    yield "image_ranks", ranks
    yield from collections_of(images, draw)


def fill_sqlite(path, total):
    """Indexes are made afterwards, at once; the schema is the same in the end."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA cache_size = -500000")
    for table, rows in rows_of(total):
        indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND "
                                   "tbl_name = ? AND sql IS NOT NULL", [table]).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        names = list(rows[0])
        database.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES "
                             f"({', '.join('?' * len(names))})",
                             ([row[name] for name in names] for row in rows))
        for _, sql in indexes:
            database.execute(sql)
    database.commit()
    database.close()


def psql(address, *words):
    """The answer's lines, each a list of its columns."""
    done = subprocess.run(["psql", "-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", address,
                           *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def fill_postgres(address, total, folder):
    """As above."""
    path = pathlib.Path(folder) / "rows.csv"
    for table, rows in rows_of(total):
        indexes = psql(address, "-c", f"""SELECT indexname, indexdef FROM pg_indexes
            WHERE tablename = '{table}' AND NOT EXISTS
              (SELECT 1 FROM pg_constraint WHERE conname = indexname)""")
        names = list(rows[0])
        with open(path, "w") as file:
            for row in rows:
                values = (row[each] for each in names)
                file.write("\t".join("\\N" if value is None else str(value) for value in values))
                file.write("\n")
        psql(address, "-c", "".join(f"DROP INDEX {index};" for index, _ in indexes),
             "-c", f"\\copy {table} ({', '.join(names)}) FROM '{path}'",
             "-c", "SET maintenance_work_mem = '1GB';" + "".join(f"{made};" for _, made in indexes))
    psql(address, "-c", "VACUUM ANALYZE")


@contextlib.contextmanager
def filled(engine, total, binary):
    """A server over so many images, and a member's key."""
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(Cluster(durable=True)) if engine == "postgres" else None
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database = cluster.create("feed") if cluster else None
        server = stack.enter_context(measure.Server(binary, database=database,
                                                    environment=measure.QUIET))
        key = server.administrator("member")
        server.stop()
        if cluster:
            fill_postgres(database, total, folder)
        else:
            fill_sqlite(next(server.data.glob("*.db")), total)
        server.start()
        yield server, member_key(server, total)


def member_key(server, rows):
    """Of somebody who browses PG and PG-13, as new members do, and follows some people."""
    for words in (("user", "create", "--email", "m@example.org", "--username", "browsing",
                   "--password", "seven green apples", "--json"),
                  ("key", "create", "--user", "browsing", "--scopes", "all", "--json")):
        status, out, said = server.cli(*words)
        if status:
            raise RuntimeError(out + said)
    key = json.loads(out)["key"]
    reader = Reader(server, key)
    for number in range(FOLLOWED):
        reader.ask("PUT", f"/api/v2/users/{1001 + number * 20 % (rows // 500)}/follow")
    return key


def filters():
    yield {}
    yield {"baseModel": "SDXL 1.0"}
    yield {"baseModel": "PixArt a"}
    yield {"tool": "comfyui"}
    yield {"tool": "novelai"}
    yield {"type": "video"}
    yield {"hasMeta": "true"}
    yield {"tag": "tag1"}
    yield {"tag": "tag60"}
    yield {"tag": "tag490"}
    for model in (1, 10, 400):
        yield {"model": model}
        yield {"version": model}
    for person in (1, 10, 400):
        yield {"username": f"person{person}"}
    yield {"baseModel": "Flux.1 D", "tag": "tag5", "hasMeta": "true"}
    yield {"followed": "true"}
    for number in range(1, len(COLLECTED) + 1):
        yield {"collection": number}


class Reader:
    def __init__(self, server, key):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.headers = {"Authorization": f"Bearer {key}"}
        self.taken = []  # (ms, address)

    def ask(self, method, address, body=None):
        kind = {"Content-Type": "application/json"} if body else {}
        begun = time.perf_counter()
        self.connection.request(method, address, body and json.dumps(body), self.headers | kind)
        reply = self.connection.getresponse()
        content = reply.read()
        self.taken.append(((time.perf_counter() - begun) * 1000, address))
        if reply.status != 200:
            raise RuntimeError(f"{address}: {reply.status} {content[:300]}")
        return json.loads(content)

    def get(self, query):
        return self.ask("GET", "/api/v2/images?" + urllib.parse.urlencode(query))

    def page_through(self, query, pages):
        reply = self.get(query)
        for _ in range(pages):
            if "nextCursor" not in reply:
                return
            reply = self.get({**query, "cursor": reply["nextCursor"]})
        if reply["items"]:
            self.get({**query, "around": reply["items"][len(reply["items"]) // 2]["id"]})


def p99(taken):
    return sorted(taken)[max(0, math.ceil(len(taken) * 0.99) - 1)][0]


def measured(engine, total, binary, shown=0):
    """p99 in ms, after one round that warms the machine's memory."""
    with filled(engine, total, binary) as (server, key):
        for warm in (True, False):
            reader = Reader(server, key)
            for sort in SORTS:
                for chosen in filters():
                    reader.page_through({"sort": sort, "limit": 50, **chosen}, 3)
                    if sort in COUNTED:
                        reader.page_through({"sort": sort, "period": "Week", **chosen}, 1)
        for taken, address in sorted(reader.taken, reverse=True)[:shown]:
            print(f"  {taken:8.1f} ms {address}")
        return p99(reader.taken)


def run():
    return [measure.row("feed", f"p99 in ms, {ROWS:,} images, {name}",
                        measured(engine, ROWS, measure.BINARY), None, "", GOAL_MS, at_most=True)
            for engine, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL"))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--binary", default=measure.BINARY)
    parser.add_argument("--slow", type=int, default=15, help="how many of the slowest to show")
    given = parser.parse_args()
    print(f"p99 {measured(given.engine, given.rows, given.binary, given.slow):.1f} ms")
