#include "tests/support/schema.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace atelier::test {
namespace {

using Lines = std::vector<std::string>;

Result<sql::Rows> ask(sql::Tx& tx, const char* text, std::vector<sql::Cell> values = {}) {
  return tx.run(sql::Query{"schema", text, std::move(values)});
}

const std::map<std::string, std::string, std::less<>> types = {
    {"INTEGER", "whole"}, {"INT", "bool"},     {"REAL", "real"},
    {"TEXT", "text"},     {"bigint", "whole"}, {"boolean", "bool"},
    {"double precision", "real"}, {"text COLLATE \"C\"", "text"}};

/// One row per column: name, type, not null, has a default.
constexpr const char* sqlite_columns =
    "SELECT name, type, \"notnull\" OR pk > 0, dflt_value IS NOT NULL FROM pragma_table_xinfo(?1)"
    " ORDER BY cid";
constexpr const char* postgres_columns =
    "SELECT a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation = 0 OR"
    "  a.attcollation = 100 THEN '' ELSE ' COLLATE \"' || c.collname || '\"' END,"
    "  a.attnotnull, a.atthasdef FROM pg_attribute a"
    " LEFT JOIN pg_collation c ON c.oid = a.attcollation"
    " WHERE a.attrelid = to_regclass(?1) AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY a.attnum";

/// One row per key column: name.
constexpr const char* sqlite_key =
    "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk";
constexpr const char* postgres_key =
    "SELECT a.attname FROM pg_index i"
    " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)"
    " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
    " WHERE i.indrelid = to_regclass(?1) AND i.indisprimary ORDER BY k.place";

/// One row per reference: columns, table, what deletion does.
constexpr const char* sqlite_references =
    "SELECT group_concat(\"from\", ','), \"table\", on_delete FROM"
    " (SELECT id, seq, \"from\", \"table\", on_delete FROM pragma_foreign_key_list(?1)"
    "  ORDER BY id, seq) GROUP BY id, \"table\", on_delete";
constexpr const char* postgres_references =
    "SELECT string_agg(a.attname, ',' ORDER BY k.place), c.confrelid::regclass::text,"
    "  CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'"
    "   WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END"
    " FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(number, place)"
    " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number"
    " WHERE c.contype = 'f' AND c.conrelid = to_regclass(?1)"
    " GROUP BY c.oid, c.confrelid, c.confdeltype";

/// One row per index, without those of primary keys: unique, partial, columns ('' for an
/// expression), each with ' DESC' where it runs down.
constexpr const char* sqlite_indexes =
    "SELECT l.\"unique\", l.partial, (SELECT group_concat(coalesce(x.name, '') ||"
    "   CASE WHEN x.desc THEN ' DESC' ELSE '' END, ',')"
    "  FROM (SELECT * FROM pragma_index_xinfo(l.name) WHERE key = 1 ORDER BY seqno) AS x)"
    " FROM pragma_index_list(?1) AS l WHERE l.origin <> 'pk'";
constexpr const char* postgres_indexes =
    "SELECT i.indisunique, i.indpred IS NOT NULL, string_agg(coalesce(a.attname, '') ||"
    "   CASE WHEN i.indoption[k.place - 1] & 1 = 1 THEN ' DESC' ELSE '' END, ','"
    "   ORDER BY k.place)"
    " FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)"
    " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0"
    " WHERE i.indrelid = to_regclass(?1) AND NOT i.indisprimary"
    " GROUP BY i.indexrelid, i.indisunique, i.indpred IS NOT NULL";

Result<Lines> tables(sql::Tx& tx) {
  const char* text =
      tx.engine() == sql::Engine::sqlite
          ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
          : "SELECT relname FROM pg_class WHERE relkind = 'r' AND"
            " relnamespace = 'public'::regnamespace";
  Lines names;
  for (const sql::Row row : TRY(ask(tx, text))) names.push_back(row.string(0));
  std::ranges::sort(names);
  return names;
}

Result<Lines> table_lines(sql::Tx& tx, const std::string& table) {
  const bool sqlite = tx.engine() == sql::Engine::sqlite;
  Lines lines;
  for (const sql::Row row : TRY(ask(tx, sqlite ? sqlite_columns : postgres_columns, {table}))) {
    const auto type = types.find(row.text(1));
    lines.push_back("  " + row.string(0) + " " +
                    (type == types.end() ? "?" + row.string(1) : type->second) +
                    (row.boolean(2) ? " not null" : "") + (row.boolean(3) ? " default" : ""));
  }
  std::string key;
  for (const sql::Row row : TRY(ask(tx, sqlite ? sqlite_key : postgres_key, {table})))
    key += (key.empty() ? "" : ",") + row.string(0);
  lines.push_back("  key (" + key + ")");
  std::multiset<std::string> rest;
  for (const sql::Row row :
       TRY(ask(tx, sqlite ? sqlite_references : postgres_references, {table})))
    rest.insert("  (" + row.string(0) + ") references " + row.string(1) + ", on delete " +
                row.string(2));
  for (const sql::Row row : TRY(ask(tx, sqlite ? sqlite_indexes : postgres_indexes, {table})))
    rest.insert(std::string(row.boolean(0) ? "  unique" : "  index") +
                (row.boolean(1) ? " partial" : "") + " (" + row.string(2) + ")");
  lines.insert(lines.end(), rest.begin(), rest.end());
  return lines;
}

}  // namespace

Result<std::string> canonical_schema(sql::Database& database) {
  return sql::ask(database, [](sql::Tx& tx) -> Result<std::string> {
    std::string schema;
    for (const std::string& table : TRY(tables(tx))) {
      schema += table + "\n";
      for (const std::string& line : TRY(table_lines(tx, table))) schema += line + "\n";
    }
    return schema;
  });
}

}  // namespace atelier::test
