#include "engines/native_search/packing.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace atelier::engines::native_search {
namespace {

TEST(Packing, EveryWidthAndCountComesBack) {
  std::mt19937 random(3);
  for (unsigned width = 0; width <= 32; ++width)
    for (const std::size_t count : {1u, 2u, 7u, 63u, 127u, 128u}) {
      std::vector<std::uint32_t> values(count);
      for (auto& value : values)
        value = width == 0 ? 0 : static_cast<std::uint32_t>(random()) >> (32 - width);
      if (width > 0) values.back() |= 1u << (width - 1);
      EXPECT_EQ(width_of(values), width);
      std::string bytes = "before";
      pack(values, width, bytes);
      EXPECT_EQ(bytes.size(), 6 + packed_bytes(count, width));
      bytes.append(packing_slack, '\xff');
      std::vector<std::uint32_t> read(count);
      unpack(reinterpret_cast<const std::byte*>(bytes.data()) + 6, count, width, read.data());
      ASSERT_EQ(read, values) << width << " bits, " << count;
    }
}

TEST(Packing, SumsGoOnFromWhatWasBefore) {
  for (const std::size_t count : {1u, 3u, 4u, 5u, 128u}) {
    std::vector<std::uint32_t> values(count), sums;
    std::uint32_t sum = 1000;
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = static_cast<std::uint32_t>(i * i);
      sums.push_back(sum += values[i]);
    }
    add_up(values.data(), count, 1000);
    EXPECT_EQ(values, sums);
  }
}

TEST(Packing, VarintsComeBackAndEndWhereTheyEnd) {
  const std::vector<std::uint64_t> values{0, 1, 127, 128, 300, 1u << 31, ~std::uint64_t{0}};
  std::string bytes;
  for (const auto value : values) put_varint(value, bytes);
  VarintReader reader(std::as_bytes(std::span(bytes)));
  for (const auto value : values) EXPECT_EQ(reader.next(), value);
  EXPECT_TRUE(reader.good());
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.next(), 0u);
  EXPECT_FALSE(reader.good());
  bytes = "\x85";  // goes on where nothing is
  VarintReader cut(std::as_bytes(std::span(bytes)));
  EXPECT_EQ(cut.next(), 0u);
  EXPECT_FALSE(cut.good());
}

TEST(Packing, SkippingGoesPastSoManyNumbers) {
  std::string bytes;
  for (std::uint64_t i = 0; i < 300; ++i) put_varint(i * i * i, bytes);
  for (std::uint64_t count = 0; count < 300; count += 7) {
    VarintReader reader(std::as_bytes(std::span(bytes)));
    reader.skip(count);
    EXPECT_EQ(reader.next(), count * count * count);
    EXPECT_TRUE(reader.good());
    reader.skip(300);
    EXPECT_FALSE(reader.good());
  }
}

TEST(Packing, CodesOfLengthsRoundDownAndThoseOfImpactsUp) {
  for (std::uint32_t length = 0; length < 200'000; length += length < 200 ? 1 : 97) {
    const std::uint32_t read = length_of_code[length_code(length)];
    EXPECT_LE(read, length);
    if (length < 64) {
      EXPECT_EQ(read, length);
    } else {
      EXPECT_GE(read, length - length / 20 - 1);
    }
  }
  EXPECT_EQ(impact_code(0), 0);
  for (float impact = 0.001f; impact < 1e5f; impact *= 1.01f) {
    EXPECT_GE(impact_of_code[impact_code(impact)], impact);
    if (impact > 0.2f) {
      EXPECT_LE(impact_of_code[impact_code(impact)], impact * 1.07f);
    }
  }
}

}  // namespace
}  // namespace atelier::engines::native_search
