#include "engines/native_search/spelling.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t prefix_letters = 7;
constexpr std::size_t word_letters_max = 64;
constexpr std::uint32_t scanned_max = 256;  ///< new words that are not worth a table
constexpr std::size_t bucket_words = 16;
constexpr std::uint32_t unknown = 0xffffffff;

struct Letters {
  std::array<char32_t, word_letters_max> letters;
  std::size_t count = 0;
  bool digits = false;
  std::u32string_view view() const { return {letters.data(), count}; }
};

/// False for what is no word of an index.
bool read(std::string_view word, Letters& out) {
  out.count = 0;
  out.digits = false;
  if (word.empty() || word.size() > word_letters_max) return false;
  for (std::size_t at = 0; at < word.size();) {
    const auto byte = static_cast<unsigned char>(word[at]);
    if (byte < 32) return false;
    utf8proc_int32_t letter = byte;
    utf8proc_ssize_t size = 1;
    if (byte >= 0x80)
      size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(word.data()) + at,
                              static_cast<utf8proc_ssize_t>(word.size() - at), &letter);
    if (size <= 0) return false;
    out.digits |= byte >= '0' && byte <= '9';
    out.letters[out.count++] = static_cast<char32_t>(letter);
    at += static_cast<std::size_t>(size);
  }
  return true;
}

/// Edits that are believed of a word that somebody wrote.
int edits(const Letters& word) {
  if (word.digits || word.count <= 3) return 0;
  return word.count <= 7 ? 1 : 2;
}

/// Deletions under which a word of the index is found: a word of eight letters may stand two
/// edits from one of six.
int deletions(const Letters& word) {
  if (word.digits || word.count <= 2) return 0;
  return word.count <= 5 ? 1 : 2;
}

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0x9e3779b97f4a7c15;
  return value ^ value >> 29;
}

/// Calls with the hash of each way to leave out up to `most` of the first letters; some may come
/// twice, where letters repeat.
template <class Use>
void each_deletion(std::u32string_view word, int most, Use&& use) {
  word = word.substr(0, prefix_letters);
  const auto hash = [&](std::size_t without, std::size_t and_without) {
    std::uint64_t value = 0xcbf29ce484222325;
    for (std::size_t i = 0; i < word.size(); ++i)
      if (i != without && i != and_without) value = (value ^ word[i]) * 0x100000001b3;
    return mix(value);
  };
  const std::size_t none = word.size();
  use(hash(none, none));
  for (std::size_t i = 0; most > 0 && i < word.size(); ++i) {
    if (i > 0 && word[i] == word[i - 1]) continue;
    use(hash(i, none));
    for (std::size_t k = i + 1; most > 1 && k < word.size(); ++k) use(hash(i, k));
  }
}

std::uint64_t hash_of(std::string_view word) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : word) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return mix(value);
}

}  // namespace

struct Spelling::Asked {
  Letters letters;
  int most = 0;
  std::vector<std::uint32_t> seen;
  std::vector<Near> found;
};

std::string_view Spelling::word_at(std::uint32_t id) const {
  const std::uint32_t begin = id == 0 ? 0 : ends_[id - 1];
  return std::string_view(letters_).substr(begin, ends_[id] - begin);
}

std::uint32_t Spelling::find(std::string_view word) const {
  if (places_.empty()) return unknown;
  const std::size_t mask = places_.size() - 1;
  for (std::size_t at = hash_of(word) & mask;; at = (at + 1) & mask) {
    if (places_[at] == 0) return unknown;
    if (word_at(places_[at] - 1) == word) return places_[at] - 1;
  }
}

void Spelling::remember(std::uint32_t id) {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash_of(word_at(id)) & mask;
  while (places_[at] != 0) at = (at + 1) & mask;
  places_[at] = id + 1;
}

/// Room for one more word at most two thirds full.
void Spelling::grow() {
  if (places_.size() * 2 > (ends_.size() + 1) * 3) return;
  places_.assign(std::max<std::size_t>(1024, places_.size() * 2), 0);
  for (std::uint32_t id = 0; id < ends_.size(); ++id) remember(id);
}

void Spelling::extend(std::span<const WordCount> words) {
  const std::unique_lock held(lock_);
  Letters letters;
  for (const WordCount& count : words) {
    const std::uint32_t id = find(count.word);
    if (id != unknown) {
      frequencies_[id] = count.frequency;
      continue;
    }
    if (count.frequency == 0 || !read(count.word, letters)) continue;
    if (letters_.size() + count.word.size() > unknown) return;
    grow();
    letters_ += count.word;
    ends_.push_back(static_cast<std::uint32_t>(letters_.size()));
    frequencies_.push_back(count.frequency);
    remember(static_cast<std::uint32_t>(ends_.size() - 1));
  }
  fold_tables();
}

/// Each table holds at least twice the words of the next: a word moves a logarithmic number of
/// times, and a look-up asks as many tables.
void Spelling::fold_tables() {
  const auto count = static_cast<std::uint32_t>(ends_.size());
  if (count - tabled_ <= scanned_max) return;
  std::uint32_t first = tabled_;
  while (!tables_.empty() &&
         tables_.back().last - tables_.back().first < 2 * (count - first)) {
    first = tables_.back().first;
    tables_.pop_back();
  }
  tables_.push_back(make_table(first, count));
  tabled_ = count;
}

Spelling::Table Spelling::make_table(std::uint32_t first, std::uint32_t last) const {
  Table table{first, last, 0, {}, {}, {}};
  Letters letters;
  const auto each = [&](auto&& use) {
    for (std::uint32_t id = first; id < last; ++id)
      if (read(word_at(id), letters) && deletions(letters) > 0)
        each_deletion(letters.view(), deletions(letters),
                      [&](std::uint64_t hash) { use(hash, id); });
  };
  std::size_t entries = 0;
  each([&](std::uint64_t, std::uint32_t) { ++entries; });
  const std::size_t buckets = std::bit_ceil(entries / bucket_words + 2);
  table.shift = 64 - std::countr_zero(buckets);
  table.bounds.assign(buckets + 1, 0);
  table.words.resize(entries);
  table.checks.resize(entries);
  each([&](std::uint64_t hash, std::uint32_t) { ++table.bounds[(hash >> table.shift) + 1]; });
  for (std::size_t i = 1; i <= buckets; ++i) table.bounds[i] += table.bounds[i - 1];
  std::vector<std::uint32_t> next(table.bounds.begin(), table.bounds.end() - 1);
  each([&](std::uint64_t hash, std::uint32_t id) {
    const std::uint32_t at = next[hash >> table.shift]++;
    table.words[at] = id;
    table.checks[at] = static_cast<std::uint16_t>(hash);
  });
  return table;
}

void Spelling::look(const Table& table, std::uint64_t hash, Asked& asked) const {
  const std::size_t bucket = hash >> table.shift;
  const auto check = static_cast<std::uint16_t>(hash);
  for (std::uint32_t at = table.bounds[bucket]; at < table.bounds[bucket + 1]; ++at)
    if (table.checks[at] == check) asked.seen.push_back(table.words[at]);
}

void Spelling::consider(std::uint32_t id, Asked& asked) const {
  Letters word;
  if (frequencies_[id] == 0 || !read(word_at(id), word) || word.digits || word.count < 3) return;
  const int distance = damerau(asked.letters.view(), word.view());
  if (distance > 0 && distance <= asked.most)
    asked.found.push_back({std::string(word_at(id)), frequencies_[id], distance});
}

std::vector<Near> Spelling::near(std::string_view word, std::size_t limit) const {
  Asked asked;
  if (!read(word, asked.letters) || edits(asked.letters) == 0 || limit == 0) return {};
  asked.most = edits(asked.letters);
  const std::shared_lock held(lock_);
  each_deletion(asked.letters.view(), asked.most, [&](std::uint64_t hash) {
    for (const Table& table : tables_) look(table, hash, asked);
  });
  std::ranges::sort(asked.seen);
  asked.seen.erase(std::unique(asked.seen.begin(), asked.seen.end()), asked.seen.end());
  for (const std::uint32_t id : asked.seen) consider(id, asked);
  for (auto id = tabled_; id < ends_.size(); ++id) consider(id, asked);
  const auto rank = [&](const Near& near) {
    return near.distance + (near.word.front() == word.front() ? 0 : 1);
  };
  std::ranges::sort(asked.found, [&](const Near& a, const Near& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (a.distance != b.distance) return a.distance < b.distance;
    if (a.frequency != b.frequency) return a.frequency > b.frequency;
    return a.word < b.word;
  });
  if (asked.found.size() > limit) asked.found.resize(limit);
  return std::move(asked.found);
}

std::optional<std::pair<std::string, std::string>> Spelling::split(std::string_view word) const {
  Letters letters;
  if (!read(word, letters) || letters.count < 4 || letters.digits) return {};
  const std::shared_lock held(lock_);
  std::uint32_t best = 0;
  std::size_t cut = 0;
  for (std::size_t at = 2; at + 2 <= word.size(); ++at) {
    if ((static_cast<unsigned char>(word[at]) & 0xC0) == 0x80) continue;
    const std::uint32_t left = find(word.substr(0, at));
    if (left == unknown) continue;
    const std::uint32_t right = find(word.substr(at));
    if (right == unknown) continue;
    const std::uint32_t rarer = std::min(frequencies_[left], frequencies_[right]);
    if (rarer > best) {
      best = rarer;
      cut = at;
    }
  }
  if (cut == 0) return {};
  return std::pair(std::string(word.substr(0, cut)), std::string(word.substr(cut)));
}

std::uint32_t Spelling::frequency(std::string_view word) const {
  const std::shared_lock held(lock_);
  const std::uint32_t id = find(word);
  return id == unknown ? 0 : frequencies_[id];
}

std::size_t Spelling::size() const {
  const std::shared_lock held(lock_);
  return ends_.size();
}

std::size_t Spelling::bytes() const {
  const std::shared_lock held(lock_);
  std::size_t total = letters_.capacity() +
                      4 * (ends_.capacity() + frequencies_.capacity() + places_.capacity());
  for (const Table& table : tables_)
    total += 4 * (table.bounds.capacity() + table.words.capacity()) + 2 * table.checks.capacity();
  return total;
}

}  // namespace atelier::engines::native_search
