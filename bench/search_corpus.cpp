// Writes a corpus and queries over it: search_corpus DOCUMENTS QUERIES_A_CLASS FOLDER. 200,000
// words by Zipf's law, 4,000 topics whose words occur together, skewed types, base models and tags,
// log-normal downloads. Words are open syllables that no stemmer shortens, so that engines with and
// without stems match the same documents. Text is synthetic: it shows speed, not relevance.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <random>
#include <set>
#include <unordered_set>

#include "bench/search_corpus.hpp"

namespace {

using Words = std::vector<int>;

std::mt19937_64 dice(42);  // NOLINT: one fixed sequence is the point

double fraction() { return double(dice() >> 11) * 0x1.0p-53; }
std::size_t below(std::size_t end) { return dice() % end; }

/// Ranks 0…n-1 with probability ~ (rank + 1 + shift)^-skew (Mandelbrot's form).
class Zipf {
 public:
  Zipf(std::size_t n, double skew, double shift) : sums_(n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sums_[i] = sum += std::pow(double(i + 1) + shift, -skew);
  }
  int operator()() const {
    return int(std::ranges::lower_bound(sums_, fraction() * sums_.back()) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

constexpr int vocabulary = 200'000;

std::vector<std::string> make_words() {
  const std::vector<std::string> heads = {"b", "c", "d", "f", "g", "h", "j", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "w", "z", "st", "tr", "ch", "sh", "br", "pl", "gr"};
  const std::vector<std::string> vowels = {"a", "e", "i", "o", "u", "ai", "ou", "ea"};
  const std::vector<std::string> ends = {"", "", "", "n", "r", "s", "l", "t", "x", "m"};
  std::vector<std::string> out;
  std::unordered_set<std::string> seen;
  while (out.size() < vocabulary) {
    const int syllables = out.size() < 1500 ? 2 : out.size() < 60'000 ? 3 : 4;
    std::string word;
    for (int i = 0; i + 1 < syllables; ++i)
      word += heads[below(25)] + vowels[below(8)] + (below(2) ? ends[below(10)] : "");
    word += heads[below(18)] + "aou"[below(3)];
    if (seen.insert(word).second) out.push_back(word);
  }
  return out;
}

struct Row {
  Words title, body;
  int type, base;
};

class Corpus {
 public:
  Corpus() : words_(make_words()), topics_(4000) {
    for (auto& topic : topics_)
      for (int& word : topic) word = 200 + titles_() % (vocabulary - 200);
  }

  Row write(std::FILE* out, std::size_t id) {
    Row row{};
    const auto& topic = topics_[below(topics_.size())];
    for (std::size_t left = 3 + below(6); left > 0; --left)
      row.title.push_back(fraction() < 0.35 ? topic[below(60)] : titles_());
    for (std::size_t left = 20 + below(61); left > 0; --left)
      row.body.push_back(fraction() < 0.2 ? topic[below(60)] : bodies_());
    row.type = types_();
    row.base = bases_();
    const int level = 1 << std::min(4, int(-std::log(1 - fraction()) * 1.1));
    std::set<int> tags;
    for (std::size_t left = below(8); left > 0; --left) tags.insert(tags_());
    std::string joined;
    for (const int tag : tags) joined += (joined.empty() ? "g" : ",g") + std::to_string(tag);
    std::fprintf(out, "%zu\tt%d\tb%d\t%d\t%lld\t%s\t%s\t%s\n", id, row.type, row.base, level,
                 static_cast<long long>(std::exp(downloads_(dice))), joined.c_str(),
                 text(row.title).c_str(), text(row.body).c_str());
    return row;
  }

  /// A word of the document whose rank is in [low, high).
  int word(const Row& row, int low, int high) const {
    for (int turn = 0; turn < 200; ++turn) {
      const Words& from = fraction() < 0.5 ? row.title : row.body;
      const int found = from[below(from.size())];
      if (found >= low && found < high) return found;
    }
    return low + int(below(std::size_t(std::min(1000, high - low))));
  }
  std::string several(const Row& row, int count) const {
    std::set<int> chosen;
    for (int turn = 0; turn < 100 && int(chosen.size()) < count; ++turn)
      chosen.insert(word(row, 20, vocabulary));
    return text({chosen.begin(), chosen.end()});
  }
  std::string text(const Words& words) const {
    std::string out;
    for (const int word : words) out += (out.empty() ? "" : " ") + words_[std::size_t(word)];
    return out;
  }
  const std::string& spelled(int word) const { return words_[std::size_t(word)]; }

 private:
  std::vector<std::string> words_;
  std::vector<std::array<int, 60>> topics_;
  Zipf bodies_{vocabulary, 1.0, 2.7}, titles_{vocabulary, 0.95, 20}, tags_{5000, 1.0, 3},
      types_{12, 1.3, 0}, bases_{30, 1.1, 0};
  std::normal_distribution<double> downloads_{4, 2.2};
};

std::string misspelt(std::string word) {
  const std::size_t at = 1 + below(word.size() - 2);
  switch (below(3)) {
    case 0: word.erase(at, 1); break;
    case 1: word[at] = 'q'; break;
    default: std::swap(word[at], word[at + 1]);
  }
  return word;
}

void write_queries(std::FILE* out, const Corpus& corpus, const std::vector<Row>& rows, int each) {
  const auto line = [&](const char* kind, const std::string& words, const Row* type,
                        const Row* base, int mask) {
    std::fprintf(out, "%s\t%s\t%s\t%s\t%d\n", kind, words.c_str(),
                 type ? ("t" + std::to_string(type->type)).c_str() : "",
                 base ? ("b" + std::to_string(base->base)).c_str() : "", mask);
  };
  for (int turn = 0; turn < each; ++turn) {
    const auto row = [&]() -> const Row& { return rows[below(rows.size())]; };
    const Row &a = row(), &b = row(), &c = row(), &d = row(), &e = row(), &f = row();
    const std::string common = corpus.spelled(20 + int(below(300)));
    line("one_common", common, nullptr, nullptr, 0);
    line("one_rare", corpus.spelled(corpus.word(a, 5000, vocabulary)), nullptr, nullptr, 0);
    line("and2", corpus.several(a, 2), nullptr, nullptr, 0);
    line("and3", corpus.several(b, 3), nullptr, nullptr, 0);
    const std::size_t at = below(c.body.size() - 2);
    line("phrase", corpus.text({c.body[at], c.body[at + 1]}), nullptr, nullptr, 0);
    line("prefix", corpus.spelled(corpus.word(c, 100, vocabulary)).substr(0, 4), nullptr, nullptr,
         0);
    line("and_prefix", corpus.spelled(corpus.word(d, 20, 5000)) + " " +
         corpus.spelled(corpus.word(d, 100, vocabulary)).substr(0, 3), nullptr, nullptr, 0);
    line("one_filter", corpus.spelled(corpus.word(d, 20, 2000)), &d, &d, 3);
    line("and2_filter", corpus.several(e, 2), &e, &e, 3);
    line("one_facet", corpus.spelled(corpus.word(e, 20, 2000)), nullptr, nullptr, 3);
    line("and2_facet", corpus.several(f, 2), nullptr, nullptr, 3);
    line("browse", "", &f, &f, 3);
    line("browse_facet", "", &f, nullptr, 7);
    line("typo", misspelt(corpus.spelled(corpus.word(b, 1500, vocabulary))), nullptr, nullptr, 0);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  const std::size_t documents = std::stoul(words[1]);
  const std::filesystem::path folder = words[3];
  std::FILE* const rows = std::fopen((folder / "documents.tsv").c_str(), "w");
  std::FILE* const queries = std::fopen((folder / "queries.tsv").c_str(), "w");
  if (!rows || !queries) return 1;
  Corpus corpus;
  std::vector<Row> some;
  for (std::size_t id = 1; id <= documents; ++id) {
    Row row = corpus.write(rows, id);
    if (id % (documents / 20'000 + 1) == 0) some.push_back(std::move(row));
  }
  write_queries(queries, corpus, some, std::stoi(words[2]));
  return std::fclose(rows) || std::fclose(queries) ? 1 : 0;
}
