"""The feed over generated rows from one end to the other, through HTTP: by cursor every image
once, in the order in which a plain SELECT has them, and back again; by number of the page the same
images at the same places, to the last page.

By hand: python3 -m bench.feed_walk [--rows N] [--engine …] [--sort …] [--period …]."""
import argparse
import sqlite3

from bench import feed, measure

LIMIT = 200
EVERYTHING = 31  # bits of all levels
COLUMNS = {"newest": "sort_at", "oldest": "sort_at", "mostReactions": "reaction_count",
           "mostComments": "comment_count", "mostCollected": "collected_count"}
RANKS = {"mostReactions": "reactions", "mostComments": "comments", "mostCollected": "collected"}


def wanted(server, sort, period):
    """The images in this order, from the database itself."""
    way = "ASC" if sort == "oldest" else "DESC"
    ranks = sort in RANKS and period != "AllTime"
    column, table = (RANKS[sort], "image_ranks") if ranks else (COLUMNS[sort], "images")
    where = f"is_open AND timeframe = '{period}'" if ranks else "is_open"
    query = f"SELECT id FROM {table} WHERE {where} ORDER BY {column} {way}, id {way}"
    if server.database:
        return [int(line[0]) for line in feed.psql(server.database, "-c", query)]
    path = next(server.data.glob("*.db"))
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [row[0] for row in database.execute(query)]
    finally:
        database.close()


def ids(reply):
    return [item["id"] for item in reply["items"]]


def forward(reader, query):
    """(every image in turn, the last page). `query` may be a page in the middle."""
    reply = reader.get(query)
    found = ids(reply)
    while "nextCursor" in reply:
        reply = reader.get({**query, "cursor": reply["nextCursor"]})
        found += ids(reply)
    return found, reply


def back(reader, query, reply):
    """What stands before a page, from its beginning to the beginning of all."""
    found = []
    while "previousCursor" in reply:
        reply = reader.get({**query, "cursor": reply["previousCursor"]})
        found += reversed(ids(reply))
    return found


def same(found, expected, what):
    if found == expected:
        return
    place = next((at for at, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]),
                 min(len(found), len(expected)))
    raise RuntimeError(f"{what}: {len(found)} images, not {len(expected)}; the first that differs "
                       f"is at {place}")


def numbers(count, limit):
    """Pages to look at: the first ones, some on the way, the last two."""
    last = max(1, -(-count // limit))
    return sorted({1, 2, last // 3, last // 2, last - 1, last} & set(range(1, last + 1)))


def see_everything(reader):
    reader.ask("PATCH", "/api/v2/me", {"browsing": EVERYTHING})


def walk(server, reader, sort, period="AllTime", limit=LIMIT):
    """How many images. Raises if one is missed, comes twice or stands elsewhere."""
    query = {"sort": sort, "period": period, "limit": limit}
    expected = wanted(server, sort, period)
    found, last = forward(reader, query)
    same(found, expected, f"{sort}, {period}")
    before = len(expected) - len(last["items"])
    same(back(reader, query, last), expected[:before][::-1], f"{sort}, {period}, backwards")
    for number in numbers(len(expected), limit):
        reply = reader.get({**query, "page": number})
        start = (number - 1) * limit
        same(ids(reply), expected[start:start + limit], f"{sort}, page {number}")
        if ("nextCursor" in reply) != (start + limit < len(expected)):
            raise RuntimeError(f"{sort}, page {number}: a cursor where there is no more, or none")
    beyond = reader.get({**query, "page": len(expected) // limit + 2})
    if beyond["items"] or "nextCursor" in beyond:
        raise RuntimeError(f"{sort}: there is a page behind the last")
    return len(expected)


def shuffled(server, reader, limit=LIMIT):
    """The order at random begins somewhere: behind it and before it is everything, once."""
    query = {"sort": "random", "limit": limit}
    first = reader.get(query)
    found = ids(first) + back(reader, query, first)
    if "nextCursor" in first:
        found += forward(reader, {**query, "cursor": first["nextCursor"]})[0]
    same(sorted(found), sorted(wanted(server, "newest", "AllTime")), "random")
    return len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=feed.ROWS)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--binary", default=measure.BINARY)
    parser.add_argument("--sort", choices=COLUMNS, nargs="*", default=["newest", "mostReactions"])
    parser.add_argument("--period", default="AllTime")
    given = parser.parse_args()
    with feed.filled(given.engine, given.rows, given.binary) as (server, key):
        for sort in given.sort:
            reader = feed.Reader(server, key)
            see_everything(reader)
            count = walk(server, reader, sort, given.period)
            pages = [each for each in reader.taken if "page=" in each[1]]
            print(f"{sort}: {count:,} images, each once, both ways, in {len(reader.taken):,} "
                  f"requests, p99 {feed.p99(reader.taken):.1f} ms; by number:")
            for taken, address in pages:
                print(f"  {taken:8.1f} ms {address}")


if __name__ == "__main__":
    main()
