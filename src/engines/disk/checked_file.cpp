#include "engines/disk/checked_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "engines/digest/crc.hpp"
#include "engines/disk/file.hpp"

namespace atelier::disk {
namespace {

constexpr std::size_t waiting_bytes = 1 << 20;
constexpr std::array<char, 4> mark{'a', 't', 'c', 'k'};
constexpr std::size_t trailer_bytes = 16;

std::unexpected<Error> damaged() {
  return fail(Fault::internal, "file_damaged", "A file of the data folder is damaged.");
}

}  // namespace

CheckedWriter::CheckedWriter(std::filesystem::path path, std::shared_ptr<FileHandle> file)
    : path_(std::move(path)), draft_(path_), file_(std::move(file)) {
  draft_ += ".new";
  waiting_.reserve(waiting_bytes);
}

Result<CheckedWriter> CheckedWriter::create(const std::filesystem::path& path) {
  auto draft = path;
  draft += ".new";
  auto file = TRY(open_file(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW));
  return CheckedWriter(path, std::move(file));
}

CheckedWriter::~CheckedWriter() {
  if (file_) ::unlink(draft_.c_str());
}

void CheckedWriter::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), waiting_bytes - waiting_.size());
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.begin() + std::ptrdiff_t(count));
    bytes = bytes.subspan(count);
    if (waiting_.size() == waiting_bytes) drain();
  }
}

void CheckedWriter::drain() {
  if (!failure_) {
    const auto written =
        write_all(file_->descriptor(), waiting_, static_cast<std::int64_t>(size_));
    if (!written) failure_ = written.error();
  }
  crc_ = digest::crc32c(crc_, waiting_);
  size_ += waiting_.size();
  waiting_.clear();
}

Result<void> CheckedWriter::finish() {
  drain();
  const std::uint64_t contents = size_;
  put(contents);
  drain();
  put(crc_);
  put(mark);
  drain();
  if (failure_) return std::unexpected(*failure_);
  if (::fsync(file_->descriptor()) != 0) return failure("sync");
  if (::rename(draft_.c_str(), path_.c_str()) != 0) return failure("rename");
  file_.reset();
  return sync_folder(path_.parent_path().empty() ? "." : path_.parent_path());
}

struct CheckedReader::Mapping {
  void* at = nullptr;
  std::size_t size = 0;
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  ~Mapping() {
    if (at != nullptr) ::munmap(at, size);
  }
};

Result<CheckedReader> CheckedReader::open(const std::filesystem::path& path) {
  const auto file = TRY(open_file(path, O_RDONLY | O_NOFOLLOW));
  struct stat of;
  if (::fstat(file->descriptor(), &of) != 0) return failure("stat");
  const auto size = static_cast<std::size_t>(of.st_size);
  if (!S_ISREG(of.st_mode) || size < trailer_bytes) return damaged();
  const auto mapping = std::make_shared<Mapping>();
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file->descriptor(), 0);
  if (at == MAP_FAILED) return failure("map");
  mapping->at = at;
  mapping->size = size;
  const std::span bytes(static_cast<const std::byte*>(at), size);
  std::uint64_t contents = 0;
  std::uint32_t crc = 0;
  const auto* trailer = bytes.data() + size - trailer_bytes;
  std::memcpy(&contents, trailer, sizeof contents);
  std::memcpy(&crc, trailer + 8, sizeof crc);
  if (contents != size - trailer_bytes || std::memcmp(trailer + 12, mark.data(), 4) != 0 ||
      crc != digest::crc32c(0, bytes.first(size - 8)))
    return damaged();
  CheckedReader reader;
  reader.mapping_ = mapping;
  reader.bytes_ = bytes.first(size - trailer_bytes);
  return reader;
}

void CheckedReader::forget() const { ::madvise(mapping_->at, mapping_->size, MADV_DONTNEED); }

std::optional<std::span<const std::byte>> CheckedReader::take(std::size_t count) {
  if (count > left()) return {};
  const auto taken = bytes_.subspan(at_, count);
  at_ += count;
  return taken;
}

bool CheckedReader::copy(std::span<std::byte> out) {
  const auto taken = take(out.size());
  if (taken && !out.empty()) std::memcpy(out.data(), taken->data(), out.size());
  return taken.has_value();
}

}  // namespace atelier::disk
