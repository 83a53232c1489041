#include "engines/native_search/beginnings.hpp"

#include <algorithm>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/postings.hpp"

namespace atelier::engines::native_search {

std::string beginning_term(std::string_view beginning) {
  if (beginning.empty() || beginning.size() > beginning_bytes_max) return {};
  return std::string{beginning_mark, static_cast<char>(beginning.size())}.append(beginning);
}

std::uint64_t beginning_documents(const Segment& segment, const TermEntry& list) {
  Postings postings;
  postings.open(segment, list);
  if (postings.doc() == Postings::end) return 0;
  return VarintReader(postings.positions_bytes()).next();
}

BeginningsWriter::BeginningsWriter(SegmentWriter& writer, std::uint32_t documents)
    : writer_(writer), fields_(documents) {}

void BeginningsWriter::word(std::string_view word, std::size_t length) {
  const bool none = word.size() < length || word[0] == stem_mark;
  const auto beginning = none ? std::string_view() : word.substr(0, length);
  if (beginning != beginning_) {
    end();
    beginning_ = beginning;
  }
}

void BeginningsWriter::add(std::uint32_t doc, std::uint8_t fields) {
  if (beginning_.empty()) return;
  ++postings_;
  if (fields_[doc] == 0) docs_.push_back(doc);
  fields_[doc] |= fields;
}

void BeginningsWriter::end() {
  if (postings_ > 0) {
    // many: to look at all documents is faster than to sort
    if (docs_.size() > fields_.size() / 16) {
      docs_.clear();
      for (std::uint32_t doc = 0; doc < fields_.size(); ++doc)
        if (fields_[doc] != 0) docs_.push_back(doc);
    } else {
      std::ranges::sort(docs_);
    }
    writer_.begin(beginning_term(beginning_));
    std::string sum;
    put_varint(postings_, sum);
    for (const std::uint32_t doc : docs_) {
      TermPosting posting{doc, {}};
      for (std::size_t field = 0; field < text_fields_max; ++field)
        posting.frequencies[field] = fields_[doc] >> field & 1;
      writer_.add(posting, sum);
      sum.clear();
    }
    writer_.end();
  }
  for (const std::uint32_t doc : docs_) fields_[doc] = 0;
  docs_.clear();
  beginning_.clear();
  postings_ = 0;
}

}  // namespace atelier::engines::native_search
