#include "engines/native_search/query_plan.hpp"

#include <algorithm>

#include "engines/native_search/beginnings.hpp"
#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

constexpr std::size_t near_words_max = 3;

class Planner {
 public:
  Planner(const Snapshot& snapshot, const Shape& shape, const search::Query& query,
          const Synonyms* synonyms, const std::function<const Spelling&()>& spelling)
      : snapshot_(snapshot), shape_(shape), query_(query), synonyms_(synonyms),
        spelling_(spelling) {}

  QueryPlan make() {
    plan_.norms = snapshot_.fields;
    plan_.by_weight = snapshot_.by_weight;
    std::string corrected;
    for (const auto& clause : query_.clauses) {
      std::string text = read(clause);
      if (clause.kind == search::Clause::Kind::phrase) text = '"' + text + '"';
      if (clause.excluded) text = '-' + text;
      corrected += (corrected.empty() ? "" : " ") + text;
    }
    if (mended_) plan_.corrected = std::move(corrected);
    return std::move(plan_);
  }

 private:
  /// The text as it was, or with its typos mended.
  std::string read(const search::Clause& clause) {
    std::vector<QueryWord> words;
    analyse_query(clause.text, words);
    if (words.empty()) return clause.text;
    PlannedClause planned;
    planned.phrase = clause.kind == search::Clause::Kind::phrase;
    planned.excluded = clause.excluded;
    for (const auto& field : clause.fields) planned.fields |= 1u << shape_.find(field)->slot;
    if (clause.fields.empty()) planned.fields = (1u << shape_.texts().size()) - 1;
    const auto last = words.back().begin;
    if (synonyms_ && !planned.phrase) synonyms_->widen(words);
    const bool prefix = clause.prefix && !planned.phrase && words.back().begin == last;
    std::string text;
    std::uint32_t copied = 0;
    for (auto& word : words) {
      PlannedWord out;
      if (prefix && &word == &words.back()) begin_with(fold_word(clause.text.substr(last)), out,
                                                       planned);
      const std::size_t leaves = plan_.leaves.size();
      ask(word, planned, out);
      if (!planned.phrase && !planned.excluded && out.beginning.empty() && query_.typos &&
          !found(out)) {
        if (const std::string mended = mend(word); !mended.empty()) {
          text += clause.text.substr(copied, word.begin - copied) + mended;
          copied = word.end;
          plan_.leaves.resize(leaves);
          ask(word, planned, out);
        }
      }
      planned.words.push_back(std::move(out));
    }
    plan_.scored |= !planned.excluded;
    plan_.clauses.push_back(std::move(planned));
    return text + clause.text.substr(copied);
  }

  void ask(const QueryWord& word, const PlannedClause& clause, PlannedWord& out) {
    out.readings.clear();
    for (const auto& reading : word.readings) {
      auto& groups = out.readings.emplace_back();
      for (const auto& forms : reading) groups.push_back(ask(forms, clause));
    }
  }

  bool found(const PlannedWord& word) const {
    const auto written = [](const auto& entry) { return entry.has_value(); };
    return std::ranges::any_of(word.readings, [&](const auto& reading) {
      return std::ranges::all_of(reading, [&](const PlannedWord::Group& group) {
        return std::ranges::any_of(group, [&](std::uint32_t leaf) {
          return std::ranges::any_of(plan_.leaves[leaf].found, written);
        });
      });
    });
  }

  std::vector<std::optional<TermEntry>> look_up(const std::string& term) const {
    std::vector<std::optional<TermEntry>> found;
    found.reserve(snapshot_.parts.size());
    for (const auto& part : snapshot_.parts) found.push_back(part.segment->find(term));
    return found;
  }

  /// All forms of a word are as rare as the word: a plural that one document has says no more.
  PlannedWord::Group ask(const Forms& forms, const PlannedClause& clause) {
    PlannedWord::Group group;
    std::uint64_t with = 0;
    for (const auto& form : forms) {
      Leaf leaf;
      leaf.term = form.text;
      leaf.form_weight = form.exact ? exact_weight : variant_weight;
      leaf.fields = clause.fields;
      leaf.found = look_up(form.text);
      for (const auto& entry : leaf.found) with += entry ? entry->documents : 0;
      group.push_back(static_cast<std::uint32_t>(plan_.leaves.size()));
      plan_.leaves.push_back(std::move(leaf));
    }
    const float rarity = inverse_frequency(std::int64_t(with), std::int64_t(snapshot_.documents));
    for (const auto leaf : group)
      plan_.leaves[leaf].factor =
          clause.excluded ? 0 : plan_.leaves[leaf].form_weight * rarity;
    return group;
  }

  /// The words are gone through only where no list says who has them.
  void begin_with(std::string beginning, PlannedWord& out, const PlannedClause& clause) {
    if (beginning.empty()) return;
    Leaf leaf;
    leaf.term = beginning_term(beginning);
    leaf.form_weight = variant_weight;
    leaf.fields = clause.fields;
    leaf.beginning = true;
    leaf.found = look_up(leaf.term);
    std::uint64_t with = 0;
    std::vector<std::vector<TermEntry>> words(snapshot_.parts.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      const Segment& segment = *snapshot_.parts[i].segment;
      if (leaf.found[i]) {
        with += beginning_documents(segment, *leaf.found[i]);
        continue;
      }
      Segment::Terms terms(segment, beginning);
      while (terms.next() && terms.term().starts_with(beginning)) {
        words[i].push_back(terms.entry());
        with += terms.entry().documents;
      }
    }
    if (with == 0) return;
    out.beginning = std::move(beginning);
    out.beginnings = std::move(words);
    if (!clause.excluded)
      out.beginning_factor = leaf.form_weight * inverse_frequency(
          std::int64_t(with), std::int64_t(snapshot_.documents));
    leaf.factor = out.beginning_factor;
    out.beginning_leaf = static_cast<std::uint32_t>(plan_.leaves.size());
    plan_.leaves.push_back(std::move(leaf));
  }

  bool known(const std::string& term) const {
    return std::ranges::any_of(snapshot_.parts, [&](const Part& part) {
      return part.segment->find(term).has_value();
    });
  }
  bool known(const Forms& forms) const {
    return std::ranges::any_of(forms, [&](const Form& form) { return known(form.text); });
  }

  /// Where nobody wrote the word, near ones take its place. What they are; "" = nothing was done.
  std::string mend(QueryWord& word) {
    for (auto& reading : word.readings) {
      std::vector<std::vector<Forms>> others;
      std::string text;
      if (!mend(reading, others, text)) continue;
      word.readings = std::move(others);
      mended_ = true;
      return text;
    }
    return {};
  }

  bool mend(const std::vector<Forms>& reading, std::vector<std::vector<Forms>>& out,
            std::string& text) const {
    out = {{}};
    for (const auto& forms : reading) {
      if (known(forms)) {
        for (auto& each : out) each.push_back(forms);
        text += (text.empty() ? "" : " ") + forms[0].text;
        continue;
      }
      const auto others = near(forms[0].text);
      if (others.empty()) return false;
      text += (text.empty() ? "" : " ") + others[0].first;
      const auto before = std::move(out);
      out.clear();
      for (const auto& each : before)
        for (const auto& [name, other] : others) {
          if (reading.size() > 1 && &other != &others[0].second) break;
          out.push_back(each);
          out.back().insert(out.back().end(), other.begin(), other.end());
        }
    }
    return true;
  }

  /// The nearest words that are there, equally near; or the two that it is together.
  std::vector<std::pair<std::string, std::vector<Forms>>> near(const std::string& word) const {
    std::vector<std::pair<std::string, std::vector<Forms>>> out;
    int distance = 0;
    for (const auto& each : spelling_().near(word, 2 * near_words_max)) {
      if (!known(each.word)) continue;
      if (!out.empty() && each.distance != distance) break;
      distance = each.distance;
      out.emplace_back(each.word, std::vector<Forms>{forms_of(each.word)});
      if (out.size() == near_words_max) break;
    }
    if (!out.empty()) return out;
    if (const auto halves = spelling_().split(word);
        halves && known(halves->first) && known(halves->second))
      out.emplace_back(halves->first + " " + halves->second,
                       std::vector<Forms>{forms_of(halves->first), forms_of(halves->second)});
    return out;
  }

  static Forms forms_of(const std::string& word) {
    std::vector<QueryWord> words;
    analyse_query(word, words);
    if (words.size() == 1 && words[0].readings[0].size() == 1) return words[0].readings[0][0];
    return {{word, true}};
  }

  const Snapshot& snapshot_;
  const Shape& shape_;
  const search::Query& query_;
  const Synonyms* synonyms_;
  const std::function<const Spelling&()>& spelling_;
  bool mended_ = false;
  QueryPlan plan_;
};

}  // namespace

QueryPlan plan_query(const Snapshot& snapshot, const Shape& shape, const search::Query& query,
                     const Synonyms* synonyms,
                     const std::function<const Spelling&()>& spelling) {
  return Planner(snapshot, shape, query, synonyms, spelling).make();
}

}  // namespace atelier::engines::native_search
