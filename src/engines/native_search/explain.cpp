#include <cstdio>

#include "engines/native_search/highlight.hpp"
#include "engines/native_search/postings.hpp"
#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string shown(const std::string& term) {
  return term[0] == stem_mark ? "stem " + term.substr(1) : term;
}

}  // namespace

std::string explain(const QueryPlan& plan, const Shape& shape, const Snapshot& snapshot,
                    Found where, float popularity) {
  const Segment& segment = *snapshot.parts[where.part].segment;
  Postings postings;
  std::string out;
  for (const Leaf& leaf : plan.leaves) {
    const auto& entry = leaf.found[where.part];
    if (!entry || leaf.factor <= 0 || leaf.beginning) continue;
    postings.open(segment, *entry);
    postings.seek(where.ordinal);
    if (postings.doc() != where.ordinal) continue;
    std::string fields;
    float frequency = 0;
    for (std::uint32_t field = 0; field < segment.fields(); ++field) {
      const std::uint32_t times = leaf.fields >> field & 1 ? postings.frequency(field) : 0;
      if (times == 0) continue;
      const auto length = segment.lengths(field)[where.ordinal];
      const float share = plan.frequency(field, times, length);
      frequency += share;
      fields += (fields.empty() ? "" : " + ") + shape.texts()[field].name + " " +
                std::to_string(times) + " of " + std::to_string(length_of_code[length]) +
                " words, average " + number(plan.norms[field].average) + ", weight " +
                number(plan.norms[field].weight) + ": " + number(share);
    }
    if (frequency <= 0) continue;
    out += shown(leaf.term) + ": " + number(leaf.factor * saturated(frequency)) + " = rarity " +
           number(leaf.factor / leaf.form_weight) + " x form " + number(leaf.form_weight) +
           " x saturated(" + fields + ")\n";
  }
  for (const auto& clause : plan.clauses)
    for (const auto& word : clause.words)
      if (!word.beginning.empty())
        out += word.beginning + "...: up to " +
               number(word.beginning_factor * (saturation + 1)) + " for words that begin so\n";
  if (popularity != 1) out += "popularity: x " + number(popularity) + "\n";
  return out;
}

}  // namespace atelier::engines::native_search
