#include "engines/elasticsearch/changes.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <unordered_map>

#include "base/text.hpp"
#include "engines/elasticsearch/documents.hpp"
#include "engines/elasticsearch/json_text.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;

namespace {

constexpr std::size_t bulk_bytes_max = 8u << 20;
constexpr int rounds_max = 8;  ///< of doing again what another writer was faster with
constexpr auto pause_min = std::chrono::milliseconds(50);

/// What the server has of a document.
struct Stored {
  bool there = false;
  std::int64_t version = 0, sequence = 0, term = 0;
};

/// What a batch comes to for one document.
struct Wanted {
  enum class Kind : unsigned char { nothing, put, erase, patch };
  Kind kind = Kind::nothing;
  search::Document document;   ///< of put and patch
  std::size_t change = 0;      ///< the last that had a part in it
};

class Batch {
 public:
  Batch(Server& server, const Target& target, const native_search::Shape& shape,
        std::span<const search::Change> changes)
      : server_(server), target_(target), shape_(shape), changes_(changes) {}

  Result<std::vector<search::Refusal>> run() {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (std::string reason = shape_.refusal(changes_[i]); !reason.empty())
        refusals_.push_back({i, std::move(reason)});
      else
        of_[changes_[i].document.id].push_back(i);
    }
    std::vector<std::int64_t> left;
    for (const auto& [id, places] : of_) left.push_back(id);
    auto pause = pause_min;
    for (int round = 0; !left.empty(); ++round) {
      if (round == rounds_max)
        return unavailable("The search server takes no more changes now.", 1);
      if (round > 1) std::this_thread::sleep_for(pause), pause *= 2;
      left = TRY(attempt(left));
    }
    std::ranges::sort(refusals_, {}, &search::Refusal::change);
    return std::move(refusals_);
  }

 private:
  using Stores = std::unordered_map<std::int64_t, Stored>;

  /// Only puts and erasures are compared with what is there.
  bool compares(std::int64_t id) const {
    return std::ranges::any_of(of_.at(id), [&](std::size_t i) {
      return changes_[i].kind != search::Change::Kind::patch;
    });
  }

  Result<Stores> read_stored(const std::vector<std::int64_t>& ids) {
    std::vector<std::string> asked;
    for (const std::int64_t id : ids)
      if (compares(id)) asked.push_back(json::text(std::to_string(id)));
    Stores out;
    if (asked.empty()) return out;
    const auto said = TRY(server_.ask(
        "POST", "/" + target_.alias + "/_mget?_source_includes=version",
        json::object({{"ids", json::list(asked)}}), server_.account().change_ms));
    if (said.has({"error"})) return unavailable("The index is not there.");
    for (const schema::Document& doc : said.items({"docs"})) {
      if (!doc.boolean({"found"}).value_or(false)) continue;
      const auto id = said_id(doc), version = doc.whole({"_source", "version"}),
                 sequence = doc.whole({"_seq_no"}), term = doc.whole({"_primary_term"});
      if (!id || !version || !sequence || !term)
        return unavailable("The search server answered something else.");
      out[*id] = {true, *version, *sequence, *term};
    }
    return out;
  }

  static std::optional<std::int64_t> said_id(const schema::Document& item) {
    return parse_whole(item.text({"_id"}).value_or(""));
  }

  Wanted fold(std::int64_t id, const Stored& stored) const {
    Wanted out;
    bool there = stored.there;
    std::int64_t version = stored.version;
    const bool unknown = !compares(id);
    for (const std::size_t i : of_.at(id)) {
      const search::Change& change = changes_[i];
      if (change.kind == search::Change::Kind::patch) {
        if (!there && !unknown) continue;
        if (out.kind == Wanted::Kind::nothing) out.kind = Wanted::Kind::patch;
        merge(out.document, change.document);
      } else {
        if (there && change.document.version < version) continue;
        const bool put = change.kind == search::Change::Kind::put;
        out.kind = put ? Wanted::Kind::put : stored.there ? Wanted::Kind::erase
                                                          : Wanted::Kind::nothing;
        out.document = put ? change.document : search::Document{};
        there = put;
        version = change.document.version;
      }
      out.change = i;
    }
    return out;
  }

  static void merge(search::Document& into, const search::Document& patch) {
    for (const auto& [field, number] : patch.numbers) {
      const auto at = std::ranges::find(into.numbers, field,
                                        &std::pair<std::string, std::int64_t>::first);
      if (at == into.numbers.end()) into.numbers.emplace_back(field, number);
      else at->second = number;
    }
  }

  std::string written(std::int64_t id, const Wanted& wanted, const Stored& stored) const {
    std::vector<std::pair<std::string, std::string>> about = {
        {"_id", json::text(std::to_string(id))}};
    if (wanted.kind == Wanted::Kind::patch && !stored.there) {
      about.emplace_back("retry_on_conflict", "10");
    } else if (stored.there) {
      about.emplace_back("if_seq_no", json::whole(stored.sequence));
      about.emplace_back("if_primary_term", json::whole(stored.term));
    }
    switch (wanted.kind) {
      case Wanted::Kind::put:
        return json::object({{stored.there ? "index" : "create", json::object(about)}}) + '\n' +
               document_body(wanted.document, shape_) + '\n';
      case Wanted::Kind::erase:
        return json::object({{"delete", json::object(about)}}) + '\n';
      case Wanted::Kind::patch:
        return json::object({{"update", json::object(about)}}) + '\n' +
               json::object({{"doc", patch_body(wanted.document, shape_)}}) + '\n';
      case Wanted::Kind::nothing: break;
    }
    return {};
  }

  /// Tries the documents once; returns those to be tried again.
  Result<std::vector<std::int64_t>> attempt(const std::vector<std::int64_t>& ids) {
    const Stores stores = TRY(read_stored(ids));
    std::vector<std::int64_t> again, sent;
    std::map<std::int64_t, std::size_t> change_of;
    std::string body;
    for (const std::int64_t id : ids) {
      const auto at = stores.find(id);
      const Stored stored = at == stores.end() ? Stored{} : at->second;
      const Wanted wanted = fold(id, stored);
      if (wanted.kind == Wanted::Kind::nothing) continue;
      body += written(id, wanted, stored);
      sent.push_back(id);
      change_of[id] = wanted.change;
      if (body.size() < bulk_bytes_max) continue;
      TRY(send(body, sent, change_of, again));
      body.clear();
      sent.clear();
    }
    if (!sent.empty()) TRY(send(body, sent, change_of, again));
    return again;
  }

  Result<void> send(const std::string& body, const std::vector<std::int64_t>& sent,
                    const std::map<std::int64_t, std::size_t>& change_of,
                    std::vector<std::int64_t>& again) {
    const auto said = TRY(server_.ask(
        "POST", "/" + target_.alias + "/_bulk?require_alias=true&refresh=" +
                    (target_.seen_at_once ? "true" : "false"),
        body, server_.account().change_ms));
    const auto items = said.items({"items"});
    if (said.has({"error"})) return unavailable("The index is not there.");
    if (items.size() != sent.size())
      return unavailable("The search server answered something else.");
    for (std::size_t i = 0; i < items.size(); ++i)
      TRY(read_item(items[i], sent[i], change_of.at(sent[i]), again));
    return {};
  }

  Result<void> read_item(const schema::Document& item, std::int64_t id, std::size_t change,
                         std::vector<std::int64_t>& again) {
    const auto names = item.names({});
    const auto result = names.size() == 1 ? item.part({names[0]}) : std::nullopt;
    const auto status = result ? result->whole({"status"}) : std::nullopt;
    if (!status || said_id(*result) != id)
      return unavailable("The search server answered something else.");
    if (result->text({"_index"}) != target_.name)
      return unavailable("The index was replaced by another.", 1);
    const std::string type = result->text({"error", "type"}).value_or("");
    std::string reason = result->text({"error", "reason"}).value_or("");
    if (*status < 300 || (*status == 404 && type != "index_not_found_exception")) return {};
    if (says_full(reason))
      return fail(Fault::unavailable, "storage_full", "The search server's disk is full.");
    if (*status == 409 || *status == 429) {
      again.push_back(id);
      return {};
    }
    if (*status >= 500 || *status == 404 || *status == 403)
      return unavailable("The search server fails: " + type + ".");
    if (const std::string cause = result->text({"error", "caused_by", "reason"}).value_or("");
        !cause.empty())
      reason += ": " + cause;
    refusals_.push_back({change, std::move(reason)});
    return {};
  }

  Server& server_;
  const Target& target_;
  const native_search::Shape& shape_;
  std::span<const search::Change> changes_;
  std::map<std::int64_t, std::vector<std::size_t>> of_;  ///< changes of each document, in order
  std::vector<search::Refusal> refusals_;
};

}  // namespace

Result<std::vector<search::Refusal>> apply_changes(Server& server, const Target& target,
                                                   const native_search::Shape& shape,
                                                   std::span<const search::Change> changes) {
  return Batch(server, target, shape, changes).run();
}

}  // namespace atelier::engines::elasticsearch
