#include "engines/elasticsearch/indexes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engines/elasticsearch/json_text.hpp"
#include "engines/elasticsearch/mapping.hpp"

namespace atelier::engines::elasticsearch {

namespace {

constexpr long manage_ms = 30'000;

std::string action(std::string_view verb, std::string_view index, std::string_view alias) {
  return json::object({{verb, json::object({{"index", json::text(index)},
                                            {"alias", json::text(alias)}})}});
}

}  // namespace

std::string Indexes::alias(std::string_view index) const {
  std::string out = server_.account().prefix + '-';
  if (!index.ends_with(beside)) return out.append(index);
  return out.append(index.substr(0, index.size() - 1)).append("-next");
}

Result<std::optional<Found>> Indexes::find(std::string_view index) {
  const auto said = TRY(server_.ask("GET", "/" + alias(index) + "/_mapping", "", manage_ms));
  const auto names = said.names({});
  if (said.has({"error"}) || names.empty()) return std::nullopt;
  const auto mapping = said.part({names.front(), "mappings"});
  if (index.ends_with(beside)) index.remove_suffix(1);
  const auto schema = mapping ? kept_schema(index, *mapping) : std::nullopt;
  if (names.size() != 1 || !schema)
    return unavailable("The search server has an index of that name that is not ours.");
  return Found{names.front(), *schema};
}

Result<std::vector<Indexes::Own>> Indexes::list(std::string_view index) {
  const std::string beginning = alias(index) + '-';
  const auto said = TRY(server_.ask("GET", "/" + beginning + "*/_alias", "", manage_ms));
  std::vector<Own> out;
  for (const std::string& name : said.names({})) {
    // A wildcard also meets aliases; names of our own end with their number.
    if (!name.starts_with(beginning) || !parse_whole(name.substr(beginning.size()))) continue;
    out.push_back({name, said.names({name, "aliases"})});
  }
  return out;
}

Result<void> Indexes::create(const std::string& name, const std::string& body) {
  std::optional<Refused> refused;
  TRY(server_.ask("PUT", "/" + name, body, manage_ms, refused));
  if (refused && refused->type != "resource_already_exists_exception")
    return unavailable("The search server makes no index: " + refused->type + ".");
  return {};
}

Result<void> Indexes::create_first(const ports::search::Schema& schema) {
  const auto dialect = TRY(server_.dialect());
  return create(alias(schema.index) + "-1",
                index_body(schema, dialect, alias(schema.index)));
}

Result<void> Indexes::create_next(const ports::search::Schema& schema) {
  const auto dialect = TRY(server_.dialect());
  TRY(remove_next(schema.index));
  const std::string own = alias(schema.index);
  std::int64_t number = 0;
  for (const Own& each : TRY(list(schema.index)))
    number = std::max(number, *parse_whole(each.name.substr(own.size() + 1)));
  return create(own + '-' + std::to_string(number + 1),
                index_body(schema, dialect, alias(schema.index + beside)));
}

Result<void> Indexes::take_place(std::string_view index, const std::string& next,
                                 const Mark& with) {
  TRY(set_mark(next, with));
  TRY(server_.ask("POST", "/" + next + "/_refresh", "", server_.account().change_ms));
  std::vector<std::string> actions = {
      action("add", next, alias(index)),
      action("remove", next, alias(std::string(index) + beside))};
  const auto all = TRY(list(index));
  for (const Own& each : all)
    if (std::ranges::count(each.aliases, alias(index)) > 0)
      actions.push_back(action("remove", each.name, alias(index)));
  TRY(server_.ask("POST", "/_aliases", json::object({{"actions", json::list(actions)}}),
                  manage_ms));
  // Only now: who still searches the old one and fails finds the new one when he asks again.
  for (const Own& each : all) {
    if (each.name == next) continue;
    TRY(remove(each.name));
    TRY(server_.ask("DELETE", "/" + marks() + "/_doc/" + each.name, "", manage_ms));
  }
  return {};
}

Result<void> Indexes::remove_next(std::string_view index) {
  for (const Own& each : TRY(list(index)))
    if (std::ranges::count(each.aliases, alias(index)) == 0) TRY(remove(each.name));
  return {};
}

Result<void> Indexes::remove(const std::string& name) {
  TRY(server_.ask("DELETE", "/" + name, "", manage_ms));
  return {};
}

Result<Mark> Indexes::mark(const std::string& name) {
  const auto said = TRY(server_.ask("GET", "/" + marks() + "/_doc/" + name, "", manage_ms));
  return Mark{said.text({"_source", "origin"}).value_or(""),
              said.whole({"_source", "position"}).value_or(0)};
}

Result<void> Indexes::set_mark(const std::string& name, const Mark& mark) {
  if (!marks_made_.exchange(true)) {
    if (const auto made = create(marks(), marks_body()); !made) {
      marks_made_ = false;
      return made;
    }
  }
  const auto said = TRY(server_.ask(
      "PUT", "/" + marks() + "/_doc/" + name,
      json::object({{"origin", json::text(mark.origin)},
                    {"position", json::whole(mark.position)}}),
      server_.account().change_ms));
  if (!said.has({"result"})) return unavailable("The search server kept no mark.");
  return {};
}

Result<std::int64_t> Indexes::documents(const std::string& alias) {
  const auto said = TRY(server_.ask("GET", "/" + alias + "/_count", "", manage_ms));
  const auto count = said.whole({"count"});
  if (!count) return unavailable("The index is not there.");
  return *count;
}

Result<std::int64_t> Indexes::bytes(const std::string& alias) {
  const auto said = TRY(server_.ask("GET", "/" + alias + "/_stats/store", "", manage_ms));
  return said.whole({"_all", "primaries", "store", "size_in_bytes"}).value_or(0);
}

Result<bool> Indexes::whole(const std::string& alias) {
  const auto said = TRY(server_.ask("GET", "/_cluster/health/" + alias + "?timeout=1s", "",
                                    manage_ms));
  return said.text({"status"}) != "red";
}

}  // namespace atelier::engines::elasticsearch
