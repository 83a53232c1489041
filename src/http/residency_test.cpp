#include "http/residency.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <filesystem>
#include <string>

#include "base/file_handle.hpp"

namespace atelier::http {
namespace {

constexpr std::int64_t page = 4096;
constexpr std::int64_t size = 8 << 20;  // pages are kept, and dropped, in groups of up to 2 MiB

/// Whether this kernel tells of a file at all.
bool can_tell(int file) { return is_in_memory(file, 0, size); }

FileHandle file_on(const std::string& folder) {
  FileHandle file(::open(folder.c_str(), O_TMPFILE | O_RDWR, 0600));
  const std::string bytes(size, 'x');
  EXPECT_EQ(::write(file.descriptor(), bytes.data(), bytes.size()), size);
  return file;
}

TEST(Residency, FindsWhatWasJustWrittenAndMissesWhatWasDropped) {
  const FileHandle file = file_on(std::filesystem::current_path());
  if (!can_tell(file.descriptor())) GTEST_SKIP() << "this kernel or file system cannot tell";
  EXPECT_TRUE(is_in_memory(file.descriptor(), 1, 1));
  EXPECT_TRUE(is_in_memory(file.descriptor(), page - 1, 2));
  EXPECT_TRUE(is_in_memory(file.descriptor(), size - 1, 1));
  ASSERT_EQ(::fsync(file.descriptor()), 0);
  ASSERT_EQ(::posix_fadvise(file.descriptor(), 0, 0, POSIX_FADV_DONTNEED), 0);
  EXPECT_FALSE(is_in_memory(file.descriptor(), 0, size));
  EXPECT_FALSE(is_in_memory(file.descriptor(), size - 1, 1));
}

TEST(Residency, AHoleInTheMiddleIsEnough) {
  const FileHandle file = file_on(std::filesystem::current_path());
  if (!can_tell(file.descriptor())) GTEST_SKIP() << "this kernel or file system cannot tell";
  ASSERT_EQ(::fsync(file.descriptor()), 0);
  ASSERT_EQ(::posix_fadvise(file.descriptor(), 2 << 20, 4 << 20, POSIX_FADV_DONTNEED), 0);
  EXPECT_FALSE(is_in_memory(file.descriptor(), 0, size));
  EXPECT_FALSE(is_in_memory(file.descriptor(), 4 << 20, 1));
  EXPECT_TRUE(is_in_memory(file.descriptor(), 0, 1 << 20));
  EXPECT_TRUE(is_in_memory(file.descriptor(), 7 << 20, 1 << 20));
}

TEST(Residency, WhatIsNotThereIsNotInMemory) {
  const FileHandle file(::memfd_create("short", MFD_CLOEXEC));
  EXPECT_FALSE(is_in_memory(file.descriptor(), 0, 1));
  EXPECT_FALSE(is_in_memory(file.descriptor(), 0, 0));
  EXPECT_FALSE(is_in_memory(file.descriptor(), -1, 1));
  EXPECT_FALSE(is_in_memory(-1, 0, 1));
}

}  // namespace
}  // namespace atelier::http
