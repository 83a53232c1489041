"""A client that walks the whole feed of images misses none and meets none twice, whichever way it
goes, on both engines; also while counts change that the feed is sorted by."""
import os
import pathlib
import random
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from bench import feed, feed_walk  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
ROWS, LIMIT = 4_000, 37  # pages end within runs of equal counts
LIKED = 3                # images liked between two pages
WAIT_SECONDS_MAX = 120


class WalksTheFeed(unittest.TestCase):
    def walk(self, engine):
        with feed.filled(engine, ROWS, BINARY) as (server, key):
            reader = feed.Reader(server, key)
            self.addCleanup(reader.connection.close)
            feed_walk.see_everything(reader)
            for sort in feed_walk.COLUMNS:
                self.assertEqual(feed_walk.walk(server, reader, sort, limit=LIMIT), ROWS, sort)
            for sort in feed_walk.RANKS:
                count = feed_walk.walk(server, reader, sort, "Week", LIMIT)
                self.assertGreater(count, LIMIT, sort)
            self.assertEqual(feed_walk.shuffled(server, reader, LIMIT), ROWS)
            self.walk_while_counts_change(server, reader)

    def walk_while_counts_change(self, server, reader):
        """What nobody likes meanwhile is met once, in order; what is liked may move past."""
        draw, liked, found = random.Random(5), set(), []
        query = {"sort": "mostReactions", "limit": LIMIT}
        before = feed_walk.wanted(server, "mostReactions", "AllTime")
        reply = reader.get(query)
        while True:
            found += feed_walk.ids(reply)
            if "nextCursor" not in reply:
                break
            for image in draw.sample(before, LIKED):
                reader.ask("PUT", f"/api/v2/reactions/image/{image}/Like")
                liked.add(image)
            if len(liked) == LIKED:
                self.until_another_order(server, before)
            reply = reader.get({**query, "cursor": reply["nextCursor"]})
        feed_walk.same([image for image in found if image not in liked],
                       [image for image in before if image not in liked], "while it changes")

    def until_another_order(self, server, before):
        """Counts are made from events, a moment later."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while feed_walk.wanted(server, "mostReactions", "AllTime") == before:
            self.assertLess(time.monotonic(), deadline, "no count has changed")
            time.sleep(0.1)

    def test_sqlite(self):
        self.walk("sqlite")

    def test_postgres(self):
        self.walk("postgres")


if __name__ == "__main__":
    unittest.main()
