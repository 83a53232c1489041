#include "base/text.hpp"

#include <gtest/gtest.h>

namespace atelier {
namespace {

TEST(Text, accepts_only_well_formed_utf8_without_nul) {
  EXPECT_TRUE(is_text(""));
  EXPECT_TRUE(is_text("Grüße 你好 🎨"));
  EXPECT_FALSE(is_text(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_text("\xC0\xAF"));          // overlong slash
  EXPECT_FALSE(is_text("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_text("\xF5\x80\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(is_text("abc\xE4"));           // cut short
  EXPECT_EQ(code_points("Grüße🎨"), 6u);
}

TEST(Text, slugs_keep_ascii_letters_and_digits) {
  EXPECT_EQ(slug("Ma Vie en Rose!"), "ma-vie-en-rose");
  EXPECT_EQ(slug("--x  86--"), "x-86");
  EXPECT_EQ(slug("你好"), "");
}

TEST(Text, parses_numbers_whole_or_not_at_all) {
  EXPECT_EQ(parse_whole("-12"), -12);
  EXPECT_FALSE(parse_whole("12 "));
  EXPECT_FALSE(parse_whole("+12"));
  EXPECT_FALSE(parse_whole(""));
  EXPECT_FALSE(parse_whole("9223372036854775808"));
  EXPECT_EQ(parse_real("0.5"), 0.5);
}

TEST(Text, encodes_the_vectors_of_rfc_4648) {
  EXPECT_EQ(base64(bytes_of("foob")), "Zm9vYg==");
  EXPECT_EQ(base64url(bytes_of("\xfb\xff")), "-_8");
  EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
  EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
  EXPECT_FALSE(from_base64("Zm9vYh=="));  // left-over bits
  EXPECT_FALSE(from_base64("Z"));
  EXPECT_EQ(hex(bytes_of("\x01\xAB")), "01ab");
  EXPECT_FALSE(from_hex("0g"));
}

TEST(Text, percent_coding_round_trips_and_refuses_bad_escapes) {
  EXPECT_EQ(percent_encode("a b/ü"), "a%20b%2F%C3%BC");
  EXPECT_EQ(percent_decode("a+b%2Fc", true), "a b/c");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  EXPECT_FALSE(percent_decode("%4", false));
  EXPECT_FALSE(percent_decode("%zz", false));
}

TEST(Text, times_round_trip) {
  EXPECT_EQ(iso_time(1'795'349'752'123), "2026-11-22T12:15:52.123Z");
  EXPECT_EQ(parse_iso_time("2026-11-22T12:15:52.123Z"), 1'795'349'752'123);
  EXPECT_EQ(parse_iso_time("2026-11-22T13:15:52.123+01:00"), 1'795'349'752'123);
  EXPECT_EQ(iso_time(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_time(1'709'164'800'000), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(iso_time(-62'167'219'200'000), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_time(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_time(INT64_MAX), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_time(INT64_MIN), "0000-01-01T00:00:00.000Z");
  EXPECT_FALSE(parse_iso_time("2026-02-30T00:00:00Z"));
  EXPECT_FALSE(parse_iso_time("2026-11-22T12:15:52"));
  EXPECT_EQ(http_time(784'111'777'000), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace atelier
