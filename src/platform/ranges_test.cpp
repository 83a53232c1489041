#include "platform/ranges.hpp"

#include <gtest/gtest.h>

namespace atelier::platform {
namespace {

constexpr Millis modified = 784'111'777'123;  // Sun, 06 Nov 1994 08:49:37 GMT and a bit
using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

Part part(Fields fields, std::int64_t bytes = 1000) {
  http::Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return choose_part(headers, {bytes, "\"tag\"", modified});
}

void expect(Part got, int status, std::int64_t offset, std::int64_t length) {
  EXPECT_EQ(got.status, status);
  EXPECT_EQ(got.offset, offset);
  EXPECT_EQ(got.length, length);
}

TEST(Ranges, OneRangeIsAPart) {
  expect(part({}), 200, 0, 1000);
  expect(part({{"range", "bytes=0-0"}}), 206, 0, 1);
  expect(part({{"range", "bytes=10-19"}}), 206, 10, 10);
  expect(part({{"range", "bytes=990-"}}), 206, 990, 10);
  expect(part({{"range", "bytes=990-5000"}}), 206, 990, 10);
  expect(part({{"range", "bytes=-7"}}), 206, 993, 7);
  expect(part({{"range", "bytes=-5000"}}), 206, 0, 1000);
  expect(part({{"range", "bytes=-99999999999999999999999"}}), 206, 0, 1000);
  expect(part({{"range", "bytes=0-99999999999999999999999"}}), 206, 0, 1000);
}

TEST(Ranges, BeyondTheEndIsRefused) {
  expect(part({{"range", "bytes=1000-"}}), 416, 0, 0);
  expect(part({{"range", "bytes=5000-6000"}}), 416, 0, 0);
  expect(part({{"range", "bytes=99999999999999999999999-"}}), 416, 0, 0);
  expect(part({{"range", "bytes=-0"}}), 416, 0, 0);
  expect(part({{"range", "bytes=0-"}}, 0), 416, 0, 0);
}

TEST(Ranges, WhatCannotBeReadIsPassedOver) {
  for (const auto* range : {"bytes=9-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-2x",
                            "items=0-1", "bytes=0-1,5-6", "bytes=+1-2", "bytes=1--2", "0-1"})
    expect(part({{"range", range}}), 200, 0, 1000);
  std::string many = "bytes=0-1";
  for (int i = 0; i < 10'000; ++i) many += ",0-1";
  expect(part({{"range", many}}), 200, 0, 1000);
}

TEST(Ranges, IfRangeWantsTheStrongTag) {
  const Fields same{{"range", "bytes=10-19"}, {"if-range", "\"tag\""}};
  expect(part(same), 206, 10, 10);
  expect(part({{"range", "bytes=10-19"}, {"if-range", "W/\"tag\""}}), 200, 0, 1000);
  expect(part({{"range", "bytes=10-19"}, {"if-range", "\"other\""}}), 200, 0, 1000);
  expect(part({{"range", "bytes=10-19"}, {"if-range", "Sun, 06 Nov 1994 08:49:37 GMT"}}), 200, 0,
         1000);
}

TEST(Ranges, ConditionsComeFirst) {
  expect(part({{"if-none-match", "\"tag\""}}), 304, 0, 0);
  expect(part({{"if-none-match", "\"x\", W/\"tag\""}, {"range", "bytes=0-1"}}), 304, 0, 0);
  expect(part({{"if-none-match", "\"x\""}}), 200, 0, 1000);
  expect(part({{"if-none-match", "*"}}), 304, 0, 0);
  expect(part({{"if-match", "\"tag\""}}), 200, 0, 1000);
  expect(part({{"if-match", "W/\"tag\""}}), 412, 0, 0);
  expect(part({{"if-match", "\"x\""}, {"if-none-match", "\"tag\""}}), 412, 0, 0);
  expect(part({{"if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"}}), 304, 0, 0);
  expect(part({{"if-modified-since", "Sun, 06 Nov 1994 08:49:36 GMT"}}), 200, 0, 1000);
  expect(part({{"if-modified-since", "yesterday"}}), 200, 0, 1000);
  expect(part({{"if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT"}}), 412, 0, 0);
  expect(part({{"if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"}}), 200, 0, 1000);
  // A tag decides alone where both are sent.
  expect(part({{"if-none-match", "\"x\""}, {"if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"}}),
         200, 0, 1000);
}

}  // namespace
}  // namespace atelier::platform
