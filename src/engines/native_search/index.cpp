#include "engines/native_search/index.hpp"

#include <algorithm>
#include <chrono>

#include "engines/native_search/searching.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

std::unexpected<Error> unavailable() {
  return fail(Fault::unavailable, "search_unavailable", "Search is unavailable at the moment.");
}

}  // namespace

Index::Index(Shape shape, int flush_every_ms)
    : shape_(std::move(shape)),
      flush_every_ms_(flush_every_ms),
      snapshot_(std::make_shared<const Snapshot>(std::vector<Part>(), shape_)) {
  if (shape_.schema().dimensions > 0)
    vectors_ = std::make_unique<Vectors>(static_cast<std::size_t>(shape_.schema().dimensions));
}

Index::~Index() {
  stopping_ = true;
  if (thread_.joinable()) {
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
  }
  if (state_ == search::State::ready) (void)flush();
}

void Index::close() {
  {
    const std::lock_guard storing(storing_);
    state_ = search::State::absent;
  }
  stopping_ = true;
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
}

std::shared_ptr<const Snapshot> Index::snapshot() const {
  const std::lock_guard held(reading_);
  return snapshot_;
}

void Index::publish() {
  std::vector<Part> parts;
  for (const Held& each : held_) parts.push_back(each.part);
  auto old = std::make_shared<const Snapshot>(std::move(parts), shape_);
  const std::lock_guard held(reading_);
  std::swap(snapshot_, old);
}

search::Standing Index::standing() {
  search::Standing standing;
  standing.state = state_;
  standing.version = shape_.schema().version;
  standing.reason = reason_;
  const std::lock_guard held(writing_);
  standing.origin = origin_;
  standing.position = stored_position_;
  for (const Held& each : held_) {
    standing.documents += each.part.living;
    standing.bytes += each.file == 0 ? 0 : std::int64_t(each.size);
  }
  return standing;
}

void Index::mark(std::string_view origin, std::int64_t position) {
  const std::lock_guard held(writing_);
  if (origin_ == origin && position_ == position) return;
  origin_ = origin;
  position_ = position;
  ++changes_;
}

void Index::synonyms(std::shared_ptr<const Synonyms> words) {
  const std::lock_guard held(reading_);
  synonyms_ = std::move(words);
}

/// The words of a large index are learnt for a moment after it was opened.
void Index::wait_for_spelling() {
  std::unique_lock held(writing_);
  spelling_known_.wait(held, [this] { return spelling_ready_ || stopping_; });
}

Result<search::Answer> Index::search(const search::Query& query) {
  const auto began = Clock::now();
  if (state_ != search::State::ready) return unavailable();
  TRY(shape_.check(query));
  std::shared_ptr<const Snapshot> seen;
  std::shared_ptr<const Synonyms> synonyms;
  {
    const std::lock_guard held(reading_);
    seen = snapshot_;
    synonyms = synonyms_;
  }
  const auto plan = plan_query(*seen, shape_, query, synonyms.get(), [&]() -> const Spelling& {
    wait_for_spelling();
    return spelling_;
  });
  auto answer = TRY(answer_query(*seen, shape_, query, plan, vectors_.get()));
  answer.took_us =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
  return answer;
}

Result<std::vector<std::string>> Index::suggest(std::string_view text, int limit) {
  if (state_ != search::State::ready) return unavailable();
  const auto beginning = fold_word(text);
  std::vector<std::string> words;
  if (beginning.empty() || limit <= 0) return words;
  std::unordered_map<std::string, std::uint64_t> frequencies;
  const auto seen = snapshot();
  for (const Part& part : seen->parts) {
    Segment::Terms terms(*part.segment, beginning);
    while (terms.next() && terms.term().starts_with(beginning))
      frequencies[std::string(terms.term())] += terms.entry().documents;
  }
  std::vector<std::pair<std::uint64_t, const std::string*>> listed;
  for (const auto& [word, frequency] : frequencies) listed.emplace_back(frequency, &word);
  const auto count = std::min(listed.size(), std::size_t(limit));
  std::ranges::partial_sort(listed, listed.begin() + std::ptrdiff_t(count),
                            [](const auto& a, const auto& b) {
                              return a.first != b.first ? a.first > b.first
                                                        : *a.second < *b.second;
                            });
  for (std::size_t i = 0; i < count; ++i) words.push_back(*listed[i].second);
  if (words.size() < std::size_t(limit)) {
    wait_for_spelling();
    for (auto& near : spelling_.near(beginning, std::size_t(limit) - words.size()))
      if (std::ranges::find(words, near.word) == words.end()) words.push_back(std::move(near.word));
  }
  return words;
}

Result<std::vector<float>> Index::vector(std::int64_t id) {
  if (state_ != search::State::ready) return unavailable();
  if (!vectors_) return std::vector<float>();
  return vectors_->get(id).value_or(std::vector<float>());
}

Result<std::vector<std::pair<std::int64_t, std::int64_t>>> Index::scan(std::int64_t after,
                                                                       int limit) {
  if (state_ != search::State::ready) return unavailable();
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  const auto count = std::size_t(std::max(limit, 0));
  const auto seen = snapshot();
  for (const Part& part : seen->parts) {
    const Columns& columns = part.segment->columns();
    const auto order = columns.by_id();
    auto at = std::ranges::upper_bound(order, after, {},
                                       [&](std::uint32_t i) { return columns.id(i); });
    for (std::size_t taken = 0; at != order.end() && taken < count; ++at)
      if (part.lives(*at)) {
        rows.emplace_back(columns.id(*at), columns.version(*at));
        ++taken;
      }
  }
  std::ranges::sort(rows);
  if (rows.size() > count) rows.resize(count);
  return rows;
}

}  // namespace atelier::engines::native_search
