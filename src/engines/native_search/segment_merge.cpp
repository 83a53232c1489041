#include <array>
#include <optional>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/beginnings.hpp"
#include "engines/native_search/postings.hpp"
#include "engines/native_search/rows.hpp"
#include "engines/native_search/segment_builder.hpp"

namespace atelier::engines::native_search {
namespace {

std::vector<std::uint8_t> merge_lengths(std::span<const MergeSource> sources, std::uint32_t fields,
                                        const std::vector<std::vector<std::uint32_t>>& places) {
  std::vector<std::uint8_t> lengths;
  for (std::uint32_t field = 0; field < fields; ++field)
    for (std::size_t k = 0; k < sources.size(); ++k)
      for (std::uint32_t i = 0; i < places[k].size(); ++i)
        if (places[k][i] != not_merged) lengths.push_back(sources[k].segment->lengths(field)[i]);
  return lengths;
}

class TermMerger {
 public:
  TermMerger(SegmentWriter& writer, std::span<const MergeSource> sources,
             const std::vector<std::vector<std::uint32_t>>& places, std::uint32_t documents)
      : writer_(writer), sources_(sources), places_(places), documents_(documents) {}

  bool run(const std::atomic<bool>& stop) {
    const bool done = each_word(stop, [&](std::string_view term, const auto& having) {
      writer_.begin(term);
      for (const std::size_t k : having) copy(k);
      writer_.end();
    });
    if (!done || documents_ < beginning_segment_min) return done;
    BeginningsWriter beginnings(writer_, documents_);
    for (std::size_t length = 1; length <= beginning_bytes_max; ++length) {
      const bool whole = each_word(stop, [&](std::string_view word, const auto& having) {
        beginnings.word(word, length);
        if (word.size() >= length && word[0] != stem_mark)
          for (const std::size_t k : having) begin(k, beginnings);
      });
      if (!whole) return false;
      beginnings.end();
    }
    return true;
  }

 private:
  /// Words and stems of all sources in order, each with the sources that have it. False: stopped.
  template <class Visit>
  bool each_word(const std::atomic<bool>& stop, Visit visit) {
    walks_.clear();
    more_.clear();
    for (const auto& source : sources_) {
      walks_.emplace_back(*source.segment, std::string_view());
      more_.push_back(next(walks_.size() - 1));
    }
    std::vector<std::size_t> having;
    while (true) {
      having.clear();
      for (std::size_t k = 0; k < walks_.size(); ++k) {
        if (!more_[k]) continue;
        const int order = having.empty() ? 0 : walks_[k].term().compare(walks_[having[0]].term());
        if (order < 0) having.clear();
        if (order <= 0) having.push_back(k);
      }
      if (having.empty()) return true;
      if (stop.load(std::memory_order_relaxed)) return false;
      visit(walks_[having[0]].term(), having);
      for (const std::size_t k : having) more_[k] = next(k);
    }
  }

  bool next(std::size_t source) {
    return walks_[source].next() && walks_[source].term()[0] != beginning_mark;
  }

  void copy(std::size_t source) {
    const Segment& segment = *sources_[source].segment;
    const auto& places = places_[source];
    postings_.open(segment, walks_[source].entry());
    for (; postings_.doc() != Postings::end; postings_.next()) {
      TermPosting posting{places[postings_.doc()], {}};
      if (posting.doc == not_merged) continue;
      for (unsigned fields = postings_.mask(); fields != 0; fields &= fields - 1) {
        const auto field = static_cast<std::uint32_t>(std::countr_zero(fields));
        posting.frequencies[field] = postings_.frequency(field);
      }
      const auto positions = postings_.positions_bytes();
      writer_.add(posting, {reinterpret_cast<const char*>(positions.data()), positions.size()});
    }
  }

  void begin(std::size_t source, BeginningsWriter& beginnings) {
    const auto& places = places_[source];
    std::array<std::uint8_t, block_postings> fields;
    postings_.open(*sources_[source].segment, walks_[source].entry());
    for (; postings_.doc() != Postings::end; postings_.to_block(postings_.block() + 1)) {
      const auto docs = postings_.docs();
      postings_.fields(fields);
      for (std::size_t i = 0; i < docs.size(); ++i)
        if (places[docs[i]] != not_merged) beginnings.add(places[docs[i]], fields[i]);
    }
  }

  SegmentWriter& writer_;
  std::span<const MergeSource> sources_;
  const std::vector<std::vector<std::uint32_t>>& places_;
  std::uint32_t documents_;
  std::vector<Segment::Terms> walks_;
  std::vector<bool> more_;
  Postings postings_;
};

}  // namespace

std::optional<std::vector<std::vector<std::uint32_t>>> merge_segments(
    const Shape& shape, std::span<const MergeSource> sources, SegmentOutput output,
    const std::atomic<bool>& stop) {
  std::vector<Bitset> all;
  all.reserve(sources.size());
  std::vector<MergePart> parts;
  for (const auto& [segment, live] : sources) {
    if (!live) all.emplace_back(segment->documents(), true);
    parts.push_back({&segment->columns(), live ? live : &all.back()});
  }
  auto [columns, places] = merge_columns(shape, parts);
  const auto fields = static_cast<std::uint32_t>(shape.texts().size());
  const auto dimensions = static_cast<std::size_t>(shape.schema().dimensions);
  const auto vector_bytes = dimensions == 0 ? 0 : RowShape(dimensions).bytes;
  auto lengths = merge_lengths(sources, fields, places);
  std::uint32_t documents = 0;
  for (const auto& part : parts) documents += part.live->count();
  SegmentWriter writer(std::move(output), fields, documents, std::move(lengths),
                       static_cast<std::uint32_t>(vector_bytes));
  for (std::size_t k = 0; k < sources.size(); ++k) {
    if (stop.load(std::memory_order_relaxed)) return std::nullopt;
    for (std::uint32_t i = 0; i < places[k].size(); ++i)
      if (places[k][i] != not_merged)
        writer.stored(sources[k].segment->record(i), sources[k].segment->stamp(i));
  }
  if (!TermMerger(writer, sources, places, documents).run(stop)) return std::nullopt;
  writer.finish(std::as_bytes(std::span(columns)));
  return std::move(places);
}

}  // namespace atelier::engines::native_search
