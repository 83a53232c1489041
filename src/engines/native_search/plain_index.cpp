#include <algorithm>
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "engines/digest/crc.hpp"
#include "engines/disk/file.hpp"
#include "base/text.hpp"
#include "engines/native_search/byte_stream.hpp"
#include "engines/native_search/index.hpp"
#include "engines/native_search/plain.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

constexpr std::uint32_t format = 0x31534e41;

std::unexpected<Error> unavailable() {
  return fail(Fault::unavailable, "search_unavailable", "Search is unavailable at the moment.");
}

void write(ByteWriter& out, const search::Document& document) {
  out.i64(document.id);
  out.i64(document.version);
  out.u32(std::uint32_t(document.texts.size()));
  for (const auto& [field, text] : document.texts) out.text(field), out.text(text);
  out.u32(std::uint32_t(document.keywords.size()));
  for (const auto& [field, values] : document.keywords) {
    out.text(field);
    out.u32(std::uint32_t(values.size()));
    for (const auto& value : values) out.text(value);
  }
  out.u32(std::uint32_t(document.numbers.size()));
  for (const auto& [field, value] : document.numbers) out.text(field), out.i64(value);
  out.u32(std::uint32_t(document.vector.size()));
  for (const auto value : document.vector) out.f32(value);
}

search::Document read_document(ByteReader& in) {
  search::Document document;
  document.id = in.i64();
  document.version = in.i64();
  document.texts.resize(in.count(8));
  for (auto& [field, text] : document.texts) field = in.text(), text = in.text();
  document.keywords.resize(in.count(8));
  for (auto& [field, values] : document.keywords) {
    field = in.text();
    values.resize(in.count(4));
    for (auto& value : values) value = in.text();
  }
  document.numbers.resize(in.count(12));
  for (auto& [field, value] : document.numbers) field = in.text(), value = in.i64();
  document.vector.resize(in.count(4));
  for (auto& value : document.vector) value = in.f32();
  return document;
}

class PlainIndex final : public Index {
 public:
  PlainIndex(std::filesystem::path file, Shape shape)
      : file_(std::move(file)), plain_(std::move(shape)) {}

  void load(std::string_view bytes, const search::Schema& wanted) {
    const auto damaged = [&](std::string reason) {
      state_ = search::State::damaged;
      reason_ = std::move(reason);
    };
    if (bytes.size() < 8) return damaged("the file is cut off");
    ByteReader head(bytes);
    const bool ours = head.u32() == format;
    const auto sum = head.u32();
    bytes.remove_prefix(8);
    if (!ours || digest::crc32c(0, bytes_of(bytes)) != sum)
      return damaged("the checksum does not hold");
    ByteReader in(bytes);
    auto schema = read_schema(in.text());
    if (!schema) return damaged("the schema cannot be read");
    if (schema->version == wanted.version) schema = wanted;
    auto shape = Shape::of(*schema);
    if (!shape) return damaged("the schema does not hold");
    plain_ = Plain(std::move(*shape));
    origin_ = in.text();
    position_ = stored_position_ = in.i64();
    for (auto count = in.u64(); count > 0 && in.good(); --count) plain_.put(read_document(in));
    if (!in.done()) return damaged("the file does not end where it should");
  }

  search::Standing standing() override {
    const std::shared_lock lock(mutex_);
    return {state_,  plain_.shape().schema().version, origin_, stored_position_,
            std::int64_t(plain_.documents().size()), 0, reason_};
  }

  Result<std::vector<search::Refusal>> apply(std::span<const search::Change> changes) override {
    const std::unique_lock lock(mutex_);
    if (state_ != search::State::ready) return unavailable();
    std::vector<search::Refusal> refusals;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const auto& change = changes[i];
      if (auto reason = plain_.shape().refusal(change); !reason.empty()) {
        refusals.push_back({i, std::move(reason)});
        continue;
      }
      if (change.kind == search::Change::Kind::put) plain_.put(change.document);
      if (change.kind == search::Change::Kind::erase) plain_.erase(change.document.id);
      if (change.kind == search::Change::Kind::patch) plain_.patch(change.document);
    }
    return refusals;
  }

  void mark(std::string_view origin, std::int64_t position) override {
    const std::unique_lock lock(mutex_);
    origin_ = origin;
    position_ = position;
  }

  Result<void> flush() override {
    const std::unique_lock lock(mutex_);
    if (state_ != search::State::ready) return unavailable();
    ByteWriter body;
    body.text(written(plain_.shape().schema()));
    body.text(origin_);
    body.i64(position_);
    body.u64(plain_.documents().size());
    for (const auto& [id, document] : plain_.documents()) write(body, document.source);
    ByteWriter head;
    head.u32(format);
    head.u32(digest::crc32c(0, bytes_of(body.bytes())));
    TRY(disk::replace_file(file_, bytes_of(head.bytes() + body.bytes())));
    stored_position_ = position_;
    return {};
  }

  Result<search::Answer> search(const search::Query& query) override {
    const auto began = std::chrono::steady_clock::now();
    const std::shared_lock lock(mutex_);
    if (state_ != search::State::ready) return unavailable();
    TRY(plain_.shape().check(query));
    auto answer = TRY(plain_.search(query));
    answer.took_us = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::steady_clock::now() - began).count();
    return answer;
  }

  Result<std::vector<std::string>> suggest(std::string_view text, int limit) override {
    const std::shared_lock lock(mutex_);
    if (state_ != search::State::ready) return unavailable();
    const auto beginning = fold_word(text);
    std::map<std::string, std::int64_t> frequencies;
    if (!beginning.empty())
      for (const auto& [id, document] : plain_.documents())
        for (const auto& field : document.terms)
          for (const auto& [term, positions] : field)
            if (term.starts_with(beginning)) ++frequencies[term];
    std::vector<std::pair<std::int64_t, std::string>> listed;
    for (const auto& [term, frequency] : frequencies) listed.emplace_back(-frequency, term);
    std::ranges::sort(listed);
    std::vector<std::string> words;
    for (auto& [frequency, term] : listed)
      if (int(words.size()) < limit) words.push_back(std::move(term));
    return words;
  }

  Result<std::vector<float>> vector(std::int64_t id) override {
    const std::shared_lock lock(mutex_);
    if (state_ != search::State::ready) return unavailable();
    const auto found = plain_.documents().find(id);
    if (found == plain_.documents().end()) return std::vector<float>();
    return found->second.source.vector;
  }

  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::int64_t after,
                                                                  int limit) override {
    const std::shared_lock lock(mutex_);
    if (state_ != search::State::ready) return unavailable();
    std::vector<std::pair<std::int64_t, std::int64_t>> rows;
    for (auto i = plain_.documents().upper_bound(after);
         i != plain_.documents().end() && int(rows.size()) < limit; ++i)
      rows.emplace_back(i->first, i->second.source.version);
    return rows;
  }

  void synonyms(std::shared_ptr<const Synonyms> words) override {
    const std::unique_lock lock(mutex_);
    plain_.synonyms(std::move(words));
  }

  void moved(std::filesystem::path folder) override {
    const std::unique_lock lock(mutex_);
    file_ = folder / "documents";
  }

  void close() override {
    const std::unique_lock lock(mutex_);
    state_ = search::State::absent;
  }

 private:
  std::shared_mutex mutex_;
  std::filesystem::path file_;
  Plain plain_;
  search::State state_ = search::State::ready;
  std::string reason_, origin_;
  std::int64_t position_ = 0, stored_position_ = 0;
};

}  // namespace

Result<std::shared_ptr<Index>> Index::open(std::filesystem::path folder, search::Schema schema) {
  auto shape = TRY(Shape::of(schema));
  std::filesystem::create_directories(folder);
  auto index = std::make_shared<PlainIndex>(folder / "documents", std::move(shape));
  const auto bytes = disk::read_file(folder / "documents");
  if (bytes) index->load(*bytes, schema);
  else if (bytes.error().code != "file_missing") return std::unexpected(bytes.error());
  return index;
}

}  // namespace atelier::engines::native_search
