#include "engines/digest/stream.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "engines/digest/crc.hpp"

namespace atelier::digest {
namespace {

constexpr std::uint64_t window_from = 0x100000, window_to = 0x110000;
constexpr std::uint64_t header_bytes_max = 100'000'000;  // the reference reader's own limit
constexpr std::size_t two_lanes_from = 64 * 1024;
constexpr std::string_view magic = "atelier digest 1";

// The part of `bytes`, which start at `at` in the stream, that lies in [from, to).
std::span<const std::byte> part(std::span<const std::byte> bytes, std::uint64_t at,
                                std::uint64_t from, std::uint64_t to) {
  const std::uint64_t begin = std::max(at, from), end = std::min(at + bytes.size(), to);
  if (begin >= end) return {};
  return bytes.subspan(begin - at, end - begin);
}

template <std::size_t n>
std::string hex_of(const std::array<std::uint8_t, n>& bytes) {
  return hex(std::as_bytes(std::span(bytes)));
}

std::string hex_of(std::uint32_t x, bool reversed) {
  if (!reversed) x = __builtin_bswap32(x);
  return hex(std::as_bytes(std::span(&x, 1)));
}

class Writer {
 public:
  void bytes(const void* from, std::size_t size) {
    out.append(static_cast<const char*>(from), size);
  }
  void whole(std::uint64_t x, int size) {
    for (int i = 0; i < size; ++i) out.push_back(char(x >> (8 * i)));
  }
  void sha256(const Sha256& hash) {
    const auto state = hash.state();
    for (const auto word : state.chaining) whole(word, 4);
    whole(state.size, 8);
    bytes(state.block.data(), state.size % 64);
  }
  void blake3(const Blake3& hash) {
    const auto& state = hash.state();
    whole(state.chunk, 8);
    whole(state.blocks_done, 1);
    whole(state.block_size, 1);
    whole(state.depth, 1);
    for (const auto word : state.chaining) whole(word, 4);
    bytes(state.block.data(), state.block_size);
    for (std::uint32_t i = 0; i < state.depth; ++i)
      for (const auto word : state.stack[i]) whole(word, 4);
  }
  std::string out;
};

// Reads what Writer wrote; `ok` turns false at the first missing byte.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  void bytes(void* to, std::size_t size) {
    if (size > in_.size()) {
      ok = false;
      in_ = {};
      std::memset(to, 0, size);
      return;
    }
    std::memcpy(to, in_.data(), size);
    in_.remove_prefix(size);
  }
  std::uint64_t whole(int size) {
    std::uint8_t raw[8] = {};
    bytes(raw, std::size_t(size));
    std::uint64_t x = 0;
    for (int i = 0; i < size; ++i) x |= std::uint64_t(raw[i]) << (8 * i);
    return x;
  }
  Sha256 sha256(std::uint64_t size_expected) {
    Sha256::State state;
    for (auto& word : state.chaining) word = std::uint32_t(whole(4));
    state.size = whole(8);
    if (state.size != size_expected) ok = false;
    bytes(state.block.data(), state.size % 64);
    return Sha256(state);
  }
  Blake3 blake3(std::uint64_t size_expected) {
    Blake3::State state;
    state.chunk = whole(8);
    state.blocks_done = std::uint32_t(whole(1));
    state.block_size = std::uint32_t(whole(1));
    state.depth = std::uint32_t(whole(1));
    for (auto& word : state.chaining) word = std::uint32_t(whole(4));
    state.block = {};
    bytes(state.block.data(), std::min<std::size_t>(state.block_size, Blake3::block_bytes));
    for (std::uint32_t i = 0; ok && i < std::min<std::size_t>(state.depth, Blake3::stack_max); ++i)
      for (auto& word : state.stack[i]) word = std::uint32_t(whole(4));
    Blake3 hash;
    if (!hash.restore(state)) ok = false;
    if (state.size() != size_expected) ok = false;
    return hash;
  }
  bool at_end() const { return in_.empty(); }
  bool ok = true;

 private:
  std::string_view in_;
};

}  // namespace

std::uint64_t Stream::tensors_at() const {
  if (size_ < head_.size() || head_[8] != '{') return 0;
  std::uint64_t header = 0;
  for (int i = 0; i < 8; ++i) header |= std::uint64_t(head_[std::size_t(i)]) << (8 * i);
  return header >= 2 && header <= header_bytes_max ? 8 + header : 0;
}

void Stream::update_first(std::span<const std::byte> bytes) {
  // In steps that stay in the nearest cache between the three passes.
  for (std::size_t at = 0; at < bytes.size(); at += 16 * 1024) {
    const auto step = bytes.subspan(at, std::min<std::size_t>(16 * 1024, bytes.size() - at));
    whole_.update(step);
    crc32_ = crc32(crc32_, step);
    crc32c_ = crc32c(crc32c_, step);
  }
}

void Stream::update_second(std::span<const std::byte> bytes) {
  const std::uint64_t at = size_ - bytes.size();
  blake3_.update(bytes);
  window_.update(part(bytes, at, window_from, window_to));
  if (const auto from = tensors_at()) tensors_.update(part(bytes, at, from, ~0ull));
}

void Stream::update(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  if (size_ < head_.size()) {
    const auto step = std::min(bytes.size(), head_.size() - std::size_t(size_));
    std::memcpy(head_.data() + size_, bytes.data(), step);
  }
  size_ += bytes.size();
  if (lane_ && bytes.size() >= two_lanes_from) {
    lane_->both([&] { update_first(bytes); }, [&] { update_second(bytes); });
  } else {
    update_first(bytes);
    update_second(bytes);
  }
}

ports::Hashes Stream::hashes() const {
  ports::Hashes out;
  out.sha256 = hex_of(whole_.finish());
  out.blake3 = hex_of(blake3_.finish());
  out.crc32 = hex_of(crc32_, true);
  out.crc32c = hex_of(crc32c_, false);
  if (size_ >= window_to) out.autov1 = hex_of(window_.finish()).substr(0, 8);
  if (const auto from = tensors_at(); from && size_ >= from) out.autov3 = hex_of(tensors_.finish());
  return out;
}

std::string Stream::save() const {
  Writer writer;
  writer.out = magic;
  writer.whole(size_, 8);
  writer.bytes(head_.data(), head_.size());
  writer.whole(crc32_, 4);
  writer.whole(crc32c_, 4);
  writer.sha256(whole_);
  writer.sha256(window_);
  writer.sha256(tensors_);
  writer.blake3(blake3_);
  writer.whole(digest::crc32c(0, bytes_of(writer.out)), 4);
  return std::move(writer.out);
}

bool Stream::restore(std::string_view state) {
  if (!state.starts_with(magic) || state.size() < magic.size() + 4) return false;
  const auto body = state.substr(0, state.size() - 4);
  if (Reader(state.substr(body.size())).whole(4) != digest::crc32c(0, bytes_of(body)))
    return false;
  Reader reader(body.substr(magic.size()));
  Stream next(lane_);
  next.size_ = reader.whole(8);
  reader.bytes(next.head_.data(), next.head_.size());
  next.crc32_ = std::uint32_t(reader.whole(4));
  next.crc32c_ = std::uint32_t(reader.whole(4));
  const auto beyond = [&](std::uint64_t from) { return next.size_ - std::min(next.size_, from); };
  const auto from = next.tensors_at();
  next.whole_ = reader.sha256(next.size_);
  next.window_ = reader.sha256(std::min(beyond(window_from), window_to - window_from));
  next.tensors_ = reader.sha256(from ? beyond(from) : 0);
  next.blake3_ = reader.blake3(next.size_);
  if (!reader.ok || !reader.at_end()) return false;
  *this = next;
  return true;
}

}  // namespace atelier::digest
