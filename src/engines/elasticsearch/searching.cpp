#include "engines/elasticsearch/searching.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <functional>
#include <numbers>
#include <unordered_map>

#include "base/text.hpp"
#include "engines/elasticsearch/json_text.hpp"
#include "engines/elasticsearch/mapping.hpp"
#include "engines/elasticsearch/snippets.hpp"
#include "engines/elasticsearch/spelling.hpp"
#include "engines/native_search/cursor.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::Cursor;

namespace {

/// As the native engine: so many of the nearest take part, a list by vectors alone ends there.
constexpr std::int64_t vector_window = 200, text_window = 1000;
constexpr float fusion_rank = 60;

struct Ranked {
  std::int64_t key = 0;  ///< the number that was sorted by, or the bits of the score
  std::int64_t id = 0;
};

std::int64_t key_of(float score) { return std::bit_cast<std::int32_t>(score); }
float score_of(std::int64_t key) { return std::bit_cast<float>(std::int32_t(key)); }

bool precedes(const Ranked& a, const Ranked& b) {
  return a.key != b.key ? a.key > b.key : a.id > b.id;
}

std::string sort_by(std::string_view path, bool descending) {
  return json::object({{path, json::text(descending ? "desc" : "asc")}});
}

std::string having(const std::vector<Ranked>& documents) {
  std::vector<std::string> ids;
  for (const Ranked& each : documents) ids.push_back(json::whole(each.id));
  return json::object({{"terms", json::object({{"id", json::list(ids)}})}});
}

void explain(const schema::Document& part, int depth, std::string& out) {
  out += std::string(std::size_t(depth) * 2, ' ') + json::number(part.real({"value"}).value_or(0));
  out += "  ";
  for (const char c : part.text({"description"}).value_or("")) {
    if (c == native_search::stem_mark) out += "stem ";
    else if (c >= ' ' || c < 0) out += c;
  }
  out += '\n';
  for (const schema::Document& detail : part.items({"details"})) explain(detail, depth + 1, out);
}

class Search {
 public:
  Search(const Place& place, const search::Query& query)
      : place_(place), query_(query),
        text_(read_text(query, place.shape, place.synonyms)) {}

  Result<search::Answer> run() {
    fused_ = !query_.vector.empty() && query_.order.field.empty();
    if (fused_ && place_.vectors == Vectors::none) {
      if (!text_.finds()) return unavailable("This search server compares no vectors.");
      fused_ = false;
    }
    by_score_ = query_.order.field.empty() && (text_.finds() || fused_);
    descending_ = query_.order.field.empty() || query_.order.descending;
    mark_ = native_search::order_mark(query_.order.field, descending_);
    if (!query_.after.empty()) after_ = TRY(native_search::read_cursor(query_.after, mark_));
    if (fused_) nearest_ = TRY(ask_nearest());
    const auto said = TRY(ask_search(place_, body(), preference()));
    auto found = TRY(read_hits(said));
    if (text_.finds() && query_.typos && found.empty() && !after_ && query_.offset == 0 &&
        (fused_ || said.whole({"hits", "total", "value"}) == 0)) {
      auto better = TRY(mended(place_, query_, text_));
      if (better) {
        better->typos = false;
        auto answer = TRY(Search(place_, *better).run());
        answer.corrected = asked_words(*better);
        return answer;
      }
    }
    return answer(said, std::move(found));
  }

 private:
  std::string conditions() const {
    std::vector<std::string> all = {condition_query(query_.filter)};
    for (const auto& [name, condition] : query_.filters) all.push_back(condition_query(condition));
    return all_of(all);
  }

  /// Under every filter, and without what is excluded.
  Result<std::vector<Ranked>> ask_nearest() const {
    AskedText excluded;
    for (const Asked& clause : text_.clauses)
      if (clause.excluded) excluded.clauses.push_back(clause);
    const std::string filter = text_query(excluded, conditions());
    std::vector<std::string> numbers;
    double squares = 0;
    for (const float each : query_.vector) {
      numbers.push_back(json::number(double(each)));
      squares += double(each) * each;
    }
    if (!std::isfinite(squares) || squares < 1e-20)
      return fail(Fault::invalid, "search_vector", "The vector has no direction.");
    const std::string vector = json::list(numbers), count = json::whole(vector_window);
    std::vector<std::pair<std::string, std::string>> body = {{"size", count}, {"_source", "false"}};
    if (place_.vectors == Vectors::knn_vector) {
      const std::string about = json::object({{"vector", vector}, {"k", count},
                                              {"filter", filter}});
      body.emplace_back("query", json::object({{"knn", json::object({{"v", about}})}}));
    } else {
      body.emplace_back("knn", json::object({{"field", json::text("v")},
                                             {"query_vector", vector},
                                             {"k", count},
                                             {"num_candidates", json::whole(2 * vector_window)},
                                             {"filter", filter}}));
    }
    const auto said = TRY(ask_search(place_, json::object(body)));
    std::vector<Ranked> out;
    for (const schema::Document& hit : said.items({"hits", "hits"})) {
      const auto id = parse_whole(hit.text({"_id"}).value_or(""));
      const auto score = hit.real({"_score"});
      if (id && score) out.push_back({key_of(float(*score)), *id});
    }
    std::ranges::sort(out, precedes);
    return out;
  }

  std::string popular(std::string query) const {
    if (query_.popularity.empty() || query_.popularity_weight == 0) return query;
    const std::string path = number_path(query_.popularity);
    const std::string from_zero = json::object(
        {{"range", json::object({{path, json::object({{"gte", "0"}})}})}});
    const std::string factor = json::object({{"field", json::text(path)},
                                             {"modifier", json::text("ln1p")},
                                             {"missing", "0"}});
    const double weight = double(query_.popularity_weight) / std::numbers::ln2;
    const std::vector<std::string> functions = {
        json::object({{"weight", "1"}}),
        json::object({{"filter", from_zero}, {"field_value_factor", factor},
                      {"weight", json::number(weight)}})};
    return json::object(
        {{"function_score", json::object({{"query", query},
                                          {"functions", json::list(functions)},
                                          {"score_mode", json::text("sum")},
                                          {"boost_mode", json::text("multiply")}})}});
  }

  /// Everything that counts, apart from `filters`.
  std::string main_query() const {
    std::string texts = text_query(text_, condition_query(query_.filter));
    if (by_score_ && text_.finds()) texts = popular(std::move(texts));
    if (!fused_) return texts;
    if (!text_.finds()) return all_of({having(nearest_)});
    const std::string near = json::object({{"filter", having(nearest_)}, {"boost", "0"}});
    return json::object(
        {{"bool", json::object({{"should", json::list({texts, json::object({{"constant_score",
                                                                             near}})})},
                                {"minimum_should_match", "1"}})}});
  }

  std::string facets() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (std::size_t i = 0; i < query_.facets.size(); ++i) {
      const search::Facet& facet = query_.facets[i];
      if (facet.limit <= 0) continue;
      std::vector<std::string> others;
      for (const auto& [name, condition] : query_.filters)
        if (name != facet.field) others.push_back(condition_query(condition));
      const std::string terms = json::object(
          {{"field", json::text(keyword_path(facet.field))},
           {"size", json::whole(facet.limit)},
           {"order", json::list({sort_by("_count", true), sort_by("_key", false)})}});
      const std::string values = json::object({{"values", json::object({{"terms", terms}})}});
      out.emplace_back("f" + std::to_string(i),
                       json::object({{"filter", all_of(others)}, {"aggs", values}}));
    }
    return json::object(out);
  }

  std::string sort() const {
    if (by_score_) return json::list({sort_by("_score", true), sort_by("id", true)});
    if (by_id()) return json::list({sort_by("id", descending_)});
    return json::list({sort_by(number_path(query_.order.field), descending_),
                       sort_by("id", true)});
  }

  bool by_id() const {
    return !by_score_ &&
           (query_.order.field.empty() || query_.order.field == native_search::id_field);
  }

  std::string preference() const {
    return "w" + std::to_string(std::hash<std::string>()(asked_words(query_)));
  }

  /// One hit more than asked for, which tells whether there is a next page.
  std::int64_t size() const {
    if (query_.limit == 0) return 0;
    if (fused_) return text_.finds() ? text_window : 0;
    return query_.limit + 1 + (after_ ? query_.offset : 0);
  }

  std::string body() const {
    std::vector<std::pair<std::string, std::string>> out = {
        {"size", json::whole(size())},
        {"track_total_hits", "true"},
        {"query", main_query()},
        {"sort", sort()},
        {"_source", query_.highlight && !fused_ ? R"(["s"])" : "false"},
        {"explain", json::boolean(query_.explain && !fused_)}};
    std::vector<std::string> filters;
    for (const auto& [name, condition] : query_.filters)
      filters.push_back(condition_query(condition));
    if (!filters.empty()) out.emplace_back("post_filter", all_of(filters));
    if (!query_.facets.empty()) out.emplace_back("aggs", facets());
    if (fused_ || size() == 0) return json::object(out);
    if (after_ && by_score_)
      out.emplace_back("search_after", json::list({json::number(double(score_of(after_->key))),
                                                   json::whole(after_->id)}));
    else if (after_ && by_id())
      out.emplace_back("search_after", json::list({json::whole(after_->id)}));
    else if (after_)
      out.emplace_back("search_after", json::list({json::whole(after_->key),
                                                   json::whole(after_->id)}));
    else
      out.emplace_back("from", json::whole(query_.offset));
    return json::object(out);
  }

  /// Hits of the text, in order; of a joined list without those that only the vector found.
  Result<std::vector<std::pair<Ranked, schema::Document>>> read_hits(
      const schema::Document& said) const {
    std::vector<std::pair<Ranked, schema::Document>> out;
    for (schema::Document& hit : said.items({"hits", "hits"})) {
      const auto id = parse_whole(hit.text({"_id"}).value_or(""));
      const auto keys = hit.items({"sort"});
      if (!id || keys.empty()) return unavailable("The search server answered something else.");
      Ranked ranked{*id, *id};
      if (by_score_) ranked.key = key_of(float(keys[0].real({}).value_or(0)));
      else if (!by_id()) ranked.key = keys[0].whole({}).value_or(0);
      if (!fused_ || ranked.key > 0) out.emplace_back(ranked, std::move(hit));
    }
    return out;
  }

  using Hits = std::vector<std::pair<Ranked, schema::Document>>;

  Result<search::Answer> answer(const schema::Document& said, Hits found) const {
    search::Answer out;
    const auto total = said.whole({"hits", "total", "value"});
    if (!total) return unavailable("The search server answered something else.");
    out.total = *total;
    for (std::size_t i = 0; i < query_.facets.size(); ++i) {
      auto& counts = out.facets.emplace_back(query_.facets[i].field,
                                             std::vector<search::FacetCount>{}).second;
      const std::string name = "f" + std::to_string(i);
      for (const auto& bucket : said.items({"aggregations", name, "values", "buckets"}))
        counts.push_back({bucket.text({"key"}).value_or(""),
                          bucket.whole({"doc_count"}).value_or(0)});
    }
    if (query_.limit == 0) return out;
    if (fused_) TRY(list_fused(found, out));
    else list(found, out);
    return out;
  }

  void list(const Hits& found, search::Answer& out) const {
    const std::size_t begin = after_ ? std::min(found.size(), std::size_t(query_.offset)) : 0;
    const std::size_t end = std::min(found.size(), begin + std::size_t(query_.limit));
    for (std::size_t i = begin; i < end; ++i) {
      search::Hit& hit = out.hits.emplace_back();
      hit.id = found[i].first.id;
      if (by_score_) hit.score = double(score_of(found[i].first.key));
      decorate(found[i].second, hit);
    }
    if (end < found.size() && end > begin)
      out.next = native_search::written({mark_, found[end - 1].first.key,
                                         found[end - 1].first.id});
  }

  std::vector<Ranked> fuse(const Hits& texts) const {
    std::unordered_map<std::int64_t, float> scores;
    for (std::size_t i = 0; i < texts.size(); ++i)
      scores[texts[i].first.id] += 1 / (fusion_rank + float(i) + 1);
    for (std::size_t i = 0; i < nearest_.size(); ++i)
      scores[nearest_[i].id] += 1 / (fusion_rank + float(i) + 1);
    std::vector<Ranked> out;
    for (const auto& [id, score] : scores) out.push_back({key_of(score), id});
    return out;
  }

  /// What comes after the cursor, best first.
  std::vector<Ranked> rest(std::vector<Ranked> hits) const {
    if (after_)
      std::erase_if(hits, [&](const Ranked& hit) {
        return !precedes({after_->key, after_->id}, hit);
      });
    std::ranges::sort(hits, precedes);
    return hits;
  }

  Result<void> list_fused(const Hits& texts, search::Answer& out) const {
    const std::vector<Ranked> all = rest(text_.finds() ? fuse(texts) : nearest_);
    const std::size_t begin = std::min(all.size(), std::size_t(query_.offset));
    const std::size_t end = std::min(all.size(), begin + std::size_t(query_.limit));
    const std::vector<Ranked> page(all.begin() + std::ptrdiff_t(begin),
                                   all.begin() + std::ptrdiff_t(end));
    std::unordered_map<std::int64_t, schema::Document> sources;
    if ((query_.highlight || query_.explain) && text_.finds() && !page.empty()) {
      const auto said = TRY(ask_search(
          place_, json::object({{"size", json::whole(std::int64_t(page.size()))},
                                {"query", main_query()},
                                {"post_filter", having(page)},
                                {"_source", R"(["s"])"},
                                {"explain", json::boolean(query_.explain)}})));
      for (schema::Document& hit : said.items({"hits", "hits"}))
        if (const auto id = parse_whole(hit.text({"_id"}).value_or("")))
          sources.emplace(*id, std::move(hit));
    }
    for (const Ranked& each : page) {
      search::Hit& hit = out.hits.emplace_back();
      hit.id = each.id;
      hit.score = double(score_of(each.key));
      if (const auto at = sources.find(each.id); at != sources.end()) decorate(at->second, hit);
    }
    if (end < all.size() && end > begin)
      out.next = native_search::written({mark_, all[end - 1].key, all[end - 1].id});
    return {};
  }

  void decorate(const schema::Document& from, search::Hit& hit) const {
    if (query_.explain)
      if (const auto part = from.part({"_explanation"})) explain(*part, 0, hit.explanation);
    if (!query_.highlight || !text_.finds()) return;
    for (const search::Field& field : place_.shape.texts())
      for (const std::string& text : from.texts({"_source", "s", field.name}))
        for (search::Snippet& each : snippets(text_, field, text))
          hit.snippets.push_back(std::move(each));
  }

  const Place& place_;
  const search::Query& query_;
  const AskedText text_;
  bool fused_ = false, by_score_ = false, descending_ = true;
  std::uint32_t mark_ = 0;
  std::optional<Cursor> after_;
  std::vector<Ranked> nearest_;
};

}  // namespace

Result<schema::Document> ask_search(const Place& place, const std::string& body,
                                    std::string_view preference) {
  const int within_ms = place.server.account().search_ms;
  std::string path = "/" + place.alias + "/_search?allow_partial_search_results=false&timeout=" +
                     std::to_string(within_ms) + "ms";
  if (!preference.empty()) path.append("&preference=").append(preference);
  const auto said = TRY(place.server.ask("POST", path, body, within_ms));
  if (said.has({"error"})) return unavailable("The index is not there.");
  if (said.boolean({"timed_out"}).value_or(false) || !said.has({"hits"}))
    return unavailable("The search server answered a part only.");
  return said;
}

Result<search::Answer> answer_query(const Place& place, const search::Query& query) {
  const auto began = std::chrono::steady_clock::now();
  auto answer = TRY(Search(place, query).run());
  answer.took_us = std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::steady_clock::now() - began).count();
  return answer;
}

}  // namespace atelier::engines::elasticsearch
