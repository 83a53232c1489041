#include <algorithm>

#include "base/check.hpp"
#include "engines/disk/checked_file.hpp"
#include "engines/native_search/beginnings.hpp"
#include "engines/native_search/index.hpp"
#include "engines/native_search/mapped_segments.hpp"
#include "engines/native_search/segment_builder.hpp"
#include "engines/native_search/tiers.hpp"

namespace atelier::engines::native_search {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t file_bytes_min = 4 << 20;  ///< smaller segments stay in memory until stored
constexpr auto idle_after = 300ms;
constexpr auto look_every = 50ms;
constexpr auto wait_after_failure = 30s;  ///< the disk is full, or worse

bool has_digit(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

/// Words with digits have no near ones: they are names of versions.
void Index::learn(const Segment& segment) {
  std::vector<std::pair<std::string, std::uint32_t>> words;
  Segment::Terms terms(segment, std::string_view());
  while (terms.next() && terms.term()[0] != beginning_mark)
    if (terms.term()[0] != stem_mark && !has_digit(terms.term()))
      words.emplace_back(terms.term(), terms.entry().documents);
  std::vector<WordCount> counts;
  counts.reserve(words.size());
  for (const auto& [word, documents] : words)
    counts.push_back({word, spelling_.frequency(word) + documents});
  spelling_.extend(counts);
}

/// With writing_ held: no change comes between.
void Index::merge_small() {
  while (true) {
    std::vector<PartSize> sizes;
    for (const Held& held : held_)
      sizes.push_back({held.part.segment->documents(), held.part.living,
                       held.file == 0 && !held.merging &&
                           held.part.segment->documents() <= small_documents});
    const auto chosen = choose_merge(sizes, false, small_documents);
    if (chosen.empty()) return;
    std::vector<Held> sources;
    for (const std::size_t i : chosen) sources.push_back(held_[i]);
    std::vector<std::vector<std::uint32_t>> places;
    Held made;
    static const std::atomic<bool> never{false};
    std::string bytes;
    std::vector<MergeSource> from;
    for (const Held& each : sources)
      from.push_back({each.part.segment.get(), each.part.live.get()});
    places = *merge_segments(shape_, from, [&](std::string_view part) { bytes += part; }, never);
    const auto kept = std::make_shared<const std::string>(std::move(bytes));
    auto segment = Segment::open(std::as_bytes(std::span(*kept)), kept, shape_);
    CHECK(segment);
    made.size = kept->size();
    made.part = {std::move(*segment), nullptr, 0};
    take_over(sources, places, std::move(made), {});
  }
}

/// The sources as one segment: in memory, or in a file if that is large. Null if it cannot be
/// written, or the index is closed.
std::shared_ptr<Segment> Index::merged(std::vector<Held>& sources,
                                       std::vector<std::vector<std::uint32_t>>& places,
                                       Held& out) {
  std::uint64_t size = 0;
  std::vector<MergeSource> from;
  for (const Held& each : sources) {
    size += each.size;
    from.push_back({each.part.segment.get(), each.part.live.get()});
  }
  if (size < file_bytes_min) {
    std::string bytes;
    auto done = merge_segments(shape_, from, [&](std::string_view part) { bytes += part; },
                               stopping_);
    if (!done) return nullptr;
    places = std::move(*done);
    const auto kept = std::make_shared<const std::string>(std::move(bytes));
    auto segment = Segment::open(std::as_bytes(std::span(*kept)), kept, shape_);
    CHECK(segment);
    out.size = kept->size();
    return std::move(*segment);
  }
  {
    const std::lock_guard held(writing_);
    out.file = next_file_++;
    being_written_.insert(out.file);
  }
  const auto path = file(segments_name(out.file));
  auto writer = disk::CheckedWriter::create(path);
  if (!writer) return nullptr;
  auto done = merge_segments(
      shape_, from,
      [&](std::string_view part) { writer->write(std::as_bytes(std::span(part))); }, stopping_);
  if (!done || !writer->finish()) return nullptr;
  places = std::move(*done);
  const auto mapped = MappedSegments::open(path);
  if (!mapped) return nullptr;
  out.size = (*mapped)->bytes().size();
  auto segment = Segment::open((*mapped)->bytes(), *mapped, shape_);
  (*mapped)->forget();
  return segment ? std::move(*segment) : nullptr;
}

/// With writing_ held: what died or was patched in the sources `since` they were read does so in
/// what was made of them, which then takes their place.
void Index::take_over(const std::vector<Held>& sources,
                      const std::vector<std::vector<std::uint32_t>>& places, Held made,
                      std::span<const Patched> since) {
  Segment& segment = *made.part.segment;
  Bitset live(segment.documents(), true);
  const auto& numbers = shape_.numbers();
  for (std::size_t k = 0; k < sources.size(); ++k) {
    const Segment* const source = sources[k].part.segment.get();
    const auto now = std::ranges::find_if(
        held_, [&](const Held& held) { return held.part.segment.get() == source; });
    for (std::uint32_t i = 0; i < places[k].size(); ++i)
      if (places[k][i] != not_merged && !now->part.lives(i)) live.reset(places[k][i]);
    for (const auto& [patched, ordinal] : since) {
      if (patched != source || places[k][ordinal] == not_merged) continue;
      std::vector<std::pair<std::string, std::int64_t>> values;
      for (std::uint32_t slot = 0; slot < numbers.size(); ++slot)
        values.emplace_back(numbers[slot].name, source->columns().number(slot)[ordinal]);
      segment.columns().patch(places[k][ordinal], values);
      made.patched = true;
    }
    held_.erase(now);
  }
  made.part.living = live.count();
  if (made.part.living < segment.documents())
    made.part.live = std::make_shared<const Bitset>(std::move(live));
  if (made.part.living > 0) held_.push_back(std::move(made));
}

/// False: there was nothing to do.
bool Index::merge_one(bool idle) {
  std::vector<Held> sources;
  {
    const std::lock_guard held(writing_);
    if (Clock::now() < merge_after_) return false;
    std::vector<PartSize> sizes;
    for (const Held& each : held_)
      sizes.push_back({each.part.segment->documents(), each.part.living, !each.merging});
    for (const std::size_t i : choose_merge(sizes, idle, segment_documents_max)) {
      held_[i].merging = true;
      sources.push_back(held_[i]);
    }
    if (sources.empty()) return false;
    merging_ = true;
    patched_since_.clear();
  }
  std::vector<std::vector<std::uint32_t>> places;
  Held made;
  made.part.segment = merged(sources, places, made);
  for (const auto& field : shape_.numbers())  // a list that is walked by it stays fast
    if (made.part.segment && std::ranges::any_of(sources, [&](const Held& each) {
          return each.part.segment->columns().number(shape_.find(field.name)->slot).walked();
        }))
      made.part.segment->columns().prepare(field.name);
  const std::lock_guard held(writing_);
  being_written_.erase(made.file);
  merging_ = false;
  if (!made.part.segment) {
    for (Held& each : held_) each.merging = false;
    merge_after_ = Clock::now() + wait_after_failure;
    return false;
  }
  const bool stored = made.file != 0;
  take_over(sources, places, std::move(made), patched_since_);
  if (stored) ++changes_;
  publish();
  return true;
}

void Index::learn_words() {
  const auto seen = snapshot();
  for (const Part& part : seen->parts)
    if (!stopping_) learn(*part.segment);
  const std::lock_guard held(writing_);
  spelling_ready_ = true;
  spelling_known_.notify_all();
}

void Index::work(const std::stop_token& stop) {
  learn_words();
  while (!stop.stop_requested()) {
    bool due = false, idle = false;
    const bool grown = vectors_grown();
    {
      std::unique_lock held(writing_);
      wake_.wait_for(held, stop, look_every, [] { return false; });
      const auto now = Clock::now();
      idle = now - last_change_ > idle_after;
      due = flush_every_ms_ > 0 && position_ != 0 &&
            (changes_ != stored_changes_ || grown) &&
            now - last_flush_ > std::max<std::chrono::milliseconds>(
                                    std::chrono::milliseconds(flush_every_ms_),
                                    10 * last_flush_took_);
    }
    if (stop.stop_requested()) return;
    if (due) (void)flush();  // what fails is tried again, and told to whoever asks for it
    while (!stop.stop_requested() && merge_one(idle)) {}
    const auto seen = snapshot();  // kept: g++ 12 ends what a loop's range was made of too soon
    for (const Part& part : seen->parts)
      if (!stop.stop_requested() && part.segment->columns().needs_upkeep())
        part.segment->columns().upkeep();
  }
}

}  // namespace atelier::engines::native_search
