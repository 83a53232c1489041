#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "base/file_handle.hpp"
#include "base/result.hpp"

/// Files of our own that are there whole or not at all, and of which a changed, missing or added
/// byte is noticed. After the contents stand 16 bytes: their size (8), CRC-32C over contents and
/// size (4), "atck" (4); numbers are the machine's own.
namespace atelier::disk {

/// Writes beside `path` and takes its place in `finish`; without it nothing has happened. The
/// first failure is kept and told by `finish`. One thread.
class CheckedWriter {
 public:
  static Result<CheckedWriter> create(const std::filesystem::path& path);
  CheckedWriter(CheckedWriter&&) = default;
  CheckedWriter& operator=(CheckedWriter&&) = delete;
  ~CheckedWriter();

  void write(std::span<const std::byte> bytes);
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    write(std::as_bytes(std::span(&value, 1)));
  }
  template <class T>
  void put_all(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    write(std::as_bytes(values));
  }
  Result<void> finish();  ///< durable when it returns

 private:
  CheckedWriter(std::filesystem::path path, std::shared_ptr<FileHandle> file);
  void drain();

  std::filesystem::path path_, draft_;
  std::shared_ptr<FileHandle> file_;
  std::vector<std::byte> waiting_;
  std::uint64_t size_ = 0;
  std::uint32_t crc_ = 0;
  std::optional<Error> failure_;
};

/// The contents of a file whose check held, from front to back. One thread.
class CheckedReader {
 public:
  /// Errors: `file_damaged` (internal), `file_missing`, those of the disk.
  static Result<CheckedReader> open(const std::filesystem::path& path);

  /// What was read of it need not stay in memory; it comes back from the file when it is read.
  void forget() const;

  std::size_t left() const { return bytes_.size() - at_; }
  /// The next bytes in place, good as long as the reader; nothing if there are fewer.
  std::optional<std::span<const std::byte>> take(std::size_t count);
  template <class T>
  bool get(T& value) {
    return get_all(std::span(&value, 1));
  }
  template <class T>
  bool get_all(std::span<T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    return copy(std::as_writable_bytes(values));
  }

 private:
  struct Mapping;
  bool copy(std::span<std::byte> out);

  std::shared_ptr<const Mapping> mapping_;
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace atelier::disk
