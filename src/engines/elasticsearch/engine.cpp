#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "base/text.hpp"
#include "engines/elasticsearch/changes.hpp"
#include "engines/elasticsearch/elasticsearch.hpp"
#include "engines/elasticsearch/indexes.hpp"
#include "engines/elasticsearch/json_text.hpp"
#include "engines/elasticsearch/searching.hpp"
#include "engines/elasticsearch/spelling.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::Shape;

namespace {

constexpr std::int64_t scan_page = 10'000;

/// An index that is there, in the shape that it was made in.
struct Open {
  std::string name;
  Shape shape;
};

bool is_field(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
  });
}

bool is_index(std::string_view name) {
  if (name.ends_with(beside)) name.remove_suffix(1);
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

class Elasticsearch final : public search::Engine {
 public:
  explicit Elasticsearch(Account account) : server_(std::move(account)) {}

  bool shared() const override { return true; }

  Result<void> open(const search::Schema& schema) override {
    TRY(Shape::of(schema));
    for (const search::Field& field : schema.fields)
      if (!is_field(field.name))
        return fail(Fault::invalid, "search_schema", "A field's name has other letters.");
    {
      const std::unique_lock held(lock_);
      wanted_[schema.index] = schema;
      open_.erase(schema.index);
    }
    if (TRY(look(schema.index))) return {};
    TRY(indexes_.create_first(schema));
    if (!TRY(look(schema.index)) && !TRY(look(schema.index + beside))) {
      TRY(indexes_.remove_next(schema.index));  // an old one that was left has its name
      TRY(indexes_.create_first(schema));
    }
    TRY(find(schema.index));
    return {};
  }

  Result<search::Standing> standing(std::string_view index) override {
    search::Standing out;
    const std::string alias = indexes_.alias(index);
    forget(index);
    const auto open = TRY(look(index));
    if (!open) {
      if (!index.ends_with(beside) && TRY(look(std::string(index) + beside)))
        out.state = search::State::building;
      return out;
    }
    out.version = open->shape.schema().version;
    const Mark mark = TRY(indexes_.mark(open->name));
    out.origin = mark.origin;
    out.position = mark.position;
    out.state = index.ends_with(beside) ? search::State::building : search::State::ready;
    if (!TRY(indexes_.whole(alias))) {
      out.state = search::State::damaged;
      out.reason = "parts of the index are on no node";
      return out;
    }
    out.documents = TRY(indexes_.documents(alias));
    out.bytes = TRY(indexes_.bytes(alias));
    return out;
  }

  Result<std::vector<search::Refusal>> apply(std::string_view index,
                                             std::span<const search::Change> changes) override {
    auto open = TRY(find(index));
    // Another node may have built an index of another shape: nothing is refused for that.
    if (std::ranges::any_of(changes, [&](const search::Change& change) {
          return !open->shape.refusal(change).empty();
        })) {
      forget(index);
      open = TRY(find(index));
    }
    const Target target{indexes_.alias(index), open->name, !index.ends_with(beside)};
    return noticing(index, apply_changes(server_, target, open->shape, changes));
  }

  Result<void> mark(std::string_view index, std::string_view origin,
                    std::int64_t position) override {
    forget(index);  // another node's rebuild has a mark of its own
    const auto open = TRY(find(index));
    return indexes_.set_mark(open->name, {std::string(origin), position});
  }

  /// Changes and marks are on disk when the server has answered (`index.translog.durability` is
  /// `request` unless somebody changed it).
  Result<void> flush(std::string_view index) override {
    TRY(find(index));
    return {};
  }

  Result<void> begin_rebuild(const search::Schema& schema) override {
    TRY(Shape::of(schema));
    const std::unique_lock changing(changing_);
    const std::string next = schema.index + beside;
    forget(next);
    TRY(indexes_.create_next(schema));
    TRY(find(next));
    return {};
  }

  Result<void> finish_rebuild(std::string_view index, std::string_view origin,
                              std::int64_t position) override {
    const std::unique_lock changing(changing_);
    const std::string next = std::string(index) + beside;
    forget(next);
    const auto open = TRY(look(next));
    if (!open) return fail(Fault::conflict, "search_rebuild", "No rebuild is under way.");
    TRY(indexes_.take_place(index, open->name, {std::string(origin), position}));
    forget(next);
    forget(index);
    return {};
  }

  Result<void> abandon_rebuild(std::string_view index) override {
    const std::unique_lock changing(changing_);
    forget(std::string(index) + beside);
    if (!is_index(index)) return {};
    return indexes_.remove_next(index);
  }

  Result<search::Answer> search(const search::Query& query) override {
    const auto open = TRY(find(query.index));
    auto answer = ask(query, *open);
    if (answer || (answer.error().fault != Fault::unavailable &&
                   answer.error().code != "search_field"))
      return answer;
    forget(query.index);  // perhaps a rebuild took its place in the meantime
    const auto now = TRY(look(query.index));
    return now && now->name != open->name ? ask(query, *now) : answer;
  }

  Result<std::vector<std::string>> suggest(std::string_view index, std::string_view text,
                                           int limit) override {
    const auto open = TRY(find(index));
    const Place place = TRY(place_of(index, *open, nullptr));
    return noticing(index, elasticsearch::suggest(place, text, limit));
  }

  Result<std::vector<float>> vector(std::string_view index, std::int64_t id) override {
    const auto open = TRY(find(index));
    const auto said = TRY(server_.ask(
        "GET", "/" + indexes_.alias(index) + "/_doc/" + std::to_string(id) + "?_source_includes=v",
        "", server_.account().search_ms));
    std::vector<float> out;
    for (const schema::Document& number : said.items({"_source", "v"}))
      out.push_back(float(number.real({}).value_or(0)));
    return out;
  }

  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::string_view index,
                                                                  std::int64_t after,
                                                                  int limit) override {
    const auto open = TRY(find(index));
    const Place place = TRY(place_of(index, *open, nullptr));
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    while (std::ssize(out) < limit) {
      const std::int64_t size = std::min(scan_page, limit - std::ssize(out));
      const std::string beyond = json::object(
          {{"range", json::object({{"id", json::object({{"gt", json::whole(after)}})}})}});
      const auto said = TRY(ask_search(
          place, json::object({{"size", json::whole(size)},
                               {"query", beyond},
                               {"sort", R"([{"id":"asc"}])"},
                               {"_source", "false"},
                               {"docvalue_fields", R"(["version"])"}})));
      const auto hits = said.items({"hits", "hits"});
      for (const schema::Document& hit : hits) {
        const auto versions = hit.items({"fields", "version"});
        const auto id = parse_whole(hit.text({"_id"}).value_or(""));
        if (!id || versions.size() != 1) return unavailable("The index has other documents.");
        out.emplace_back(*id, versions[0].whole({}).value_or(0));
        after = *id;
      }
      if (std::ssize(hits) < size) break;
    }
    return out;
  }

  Result<void> synonyms(std::vector<std::vector<std::string>> groups) override {
    auto read = std::make_shared<const native_search::Synonyms>(groups);
    const std::unique_lock held(lock_);
    synonyms_ = std::move(read);
    return {};
  }

 private:
  Result<search::Answer> ask(const search::Query& query, const Open& open) {
    TRY(open.shape.check(query));
    const auto synonyms = current_synonyms();
    const Place place = TRY(place_of(query.index, open, synonyms.get()));
    return answer_query(place, query);
  }

  Result<Place> place_of(std::string_view index, const Open& open,
                         const native_search::Synonyms* synonyms) {
    const Dialect dialect = TRY(server_.dialect());
    return Place{server_, indexes_.alias(index), open.shape, synonyms,
                 open.shape.schema().dimensions > 0 ? dialect.vectors : Vectors::none};
  }

  std::shared_ptr<const native_search::Synonyms> current_synonyms() {
    const std::shared_lock held(lock_);
    return synonyms_;
  }

  void forget(std::string_view index) {
    const std::unique_lock held(lock_);
    if (const auto at = open_.find(index); at != open_.end()) open_.erase(at);
  }

  /// An index that has gone, or was replaced by another node, is looked for again next time.
  template <class T>
  Result<T> noticing(std::string_view index, Result<T> result) {
    if (!result && result.error().fault == Fault::unavailable) forget(index);
    return result;
  }

  /// The index; null if the server has none.
  Result<std::shared_ptr<const Open>> look(std::string_view index) {
    search::Schema wanted;
    {
      const std::shared_lock held(lock_);
      if (const auto at = open_.find(index); at != open_.end()) return at->second;
      const auto known = wanted_.find(index);
      if (known != wanted_.end()) wanted = known->second;
    }
    if (!is_index(index)) return nullptr;
    auto found = TRY(indexes_.find(index));
    if (!found) return nullptr;
    // Weights may change without a new index.
    if (found->schema.version == wanted.version)
      for (search::Field& field : found->schema.fields)
        for (const search::Field& other : wanted.fields)
          if (other.name == field.name && other.kind == field.kind) field.weight = other.weight;
    auto open = std::make_shared<const Open>(Open{found->name, TRY(Shape::of(found->schema))});
    const std::unique_lock held(lock_);
    open_[std::string(index)] = open;
    return open;
  }

  Result<std::shared_ptr<const Open>> find(std::string_view index) {
    if (auto open = TRY(look(index))) return open;
    return unavailable("Search is unavailable at the moment.");
  }

  Server server_;
  Indexes indexes_{server_};
  std::mutex changing_;  ///< of which indexes there are
  std::shared_mutex lock_;
  std::map<std::string, search::Schema, std::less<>> wanted_;  ///< as `open` was told
  std::map<std::string, std::shared_ptr<const Open>, std::less<>> open_;
  std::shared_ptr<const native_search::Synonyms> synonyms_;
};

}  // namespace

std::unique_ptr<search::Engine> make_engine(Account account) {
  return std::make_unique<Elasticsearch>(std::move(account));
}

}  // namespace atelier::engines::elasticsearch
