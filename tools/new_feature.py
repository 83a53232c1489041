#!/usr/bin/env python3
"""Makes the folder of a new feature: tools/new_feature.py bookmarks [--root FOLDER].

The name is the feature's noun, plural, in snake_case. What it writes compiles and works: one
table, an endpoint that lists and one that adds, a unit test and an API test to grow from.
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

HEADER = """\
#pragma once
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"
#include "schema/types.hpp"

/// What @names@ are and who may do what with them.
namespace atelier::@names@ {

using @One@Id = Id<struct @One@Tag>;

struct @One@ {
  @One@Id id;
  UserId owner;
  std::string title;
  schema::Time createdAt;
};
BOOST_DESCRIBE_STRUCT(@One@, (), (id, owner, title, createdAt))

platform::Feature feature();

}  // namespace atelier::@names@
"""

ENDPOINTS = """\
#pragma once
#include "features/@names@/@names@.hpp"

/// What the endpoints of @names@ take and give.
namespace atelier::@names@ {

struct List@Names@ {
  schema::Whole<1, 100> limit{20};
};
BOOST_DESCRIBE_STRUCT(List@Names@, (), (limit))

struct @One@List {
  std::vector<@One@> items;
};
BOOST_DESCRIBE_STRUCT(@One@List, (), (items))

struct Add@One@ {
  schema::Text<1, 200> title;
};
BOOST_DESCRIBE_STRUCT(Add@One@, (), (title))

/// The newest first.
Result<@One@List> list_@names@(Context& context, const List@Names@& in);
Result<@One@> add_@one@(Context& context, const Add@One@& in);

}  // namespace atelier::@names@
"""

RULES = """\
#include "features/@names@/endpoints.hpp"
#include "features/@names@/store.hpp"
#include "platform/events.hpp"

namespace atelier::@names@ {

Result<@One@List> list_@names@(Context& context, const List@Names@& in) {
  context.depends_on("@names@");
  return @One@List{TRY(store::newest(context.tx(), in.limit.value))};
}

Result<@One@> add_@one@(Context& context, const Add@One@& in) {
  @One@ @one@{{}, context.viewer.user, in.title.value, {context.now}};
  @one@.id = TRY(store::insert(context.tx(), @one@));
  TRY(platform::publish(context.services, context.tx(), "@names@", "added", @one@.id.value,
                        @one@.owner));
  return @one@;
}

}  // namespace atelier::@names@
"""

STORE_HEADER = """\
#pragma once
#include <vector>

#include "features/@names@/@names@.hpp"
#include "ports/database.hpp"

/// All SQL of @names@.
namespace atelier::@names@::store {

Result<std::vector<@One@>> newest(sql::Tx& tx, std::int64_t limit);
Result<@One@Id> insert(sql::Tx& tx, const @One@& @one@);

}  // namespace atelier::@names@::store
"""

STORE = """\
#include "features/@names@/store.hpp"

namespace atelier::@names@::store {
namespace {

const sql::Statement newest_rows{
    "@names@.newest",
    "SELECT id, owner_id, title, created_at FROM @names@ ORDER BY id DESC LIMIT ?1"};
const sql::Statement insert_row{
    "@names@.insert",
    "INSERT INTO @names@ (owner_id, title, created_at) VALUES (?1, ?2, ?3) RETURNING id"};

}  // namespace

Result<std::vector<@One@>> newest(sql::Tx& tx, std::int64_t limit) {
  std::vector<@One@> found;
  const sql::Rows rows = TRY(tx.run(newest_rows, {limit}));
  for (const sql::Row row : rows)
    found.push_back({row.id<@One@Id>(0), row.id<UserId>(1), row.string(2), {row.whole(3)}});
  return found;
}

Result<@One@Id> insert(sql::Tx& tx, const @One@& @one@) {
  const sql::Rows rows =
      TRY(tx.run(insert_row, {@one@.owner, @one@.title, @one@.createdAt.value}));
  return rows.front().id<@One@Id>(0);
}

}  // namespace atelier::@names@::store
"""

ROUTES = """\
#include "features/@names@/endpoints.hpp"

namespace atelier::@names@ {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Scope;

void add_routes(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/@kebab@", .id = "list@Names@", .summary = "The newest @words@.",
        .access = Access::anyone, .scope = Scope::user_read, .cheap = true}, list_@names@);
  bind(routes, Method::post,
       {.path = "/api/v2/@kebab@", .id = "add@One@", .summary = "Add to the @words@.",
        .access = Access::member, .scope = Scope::user_write, .rate = Rate::create,
        .creates = true}, add_@one@);
}

}  // namespace

platform::Feature feature() { return {.name = "@names@", .routes = add_routes}; }

}  // namespace atelier::@names@
"""

TEST = """\
#include <gtest/gtest.h>

#include "features/@names@/@names@.hpp"
#include "schema/endpoint.hpp"

namespace atelier::@names@ {

TEST(@Names@, OnlyMembersMayAdd) {
  schema::Routes routes;
  feature().routes(routes);
  ASSERT_EQ(routes.all.size(), 2u);
  for (const schema::Endpoint& endpoint : routes.all)
    EXPECT_EQ(endpoint.row.access, endpoint.method == schema::Method::get
                                       ? schema::Access::anyone
                                       : schema::Access::member);
}

}  // namespace atelier::@names@
"""

MIGRATION = """\
CREATE TABLE @names@ (
  id @id,
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title @text NOT NULL,
  created_at @whole NOT NULL
) @strict;
CREATE INDEX @names@_owner ON @names@ (owner_id);
"""

API_TEST = """\
== a stranger sees the @words@ and may not add any
GET /api/v2/@kebab@
-> 200
{"items": []}

POST /api/v2/@kebab@
{"title": "one"}
-> 401
{"code": "*text*"}
"""


def words_of(name):
    """The name in its shapes: bookmarks, Bookmarks, bookmark, Bookmark, book-marks."""
    one = name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")
    one = one if one != name else f"{name}_item"
    return {"names": name, "one": one, "kebab": name.replace("_", "-"),
            "words": name.replace("_", " "), "Names": pascal(name), "One": pascal(one)}


def pascal(name):
    return "".join(word.capitalize() for word in name.split("_"))


def fill(template, words):
    for key, value in words.items():
        template = template.replace(f"@{key}@", value)
    return template


def next_migration(root):
    """Numbers go up by hundreds, one hundred a feature."""
    numbers = [int(path.name[:4]) for path in (root / "migrations").glob("[0-9]*.sql")]
    return (max(numbers, default=0) // 100 + 1) * 100 + 1


def files_of(name, root):
    folder = f"src/features/{name}"
    return {f"{folder}/{name}.hpp": HEADER, f"{folder}/endpoints.hpp": ENDPOINTS,
            f"{folder}/{name}.cpp": RULES, f"{folder}/store.hpp": STORE_HEADER,
            f"{folder}/store.cpp": STORE, f"{folder}/routes.cpp": ROUTES,
            f"{folder}/{name}_test.cpp": TEST,
            f"migrations/{next_migration(root):04}_{name}.sql": MIGRATION,
            f"tests/api/{name}/{name}.txt": API_TEST}


def add_layer_row(name, root):
    path = root / "tools" / "layers.toml"
    text = path.read_text()
    path.write_text(re.sub(r"(\[features\]\n(?:\w+ = .*\n)*)", rf"\g<1>{name} = []\n", text))


def add_to_program(name, root):
    """One include and one row in app/features.cpp."""
    path = root / "src" / "app" / "features.cpp"
    text = path.read_text()
    include = f'#include "features/{name}/{name}.hpp"\n'
    last = list(re.finditer(r'#include "features/.*\n', text))[-1]
    text = text[:last.end()] + include + text[last.end():]
    last = list(re.finditer(r"^( *)(\w+)::feature\(\)(,?)", text, re.M))[-1]
    row = f"{last.group(1)}{last.group(2)}::feature(),\n{last.group(1)}{name}::feature()"
    path.write_text(text[:last.start()] + row + last.group(3) + text[last.end():])


def make(name, root):
    """The new files' paths; nothing is written when any of them exists."""
    files = files_of(name, root)
    there = [path for path in files if (root / path).exists()]
    if there or (root / "src/features" / name).exists():
        raise FileExistsError(f"{name} is already there: {', '.join(there)}")
    words = words_of(name)
    for path, template in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(fill(template, words))
    add_layer_row(name, root)
    add_to_program(name, root)
    return list(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", help="the noun, plural, in snake_case")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT)
    arguments = parser.parse_args()
    if not re.fullmatch(r"[a-z][a-z]+(_[a-z]+)*", arguments.name):
        print("a feature's name is a plural noun in snake_case: make new-feature NAME=bookmarks")
        return 2
    try:
        made = make(arguments.name, arguments.root)
    except FileExistsError as error:
        print(error)
        return 1
    print("\n".join(made))
    print("Its rows are in tools/layers.toml and src/app/features.cpp. Now `make dev`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
