#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engines/native_search/segment_writer.hpp"

/// Lists of who has some word that begins so, for what somebody has typed of a word: beginnings of
/// up to four bytes. A list stands in the dictionary behind all words, under the mark, the length
/// and the beginning; its frequencies say in which fields such a word is (1) or not (0). Where
/// words have positions it has one number: how many documents its words have, added up, so that a
/// beginning is as rare as where one goes through the words instead. Small segments have no lists:
/// there that costs little.
namespace atelier::engines::native_search {

/// First byte of what is no word; none of UTF-8 is as high.
constexpr char beginning_mark = '\xff';
constexpr std::size_t beginning_bytes_max = 4;
constexpr std::uint32_t beginning_segment_min = 4096;  ///< documents

/// Where the list of a beginning would stand; "" = it has none anywhere.
std::string beginning_term(std::string_view beginning);

/// What the words of a list have, added up.
std::uint64_t beginning_documents(const Segment& segment, const TermEntry& list);

/// Makes the lists of one length after another, each from all words in order.
class BeginningsWriter {
 public:
  BeginningsWriter(SegmentWriter& writer, std::uint32_t documents);

  /// Of no more bytes than the words before, or after `end`. Lists come out as words go by.
  void word(std::string_view word, std::size_t length);
  /// Of the word: `fields` has a bit for each field that it is in.
  void add(std::uint32_t doc, std::uint8_t fields);
  /// Before another length, and at the end.
  void end();

 private:
  SegmentWriter& writer_;
  std::string beginning_;
  std::uint64_t postings_ = 0;
  std::vector<std::uint8_t> fields_;  ///< by document
  std::vector<std::uint32_t> docs_;   ///< who has fields
};

}  // namespace atelier::engines::native_search
