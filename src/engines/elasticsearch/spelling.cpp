#include "engines/elasticsearch/spelling.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "engines/elasticsearch/json_text.hpp"
#include "engines/elasticsearch/mapping.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::QueryWord;

namespace {

constexpr int candidates_max = 10;
constexpr std::size_t letters_untouched = 3, letters_of_one_edit = 7;

struct Candidate {
  double score = 0;  ///< likeness, 0 to 1
  std::int64_t frequency = 0;
};

std::string suggester(std::string_view field, std::string_view word) {
  const std::string about = json::object({
      {"field", json::text(text_path(field))},
      {"analyzer", json::text("keyword")},
      {"suggest_mode", json::text("always")},
      {"string_distance", json::text("damerau_levenshtein")},
      {"prefix_length", "0"},
      {"min_word_length", "1"},
      {"max_edits", json::whole(edits_of(word))},
      {"size", json::whole(candidates_max)}});
  return json::object({{"text", json::text(word)}, {"term", about}});
}

std::vector<std::string> best(const std::map<std::string, Candidate>& found) {
  std::vector<std::pair<std::string, Candidate>> all(found.begin(), found.end());
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) {
    if (a.second.score != b.second.score) return a.second.score > b.second.score;
    return a.second.frequency > b.second.frequency;
  });
  std::vector<std::string> out;
  for (auto& [word, candidate] : all) out.push_back(std::move(word));
  return out;
}

/// A word whose only reading is itself; others have parts that were looked for as well.
const std::string* simple(const QueryWord& word) {
  if (word.readings.size() != 1 || word.readings[0].size() != 1) return nullptr;
  return &word.readings[0][0].front().text;
}

/// A word of the query that may be mended.
struct Suspect {
  std::size_t clause = 0;  ///< among those that were read
  const QueryWord* word = nullptr;
  const std::string* text = nullptr;
};

std::vector<Suspect> suspects_of(const AskedText& text) {
  std::vector<Suspect> out;
  for (std::size_t i = 0; i < text.clauses.size(); ++i) {
    const Asked& clause = text.clauses[i];
    if (clause.excluded || clause.phrase) continue;
    for (const QueryWord& word : clause.words)
      if (const std::string* only = simple(word); only && edits_of(*only) > 0)
        out.push_back({i, &word, only});
  }
  return out;
}

/// Those that no document has.
Result<std::vector<Suspect>> unknown(const Place& place, const AskedText& text) {
  const std::vector<Suspect> all = suspects_of(text);
  std::vector<std::pair<std::string, std::string>> counts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Asked& clause = text.clauses[all[i].clause];
    const bool last = all[i].word == &clause.words.back();
    counts.emplace_back("w" + std::to_string(i),
                        json::object({{"filter", word_query(clause, *all[i].word, last)}}));
  }
  std::vector<Suspect> out;
  if (counts.empty()) return out;
  const auto said = TRY(ask_search(place, json::object({{"size", "0"},
                                                        {"aggs", json::object(counts)}})));
  for (std::size_t i = 0; i < all.size(); ++i)
    if (said.whole({"aggregations", "w" + std::to_string(i), "doc_count"}) == 0)
      out.push_back(all[i]);
  return out;
}

}  // namespace

int edits_of(std::string_view word) {
  if (std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; }) || !is_text(word))
    return 0;
  const std::size_t letters = code_points(word);
  return letters <= letters_untouched ? 0 : letters <= letters_of_one_edit ? 1 : 2;
}

Result<std::vector<std::vector<std::string>>> near_words(const Place& place,
                                                         const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> asked;
  const auto& fields = place.shape.texts();
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::size_t f = 0; edits_of(words[i]) > 0 && f < fields.size(); ++f)
      asked.emplace_back("w" + std::to_string(i) + "_" + std::to_string(f),
                         suggester(fields[f].name, words[i]));
  std::vector<std::map<std::string, Candidate>> found(words.size());
  std::vector<std::vector<std::string>> out;
  if (!asked.empty()) {
    const auto said = TRY(ask_search(place, json::object({{"size", "0"},
                                                          {"suggest", json::object(asked)}})));
    for (std::size_t i = 0; i < words.size(); ++i)
      for (std::size_t f = 0; f < fields.size(); ++f) {
        const std::string name = "w" + std::to_string(i) + "_" + std::to_string(f);
        for (const auto& entry : said.items({"suggest", name}))
          for (const auto& option : entry.items({"options"})) {
            const auto word = option.text({"text"});
            if (!word || word->empty() || (*word)[0] == native_search::stem_mark ||
                *word == words[i] || (*word)[0] == no_word)
              continue;
            Candidate& candidate = found[i][*word];
            candidate.score = std::max(candidate.score, option.real({"score"}).value_or(0));
            candidate.frequency += option.whole({"freq"}).value_or(0);
          }
      }
  }
  for (const auto& each : found) out.push_back(best(each));
  return out;
}

Result<std::optional<search::Query>> mended(const Place& place, const search::Query& query,
                                            const AskedText& text) {
  const std::vector<Suspect> wrong = TRY(unknown(place, text));
  std::vector<std::string> words;
  for (const Suspect& suspect : wrong) words.push_back(*suspect.text);
  const auto near = TRY(near_words(place, words));
  std::optional<search::Query> out;
  for (std::size_t i = wrong.size(); i-- > 0;) {  // from behind: places before stay
    if (near[i].empty()) continue;
    if (!out) out = query;
    const QueryWord& word = *wrong[i].word;
    out->clauses[text.places[wrong[i].clause]].text.replace(word.begin, word.end - word.begin,
                                                            near[i].front());
  }
  return out;
}

Result<std::vector<std::string>> suggest(const Place& place, std::string_view text, int limit) {
  std::vector<std::string> out;
  const std::string beginning = native_search::fold_word(text);
  if (beginning.empty() || limit <= 0) return out;
  std::string pattern;  // of Lucene's regular expressions
  for (const char c : beginning) {
    if (c > 0 && !std::isalnum(static_cast<unsigned char>(c))) pattern += '\\';
    pattern += c;
  }
  const std::string terms = json::object(
      {{"field", json::text("w")},
       {"size", json::whole(limit)},
       {"include", json::text(pattern + ".*")},
       {"order", json::list({R"({"_count":"desc"})", R"({"_key":"asc"})"})}});
  const auto said = TRY(ask_search(
      place,
      json::object({{"size", "0"},
                    {"query", json::object({{"prefix", json::object({{"w",
                                                                      json::text(beginning)}})}})},
                    {"aggs", json::object({{"words", json::object({{"terms", terms}})}})}})));
  for (const auto& bucket : said.items({"aggregations", "words", "buckets"}))
    if (auto word = bucket.text({"key"})) out.push_back(std::move(*word));
  if (int(out.size()) == limit) return out;
  const auto near = TRY(near_words(place, {beginning}));
  for (const std::string& word : near.front())
    if (int(out.size()) < limit && std::ranges::count(out, word) == 0) out.push_back(word);
  return out;
}

std::string asked_words(const search::Query& query) {
  std::string out;
  for (const search::Clause& clause : query.clauses) {
    const bool phrase = clause.kind == search::Clause::Kind::phrase;
    out += std::string(out.empty() ? "" : " ") + (clause.excluded ? "-" : "") +
           (phrase ? '"' + clause.text + '"' : clause.text);
  }
  return out;
}

}  // namespace atelier::engines::elasticsearch
