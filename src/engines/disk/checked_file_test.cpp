#include "engines/disk/checked_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/text.hpp"
#include "tests/support/folder.hpp"

namespace atelier::disk {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void store(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes));
}

TEST(CheckedFile, EveryChangedByteIsNoticed) {
  const test::Folder folder;
  const auto path = folder.path() / "checked";
  {
    auto writer = *CheckedWriter::create(path);
    writer.put(std::uint32_t{7});
    writer.write(bytes_of("some contents"));
    EXPECT_FALSE(std::filesystem::exists(path));
    ASSERT_TRUE(writer.finish());
  }
  const std::string whole = contents(path);
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const int bit : {0, 7}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ 1 << bit);
      store(path, bytes);
      const auto read = CheckedReader::open(path);
      ASSERT_FALSE(read) << i;
      EXPECT_EQ(read.error().code, "file_damaged");
    }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    store(path, whole.substr(0, size));
    EXPECT_FALSE(CheckedReader::open(path)) << size;
  }
  store(path, whole + '\0');
  EXPECT_FALSE(CheckedReader::open(path));
  store(path, whole);
  auto reader = CheckedReader::open(path);
  ASSERT_TRUE(reader);
  std::uint32_t number = 0;
  std::string text(13, ' ');
  EXPECT_TRUE(reader->get(number));
  EXPECT_TRUE(reader->get_all(std::span(text)));
  EXPECT_EQ(number, 7u);
  EXPECT_EQ(text, "some contents");
  EXPECT_EQ(reader->left(), 0u);
  EXPECT_FALSE(reader->get(number));
}

TEST(CheckedFile, AnUnfinishedWriterLeavesWhatWasThere) {
  const test::Folder folder;
  const auto path = folder.path() / "checked";
  store(path, "before");
  {
    auto writer = *CheckedWriter::create(path);
    writer.write(std::vector<std::byte>(3 << 20));
  }
  EXPECT_EQ(contents(path), "before");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "checked.new"));
}

TEST(CheckedFile, LargerThanTheBuffer) {
  const test::Folder folder;
  const auto path = folder.path() / "checked";
  std::vector<std::uint32_t> numbers(700'000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::uint32_t(i * 2654435761u);
  {
    auto writer = *CheckedWriter::create(path);
    writer.put_all(std::span<const std::uint32_t>(numbers));
    ASSERT_TRUE(writer.finish());
  }
  auto reader = CheckedReader::open(path);
  ASSERT_TRUE(reader);
  std::vector<std::uint32_t> again(numbers.size());
  ASSERT_TRUE(reader->get_all(std::span(again)));
  EXPECT_EQ(again, numbers);
}

TEST(CheckedFile, MissingIsNotDamaged) {
  const test::Folder folder;
  const auto read = CheckedReader::open(folder.path() / "none");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "file_missing");
}

}  // namespace
}  // namespace atelier::disk
