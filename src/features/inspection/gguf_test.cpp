#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"
#include "features/inspection/inspection.hpp"

namespace atelier::inspection {
namespace {

/// Puts a GGUF file together by hand, little endian.
class Writer {
 public:
  Writer& number(std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out_ += static_cast<char>((value >> (8 * i)) & 0xFF);
    return *this;
  }
  Writer& text(std::string_view value) {
    number(value.size(), 8);
    out_ += value;
    return *this;
  }
  Writer& header(std::uint64_t tensors, std::uint64_t entries, std::uint64_t version = 3) {
    out_ += "GGUF";
    return number(version, 4).number(tensors, 8).number(entries, 8);
  }
  Writer& tensor(std::string_view name, std::vector<std::uint64_t> shape, std::uint64_t type,
                 std::uint64_t offset) {
    text(name).number(shape.size(), 4);
    for (std::uint64_t extent : shape) number(extent, 8);
    return number(type, 4).number(offset, 8);
  }
  Writer& pad(std::size_t alignment = 32) {
    out_.append((alignment - out_.size() % alignment) % alignment, '\0');
    return *this;
  }
  Writer& zeros(std::size_t count) {
    out_.append(count, '\0');
    return *this;
  }
  const std::string& file() const { return out_; }

 private:
  std::string out_;
};

Inspection inspected(const Writer& writer) {
  return inspect(MemorySource(bytes_of(writer.file())), "a.gguf").value();
}

std::string code_of(const Writer& writer) {
  const Inspection found = inspected(writer);
  if (found.reasons.empty()) return "safe";
  EXPECT_EQ(found.verdict, Verdict::malformed);
  EXPECT_TRUE(found.tensors.empty());
  return found.reasons[0].code;
}

TEST(Gguf, ReversesDimensionsAndPlacesTensors) {
  Writer file;
  file.header(2, 1).text("general.file_type").number(4, 4).number(7, 4);
  file.tensor("a", {64, 3}, 8, 0).tensor("b", {5}, 0, 224).pad().zeros(224).zeros(32);
  const Inspection found = inspected(file);
  ASSERT_EQ(found.reasons.size(), 0u) << found.reasons[0].text;
  EXPECT_EQ(found.quant_type, "Q8_0");
  ASSERT_EQ(found.tensors.size(), 2u);
  EXPECT_EQ(found.tensors[0].shape, (std::vector<std::int64_t>{3, 64}));
  EXPECT_EQ(found.tensors[0].bytes, 3 * 64 / 32 * 34);
  EXPECT_EQ(found.tensors[1].offset, found.tensor_span + 224);
  EXPECT_EQ(found.parameters, 197);
}

TEST(Gguf, CountsBeyondTheFileAreRefusedAtOnce) {
  EXPECT_EQ(code_of(Writer().header(0, 0)), "safe");
  EXPECT_EQ(code_of(Writer().header(1, 0)), "too_many_tensors");
  EXPECT_EQ(code_of(Writer().header(~std::uint64_t{0}, 0)), "too_many_tensors");
  EXPECT_EQ(code_of(Writer().header(0, 1)), "too_much_metadata");
  EXPECT_EQ(code_of(Writer().header(0, std::uint64_t{1} << 63)), "too_much_metadata");
  EXPECT_EQ(code_of(Writer().header(0, 0, 1)), "gguf_version");
  EXPECT_EQ(code_of(Writer().header(0, 0, 4)), "gguf_version");
}

TEST(Gguf, StringsAndArraysAreBounded) {
  EXPECT_EQ(code_of(Writer().header(0, 1).number(~std::uint64_t{0}, 8).zeros(40)), "truncated");
  EXPECT_EQ(code_of(Writer().header(0, 1).number(65'536, 8).zeros(70'000)), "string_too_long");
  Writer array;
  array.header(0, 1).text("k").number(9, 4).number(4, 4).number(std::uint64_t{1} << 62, 8);
  EXPECT_EQ(code_of(array), "array_too_long");
  Writer nested;
  nested.header(0, 1).text("k").number(9, 4).number(9, 4).number(1, 8).zeros(16);
  EXPECT_EQ(code_of(nested), "bad_array");
  EXPECT_EQ(code_of(Writer().header(0, 1).text("k").number(13, 4).zeros(8)), "bad_value_type");
  EXPECT_EQ(code_of(Writer().header(0, 1).text("k").number(7, 4).number(2, 1).zeros(8)),
            "bad_boolean");
  EXPECT_EQ(code_of(Writer().header(0, 1).text("\xff").number(4, 4).zeros(8)), "not_utf8");
}

TEST(Gguf, TensorsStayWithinTheFile) {
  const auto one = [](std::vector<std::uint64_t> shape, std::uint64_t type, std::uint64_t offset,
                      std::size_t bytes) {
    return code_of(Writer().header(1, 0).tensor("a", shape, type, offset).pad().zeros(bytes));
  };
  EXPECT_EQ(one({8}, 0, 0, 32), "safe");
  EXPECT_EQ(one({8}, 0, 0, 31), "bad_offsets");
  EXPECT_EQ(one({8}, 0, 0, 63), "safe");
  EXPECT_EQ(one({8}, 0, 0, 64), "trailing_bytes");
  EXPECT_EQ(one({8}, 0, 1, 64), "bad_offsets");
  EXPECT_EQ(one({8}, 0, 32, 64), "hole");
  EXPECT_EQ(one({8}, 0, ~std::uint64_t{31}, 64), "bad_offsets");
  EXPECT_EQ(one({33}, 8, 0, 68), "bad_shape");
  EXPECT_EQ(one({8}, 4, 0, 64), "unknown_dtype");
  EXPECT_EQ(one({1, 1, 1, 1, 1}, 0, 0, 32), "too_many_dimensions");
  EXPECT_EQ(one({std::uint64_t{1} << 32, std::uint64_t{1} << 32}, 0, 0, 0), "shape_overflow");
  EXPECT_EQ(one({std::uint64_t{1} << 63}, 0, 0, 0), "shape_overflow");
  EXPECT_EQ(one({std::uint64_t{1} << 62}, 0, 0, 0), "shape_overflow");
}

TEST(Gguf, OverlapsDuplicatesAndAlignment) {
  EXPECT_EQ(code_of(Writer().header(2, 0).tensor("a", {16}, 0, 0).tensor("b", {8}, 0, 32).pad()
                        .zeros(64)), "overlap");
  EXPECT_EQ(code_of(Writer().header(2, 0).tensor("a", {8}, 0, 0).tensor("a", {8}, 0, 32).pad()
                        .zeros(64)), "duplicate_key");
  const auto aligned = [](std::uint64_t alignment) {
    return code_of(Writer().header(0, 1).text("general.alignment").number(4, 4)
                       .number(alignment, 4));
  };
  EXPECT_EQ(aligned(64), "safe");
  EXPECT_EQ(aligned(0), "bad_alignment");
  EXPECT_EQ(aligned(48), "bad_alignment");
  EXPECT_EQ(aligned(1u << 31), "bad_alignment");
}

}  // namespace
}  // namespace atelier::inspection
