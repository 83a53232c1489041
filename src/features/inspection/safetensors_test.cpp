#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"
#include "features/inspection/inspection.hpp"

namespace atelier::inspection {
namespace {

std::string with_length(std::uint64_t length, std::string_view rest) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>((length >> (8 * i)) & 0xFF);
  return file.append(rest);
}

std::string file_of(std::string_view header, std::size_t data) {
  return with_length(header.size(), header) + std::string(data, '\0');
}

Inspection inspected(const std::string& file, std::string_view name = "a.safetensors") {
  return inspect(MemorySource(bytes_of(file)), name).value();
}

/// The first reason's code; "safe" if there is none.
std::string code_of(const std::string& file) {
  const Inspection found = inspected(file);
  if (found.reasons.empty()) return "safe";
  EXPECT_EQ(found.verdict, Verdict::malformed);
  EXPECT_TRUE(found.tensors.empty());
  return found.reasons[0].code;
}

std::string tensor(std::string_view shape, std::string_view dtype, std::string_view offsets) {
  return "{\"a\":{\"dtype\":\"" + std::string(dtype) + "\",\"shape\":" + std::string(shape) +
         ",\"data_offsets\":" + std::string(offsets) + "}}";
}

TEST(Safetensors, ReadsTensorsAndMetadata) {
  const Inspection found = inspected(file_of(
      R"({"__metadata__":{"k":"v\u00e9\ud83d\ude00"},)"
      R"("b":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},)"
      R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  )",
      16));
  EXPECT_EQ(found.verdict, Verdict::safe);
  ASSERT_EQ(found.tensors.size(), 2u);
  EXPECT_EQ(found.tensors[0].name, "a");
  EXPECT_EQ(found.tensors[1].offset, found.tensor_span + 4);
  EXPECT_EQ(found.tensors[1].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(found.parameters, 7);
  EXPECT_EQ(found.tensor_bytes, 16);
  EXPECT_EQ(found.precision, "fp16");
  ASSERT_EQ(found.metadata.size(), 1u);
  EXPECT_EQ(found.metadata[0].value, "vé😀");
}

TEST(Safetensors, HeaderLengthAtItsBounds) {
  EXPECT_EQ(code_of(file_of("{}", 0)), "safe");
  EXPECT_EQ(code_of(""), "truncated");
  EXPECT_EQ(code_of(std::string(7, '\0')), "truncated");
  EXPECT_EQ(code_of(with_length(0, "")), "header_start");
  EXPECT_EQ(code_of(with_length(3, "{}")), "truncated");
  EXPECT_EQ(code_of(with_length(100'000'000, "{}")), "truncated");
  EXPECT_EQ(code_of(with_length(100'000'001, "{}")), "header_too_large");
  EXPECT_EQ(code_of(with_length(std::uint64_t{1} << 63, "{}")), "header_too_large");
  EXPECT_EQ(code_of(with_length(~std::uint64_t{0}, "{}")), "header_too_large");
  EXPECT_EQ(code_of(file_of(" {}", 0)), "header_start");
}

TEST(Safetensors, OffsetsAndShapes) {
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[0,8]"), 8)), "safe");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[0,8]"), 7)), "bad_offsets");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[0,8]"), 9)), "trailing_bytes");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[1,9]"), 9)), "hole");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[8,0]"), 8)), "bad_offsets");
  EXPECT_EQ(code_of(file_of(tensor("[3]", "F32", "[0,8]"), 8)), "size_mismatch");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[0]"), 8)), "bad_offsets");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F32", "[0,8,8]"), 8)), "bad_offsets");
  EXPECT_EQ(code_of(file_of(tensor("[4294967296,4294967296]", "F32", "[0,0]"), 0)),
            "shape_overflow");
  EXPECT_EQ(code_of(file_of(tensor("[18446744073709551616]", "F32", "[0,0]"), 0)), "header_json");
  EXPECT_EQ(code_of(file_of(tensor("[-1]", "F32", "[0,0]"), 0)), "header_json");
  EXPECT_EQ(code_of(file_of(tensor("[1.0]", "F32", "[0,4]"), 4)), "header_json");
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F99", "[0,8]"), 8)), "unknown_dtype");
  EXPECT_EQ(code_of(file_of(tensor("[0,5]", "F32", "[0,0]"), 0)), "safe");
}

TEST(Safetensors, SubByteTypesFillWholeBytes) {
  EXPECT_EQ(code_of(file_of(tensor("[2]", "F4", "[0,1]"), 1)), "safe");
  EXPECT_EQ(code_of(file_of(tensor("[3]", "F4", "[0,2]"), 2)), "bad_shape");
  EXPECT_EQ(code_of(file_of(tensor("[4]", "F6_E2M3", "[0,3]"), 3)), "safe");
  EXPECT_EQ(code_of(file_of(tensor("[5]", "F8_E8M0", "[0,5]"), 5)), "safe");
}

TEST(Safetensors, OverlapAndDuplicates) {
  const std::string one = R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})";
  const std::string two = R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]})";
  EXPECT_EQ(code_of(file_of("{" + one + "," + two + "}", 6)), "overlap");
  EXPECT_EQ(code_of(file_of("{" + one + "," + one + "}", 4)), "duplicate_key");
  EXPECT_EQ(code_of(file_of(R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],)"
                            R"("data_offsets":[0,1]}})", 1)), "duplicate_key");
  EXPECT_EQ(code_of(file_of(R"({"__metadata__":{"a":"1","\u0061":"2"}})", 0)), "duplicate_key");
  EXPECT_EQ(code_of(file_of(R"({"__metadata__":{},"__metadata__":{}})", 0)), "duplicate_key");
}

TEST(Safetensors, BrokenJson) {
  EXPECT_EQ(code_of(file_of("{", 0)), "header_json");
  EXPECT_EQ(code_of(file_of("{}x", 0)), "header_json");
  EXPECT_EQ(code_of(file_of("{\"a\":1}", 0)), "bad_entry");
  EXPECT_EQ(code_of(file_of("{\"a\":{},}", 0)), "missing_field");
  EXPECT_EQ(code_of(file_of("{\"\xff\":{}}", 0)), "header_json");
  EXPECT_EQ(code_of(file_of("{\"\\ud800\":{}}", 0)), "header_json");
  EXPECT_EQ(code_of(file_of("{\"__metadata__\":{\"a\":1}}", 0)), "metadata_type");
  EXPECT_EQ(code_of(file_of("{\"__metadata__\":[]}", 0)), "metadata_type");
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(code_of(file_of("{\"a\":{\"x\":" + deep + "}}", 0)), "header_json");
}

TEST(Safetensors, ClaimsAreReadAndLoseAgainstShapes) {
  const Inspection found = inspected(file_of(
      R"({"__metadata__":{"ss_base_model_version":"sdxl_base_v1-0",)"
      R"("ss_network_module":"networks.lora","sshs_model_hash":"ABCDEF0123",)"
      R"("ss_tag_frequency":"{\"5_x\":{\"sks\":7,\"cat\":2},\"1_y\":{\"cat\":9}}"},)"
      R"("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight":)"
      R"({"dtype":"F16","shape":[1,768],"data_offsets":[0,1536]}})",
      1536));
  EXPECT_EQ(found.model_type.value, "LORA");
  EXPECT_EQ(found.base_model.value, "SD 1.5");
  ASSERT_EQ(found.conflicts.size(), 1u);
  EXPECT_EQ(found.conflicts[0].claimed, "SDXL 1.0");
  EXPECT_EQ(found.conflicts[0].detected, "SD 1.5");
  ASSERT_EQ(found.trigger_words.size(), 2u);
  EXPECT_EQ(found.trigger_words[0].word, "cat");
  EXPECT_EQ(found.trigger_words[0].count, 11);
  ASSERT_EQ(found.hashes.size(), 1u);
  EXPECT_EQ(found.hashes[0].value, "abcdef0123");
}

TEST(Safetensors, ComparesWithTheUploader) {
  Inspection found;
  found.model_type = {"LORA", 0.95, {}};
  found.base_model = {"SDXL 1.0", 0.9, {}};
  EXPECT_TRUE(compare(found, "LoCon", "Pony").empty());
  EXPECT_TRUE(compare(found, "", "").empty());
  EXPECT_TRUE(compare(found, "LORA", "Other").empty());
  const auto conflicts = compare(found, "Checkpoint", "SD 1.5");
  ASSERT_EQ(conflicts.size(), 2u);
  EXPECT_EQ(conflicts[0].code, "type_conflict");
  EXPECT_EQ(conflicts[1].code, "base_conflict");
}

}  // namespace
}  // namespace atelier::inspection
