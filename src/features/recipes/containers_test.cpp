#include "features/recipes/containers.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

using namespace std::string_literals;

std::string big(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string chunk(std::string type, const std::string& body) {
  type += body;
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(type.data()),
                         static_cast<uInt>(type.size()));
  return big(static_cast<std::uint32_t>(body.size())) + type +
         big(static_cast<std::uint32_t>(sum));
}

const std::string png_start = "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string(13, '\1'));
const std::string png_end = chunk("IEND", "");

std::string only_text(const Carrying& carried) {
  return carried.texts.size() == 1 ? carried.texts[0].place + "=" + carried.texts[0].text : "?";
}

TEST(Png, TextsOfEveryKind) {
  EXPECT_EQ(only_text(carried_by(png_start + chunk("tEXt", "parameters\0caf\xE9"s) + png_end)),
            "png:parameters=café");
  EXPECT_EQ(only_text(carried_by(png_start + chunk("tEXt", "parameters\0café"s) + png_end)),
            "png:parameters=café");
  EXPECT_EQ(only_text(carried_by(png_start + chunk("iTXt", "a\0\0\0en\0b\0日本"s) + png_end)),
            "png:a=日本");
  std::string packed(64, '\0');
  uLongf size = packed.size();
  ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                     reinterpret_cast<const Bytef*>("hello"), 5), Z_OK);
  packed.resize(size);
  EXPECT_EQ(only_text(carried_by(png_start + chunk("zTXt", "a\0\0"s + packed) + png_end)),
            "png:a=hello");
  EXPECT_EQ(only_text(carried_by(png_start + chunk("iTXt", "a\0\1\0\0\0"s + packed) + png_end)),
            "png:a=hello");
}

TEST(Png, WhatStandsBeforeACutIsKept) {
  const std::string whole = png_start + chunk("tEXt", "a\0b"s) + chunk("IDAT", "pixels");
  const Carrying carried = carried_by(whole.substr(0, whole.size() - 8));
  EXPECT_EQ(only_text(carried), "png:a=b");
  ASSERT_EQ(carried.faults.size(), 1u);
  EXPECT_EQ(carried.faults[0].code, "cut");
}

TEST(Png, ABombIsStopped) {
  std::string packed(1 << 20, '\0');
  const std::string zeros(64 << 20, 'a');
  uLongf size = packed.size();
  ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                     reinterpret_cast<const Bytef*>(zeros.data()), zeros.size()), Z_OK);
  packed.resize(size);
  const std::string bomb = chunk("zTXt", "a\0\0"s + packed);
  const Carrying carried = carried_by(png_start + bomb + bomb + bomb + bomb + png_end);
  std::size_t kept = 0;
  for (const CarriedText& text : carried.texts) kept += text.text.size();
  EXPECT_LE(kept, Carrying::bytes_max);
  EXPECT_EQ(carried.faults.front().code, "bad_compression");
}

TEST(UserComment, EveryEncoding) {
  bool refused = false;
  const auto read = [&](const std::string& bytes, bool big_endian = false) {
    return from_user_comment(bytes, big_endian, refused);
  };
  EXPECT_EQ(read("ASCII\0\0\0hello\0"s), "hello");
  EXPECT_EQ(read("UNICODE\0\0h\0\xe9"s), "hé");
  EXPECT_EQ(read("UNICODE\0h\0\xe9\0"s, true), "hé");
  EXPECT_EQ(read("UNICODE\0\xFF\xFEh\0"s), "h");
  EXPECT_EQ(read("UNICODE\0a prompt\nSteps: 20"s), "a prompt\nSteps: 20");
  EXPECT_EQ(read("\0\0\0\0\0\0\0\0café"s), "café");
  EXPECT_EQ(read("no prefix at all"), "no prefix at all");
  EXPECT_EQ(read("\x65\xE5\x67\x2C"s), "e\xC3\xA5g,");
  EXPECT_FALSE(refused);
  EXPECT_EQ(read("JIS\0\0\0\0\0\x1b$B"s), "");
  EXPECT_TRUE(refused);
}

TEST(Texts, BrokenBytesStayText) {
  EXPECT_EQ(clean("a\xFF" "b\0\0"s), "a\xEF\xBF\xBD" "b");
  EXPECT_EQ(from_utf8_or_latin1("né, caf\xC3"s), "né, caf");
  EXPECT_EQ(from_utf16("\xD8\x3D\xDE\x00\xD8\x00"s, true), "😀\xEF\xBF\xBD");
}

}  // namespace
}  // namespace atelier::recipes
