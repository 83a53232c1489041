#include "engines/native_search/segment_builder.hpp"

#include <algorithm>
#include <numeric>

#include "engines/native_search/beginnings.hpp"
#include "engines/native_search/rows.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;

SegmentBuilder::SegmentBuilder(const Shape& shape) : shape_(shape), columns_(shape) {}

void SegmentBuilder::add(const search::Document& document, std::span<const std::byte> vector,
                         std::uint64_t stamp) {
  const std::uint32_t doc = documents();
  columns_.add(document);
  stamps_.push_back(stamp);
  const std::size_t fields = shape_.texts().size();
  lengths_.resize(lengths_.size() + fields);
  std::uint32_t* const lengths = lengths_.data() + lengths_.size() - fields;
  std::array<std::uint32_t, text_fields_max> next{};  // where a field's next text begins
  std::vector<std::pair<std::uint32_t, std::string_view>> texts;
  for (const auto& [name, text] : document.texts) {
    const std::uint32_t field = shape_.find(name)->slot;
    texts.emplace_back(field, text);
    analyse(text, shape_.texts()[field].analysis, terms_);
    if (terms_.empty()) continue;
    for (Term& term : terms_) {
      const auto [known, fresh] =
          numbers_.try_emplace(std::move(term.text), static_cast<std::uint32_t>(names_.size()));
      if (fresh) names_.push_back(&known->first);
      const std::uint64_t position = next[field] + term.position;
      tokens_.push_back({known->second, doc, std::uint64_t{field} << 32 | position});
    }
    const std::uint32_t words = terms_.back().position + 1;
    lengths[field] += words;
    next[field] += words + 1;  // a gap, so that no phrase spans two texts
  }
  records_.push_back(SegmentWriter::record(texts, vector));
}

std::string SegmentBuilder::finish() {
  const std::size_t fields = shape_.texts().size(), count = records_.size();
  std::vector<std::uint8_t> codes(fields * count);
  for (std::size_t doc = 0; doc < count; ++doc)
    for (std::size_t field = 0; field < fields; ++field)
      codes[field * count + doc] = length_code(lengths_[doc * fields + field]);
  const auto dimensions = static_cast<std::size_t>(shape_.schema().dimensions);
  const auto vector_bytes = dimensions == 0 ? 0 : RowShape(dimensions).bytes;
  std::string bytes;
  SegmentWriter writer([&](std::string_view part) { bytes += part; },
                       static_cast<std::uint32_t>(fields), documents(), std::move(codes),
                       static_cast<std::uint32_t>(vector_bytes));
  for (std::size_t doc = 0; doc < count; ++doc) writer.stored(records_[doc], stamps_[doc]);
  write_terms(writer);
  const auto columns = std::move(columns_).finish();
  writer.finish(std::as_bytes(std::span(columns)));
  return bytes;
}

/// By a counting sort over terms, which keeps the order of documents.
void SegmentBuilder::write_terms(SegmentWriter& writer) {
  std::vector<std::uint32_t> begins(names_.size() + 1);
  for (const Token& token : tokens_) ++begins[token.term + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<Token> sorted(tokens_.size());
  auto next = begins;
  for (const Token& token : tokens_) sorted[next[token.term]++] = token;
  std::vector<std::uint32_t> order(names_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, [&](auto a, auto b) { return *names_[a] < *names_[b]; });
  for (const std::uint32_t term : order) {
    writer.begin(*names_[term]);
    write_term(writer, std::span(sorted).subspan(begins[term], begins[term + 1] - begins[term]),
               names_[term]->front() != stem_mark);
    writer.end();
  }
  if (documents() >= beginning_segment_min) write_beginnings(writer, order, begins, sorted);
}

void SegmentBuilder::write_beginnings(SegmentWriter& writer,
                                      std::span<const std::uint32_t> order,
                                      std::span<const std::uint32_t> begins,
                                      std::span<const Token> sorted) const {
  BeginningsWriter beginnings(writer, documents());
  for (std::size_t length = 1; length <= beginning_bytes_max; ++length) {
    for (const std::uint32_t term : order) {
      beginnings.word(*names_[term], length);
      for (auto i = begins[term]; i < begins[term + 1];) {
        const std::uint32_t doc = sorted[i].doc;
        unsigned fields = 0;
        for (; i < begins[term + 1] && sorted[i].doc == doc; ++i)
          fields |= 1u << (sorted[i].place >> 32);
        beginnings.add(doc, static_cast<std::uint8_t>(fields));
      }
    }
    beginnings.end();
  }
}

void SegmentBuilder::write_term(SegmentWriter& writer, std::span<Token> tokens,
                                bool with_positions) const {
  std::string positions;
  for (std::size_t begin = 0; begin < tokens.size();) {
    std::size_t end = begin;
    while (end < tokens.size() && tokens[end].doc == tokens[begin].doc) ++end;
    const auto mine = tokens.subspan(begin, end - begin);
    std::ranges::sort(mine, {}, &Token::place);
    TermPosting posting{mine[0].doc, {}};
    positions.clear();
    std::uint64_t before = ~std::uint64_t{0};
    for (const Token& token : mine) {
      if (token.place == before) continue;
      const std::uint64_t field = token.place >> 32;
      const bool first = posting.frequencies[field]++ == 0;
      if (with_positions) put_varint(first ? token.place & 0xffffffff : token.place - before,
                                     positions);
      before = token.place;
    }
    writer.add(posting, positions);
    begin = end;
  }
}

}  // namespace atelier::engines::native_search
