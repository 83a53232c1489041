#pragma once
#include <atomic>
#include <cstring>
#include <span>
#include <vector>

#include "base/check.hpp"
#include "engines/native_search/postings.hpp"
#include "engines/native_search/segment_builder.hpp"

namespace atelier::fuzz {

inline engines::native_search::Shape segment_shape() {
  using enum ports::search::FieldKind;
  return *engines::native_search::Shape::of(
      {"models", 1,
       {{"name", text, 3, ports::search::Analysis::name},
        {"body", text, 1, ports::search::Analysis::prose},
        {"tag", keyword},
        {"downloads", number},
        {"level", bits}},
       2});
}

/// Any bytes as a segment, without the checksum that files have. What is taken for one can be read
/// whole and merged: no document beyond the last, no term out of order.
inline void read_segment(std::span<const std::byte> bytes) {
  using namespace engines::native_search;
  static const Shape shape = segment_shape();
  std::vector<std::uint64_t> aligned(bytes.size() / 8 + 1);
  if (!bytes.empty()) std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto segment = Segment::open(std::as_bytes(std::span(aligned)).first(bytes.size()),
                                     nullptr, shape);
  if (!segment) return;
  Postings postings, seek;
  Segment::Terms terms(**segment, std::string_view());
  std::string before;
  std::vector<std::uint32_t> positions;
  while (terms.next()) {
    CHECK(terms.term() > before || before.empty());
    before = terms.term();
    CHECK((*segment)->find(before));
    std::uint32_t least = 0;
    for (postings.open(**segment, terms.entry()); postings.doc() != Postings::end;
         postings.next()) {
      CHECK(postings.doc() >= least && postings.doc() < (*segment)->documents());
      least = postings.doc();
      for (std::uint32_t field = 0; field < (*segment)->fields(); ++field)
        postings.positions(field, positions);
      (void)postings.positions_bytes();
      (void)postings.block_gaps();
    }
    const WordBits bits = (*segment)->bits(terms.entry());
    seek.open_later(**segment, terms.entry());
    for (std::uint32_t target = 0; target < (*segment)->documents(); target += 3) {
      if (bits) (void)bits.may_have(target);  // may say anything
      CHECK(seek.block_of(target) <= seek.blocks());
      seek.seek(target);
    }
  }
  for (std::uint32_t i = 0; i < (*segment)->documents(); ++i) (void)(*segment)->stored(i);
  const MergeSource source{segment->get(), nullptr};
  const std::atomic<bool> stop{false};
  std::string merged;
  (void)merge_segments(shape, {&source, 1}, [&](std::string_view part) { merged += part; }, stop);
}

}  // namespace atelier::fuzz
