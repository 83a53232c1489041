#include <algorithm>
#include <deque>

#include "base/check.hpp"
#include "engines/native_search/index.hpp"
#include "engines/native_search/rows.hpp"
#include "engines/native_search/segment_builder.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;

/// Some changes on their way into the index: what they do to it is gathered first and seen at once.
/// Used with writing_ held.
class Index::Batch {
 public:
  explicit Batch(Index& index) : index_(index), live_(index.held_.size()) {}

  /// The reason why it cannot be taken; empty = it was.
  std::string take(const search::Change& change) {
    if (auto reason = index_.shape_.refusal(change); !reason.empty()) return reason;
    switch (change.kind) {
      case search::Change::Kind::put: return put(change.document);
      case search::Change::Kind::erase: return erase(change.document), std::string();
      case search::Change::Kind::patch: return patch(change.document), std::string();
    }
    return {};
  }

  void finish() {
    for (const Patch& patch : patches_) {
      Held& held = index_.held_[patch.place.part];
      held.part.segment->columns().patch(patch.place.ordinal, patch.document->numbers);
      held.patched = true;
      if (index_.merging_)
        index_.patched_since_.emplace_back(held.part.segment.get(), patch.place.ordinal);
    }
    for (std::size_t i = 0; i < live_.size(); ++i) {
      if (!live_[i]) continue;
      Part& part = index_.held_[i].part;
      part.living = live_[i]->count();
      part.live = std::move(live_[i]);
    }
    add_segment();
    std::erase_if(index_.held_, [](const Held& held) { return held.part.living == 0 &&
                                                              !held.merging; });
    if (index_.vectors_) keep_vectors();
  }

 private:
  struct Put {
    const search::Document* document = nullptr;  ///< null: taken back by a later change
    std::optional<search::Document> patched;     ///< a copy, where it was patched
    std::vector<std::byte> row;
  };
  struct Patch {
    Found place;
    const search::Document* document = nullptr;
  };

  std::optional<Found> find(std::int64_t id) const {
    for (std::uint32_t i = 0; i < live_.size(); ++i) {
      const Part& part = index_.held_[i].part;
      const auto ordinal = part.segment->columns().find(id);
      if (ordinal && (live_[i] ? live_[i]->test(*ordinal) : part.lives(*ordinal)))
        return Found{i, *ordinal};
    }
    return std::nullopt;
  }

  Put* pending(std::int64_t id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || !puts_[found->second].document) return nullptr;
    return &puts_[found->second];
  }

  /// False: what is there is newer. Else it is there no more.
  bool make_way(const search::Document& document) {
    if (Put* const other = pending(document.id)) {
      if (other->document->version > document.version) return false;
      other->document = nullptr;
      return true;
    }
    const auto old = find(document.id);
    if (!old) return true;
    const Part& part = index_.held_[old->part].part;
    if (part.segment->columns().version(old->ordinal) > document.version) return false;
    auto& live = live_[old->part];
    if (!live)
      live = part.live ? std::make_shared<Bitset>(*part.live)
                       : std::make_shared<Bitset>(part.segment->documents(), true);
    live->reset(old->ordinal);
    return true;
  }

  std::string put(const search::Document& document) {
    std::vector<std::byte> row;
    if (!document.vector.empty()) {
      const RowShape shape(document.vector.size());
      row.resize(shape.bytes);
      if (!pack(shape, document.vector, row.data())) return "a vector without direction";
    }
    if (!make_way(document)) return {};
    by_id_[document.id] = puts_.size();
    puts_.push_back({&document, std::nullopt, std::move(row)});
    return {};
  }

  void erase(const search::Document& document) {
    if (make_way(document)) erased_.push_back(document.id);
  }

  void patch(const search::Document& document) {
    if (Put* const other = pending(document.id)) {
      if (!other->patched) other->patched = *other->document;
      other->document = &*other->patched;
      for (const auto& fresh : document.numbers) {
        std::erase_if(other->patched->numbers,
                      [&](const auto& number) { return number.first == fresh.first; });
        other->patched->numbers.push_back(fresh);
      }
    } else if (const auto place = find(document.id)) {
      patches_.push_back({*place, &document});
    }
  }

  void add_segment() {
    SegmentBuilder builder(index_.shape_);
    for (const Put& put : puts_)
      if (put.document)
        builder.add(*put.document, put.row, ++index_.stamp_);
    if (builder.documents() == 0) return;
    auto bytes = std::make_shared<const std::string>(builder.finish());
    Held held;
    held.size = bytes->size();
    auto segment =
        Segment::open(std::as_bytes(std::span(*bytes)), bytes, index_.shape_);
    CHECK(segment);
    held.part = {std::move(*segment), nullptr, builder.documents()};
    index_.learn(*held.part.segment);
    index_.held_.push_back(std::move(held));
  }

  /// Before the snapshot changes: who finds an id that is not there yet passes it over.
  void keep_vectors() {
    for (const std::int64_t id : erased_)
      if (!pending(id)) index_.vectors_->erase(id);
    for (const Put& put : puts_) {
      if (!put.document) continue;
      const auto& vector = put.document->vector;
      if (vector.empty()) index_.vectors_->erase(put.document->id);
      else (void)index_.vectors_->put(put.document->id, vector);  // it was packed before
    }
  }

  Index& index_;
  std::vector<std::shared_ptr<Bitset>> live_;  ///< by held part; null = as it was
  std::deque<Put> puts_;  ///< stay where they are: `document` may point into `patched`
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  std::vector<Patch> patches_;
  std::vector<std::int64_t> erased_;
};

Result<std::vector<search::Refusal>> Index::apply(std::span<const search::Change> changes) {
  std::vector<search::Refusal> refusals;
  {
    const std::lock_guard held(writing_);
    if (state_ != search::State::ready)
      return fail(Fault::unavailable, "search_unavailable",
                  "Search is unavailable at the moment.");
    Batch batch(*this);
    for (std::size_t i = 0; i < changes.size(); ++i)
      if (auto reason = batch.take(changes[i]); !reason.empty())
        refusals.push_back({i, std::move(reason)});
    batch.finish();
    merge_small();
    publish();
    ++changes_;
    last_change_ = Clock::now();
  }
  wake_.notify_one();
  return refusals;
}

}  // namespace atelier::engines::native_search
