#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// Small records of the engine's own files, little-endian. Reading is total: past the end
/// everything is zero and empty, and `good` says no.
namespace atelier::engines::native_search {

class ByteWriter {
 public:
  void u32(std::uint32_t value) { append(&value, sizeof value); }
  void u64(std::uint64_t value) { append(&value, sizeof value); }
  void i64(std::int64_t value) { append(&value, sizeof value); }
  void f32(float value) { append(&value, sizeof value); }
  void text(std::string_view value) {
    u32(std::uint32_t(value.size()));
    bytes_.append(value);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void append(const void* from, std::size_t size) {
    bytes_.append(static_cast<const char*>(from), size);
  }
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }
  std::int64_t i64() { return number<std::int64_t>(); }
  float f32() { return number<float>(); }
  std::string_view text() {
    const std::size_t size = u32();
    if (size > bytes_.size()) return fail(), std::string_view();
    const auto value = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return value;
  }
  /// A count of things that each take at least `least` bytes; more than can be is a failure.
  std::uint32_t count(std::size_t least) {
    const auto value = u32();
    if (value <= bytes_.size() / least) return value;
    fail();
    return 0;
  }
  bool good() const { return good_; }
  bool done() const { return good_ && bytes_.empty(); }

 private:
  template <class T>
  T number() {
    T value{};
    if (sizeof value > bytes_.size()) return fail(), value;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  void fail() {
    good_ = false;
    bytes_ = {};
  }

  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace atelier::engines::native_search
