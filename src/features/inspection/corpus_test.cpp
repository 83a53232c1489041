#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "features/inspection/inspection.hpp"
#include "features/inspection/json_reader.hpp"

namespace atelier::inspection {
namespace {

namespace fs = std::filesystem;
using Expected = std::map<std::string, std::string>;

/// Reads {"file": {"type": "…", "v_prediction": true, …}} into texts; null becomes "-".
std::map<std::string, Expected> read_expected(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const std::string json = text.str();
  JsonReader reader(json);
  std::map<std::string, Expected> all;
  std::string name;
  std::string key;
  reader.begin_object();
  while (reader.next_key(name)) {
    reader.begin_object();
    while (reader.next_key(key)) {
      std::string value = "-";
      if (reader.at_string()) reader.read_string(value);
      else reader.skip_value();
      all[name][key] = value;
    }
  }
  EXPECT_TRUE(reader.finish()) << reader.error();
  return all;
}

/// What was found, in the words of expected.json.
std::string found(const Inspection& report, const std::string& key, const std::string& wanted) {
  if (key == "type") return report.model_type.value;
  if (key == "base") return report.base_model.value;
  if (key == "verdict") return std::string(verdict_name(report.verdict));
  if (key == "format") return std::string(format_name(report.format));
  if (key == "variant") return report.variant;
  if (key == "base_type") return report.base_model_type;
  if (key == "quant") return report.quant_type;
  if (key == "precision") return report.precision;
  if (key == "size") return report.size_kind;
  if (key == "trigger") return report.trigger_words.empty() ? "" : report.trigger_words[0].word;
  if (key == "conflict") return report.conflicts.empty() ? "" : report.conflicts[0].code;
  if (key == "v_prediction") return report.v_prediction ? "-" : "false";
  if (key == "code")
    for (const Reason& reason : report.reasons)
      if (reason.code == wanted) return wanted;
  return "no such finding";
}

std::string described(const Inspection& report) {
  std::string text;
  for (const Reason& reason : report.reasons)
    text += "  " + reason.code + ": " + reason.text + "\n";
  for (const Import& import : report.imports)
    text += "  " + import.module + "." + import.name + " is " + import.judged + "\n";
  for (const std::string& evidence : report.base_model.evidence) text += "  " + evidence + "\n";
  return text;
}

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "atelier-models-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string command = "python3 " ATELIER_SOURCE_DIR
                                "/tests/support/make_model_files.py " + folder_.string() +
                                " > /dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(Corpus, EveryFileIsToldRight) {
  const auto expected = read_expected(folder_ / "expected.json");
  EXPECT_GE(expected.size(), 200u);
  for (const auto& [name, wanted] : expected) {
    const FileSource source = FileSource::open((folder_ / name).string()).value();
    const auto report = inspect(source, name);
    ASSERT_TRUE(report) << name << ": " << report.error().detail;
    for (const auto& [key, value] : wanted) {
      if (value == "-" && key != "v_prediction") continue;
      EXPECT_EQ(found(*report, key, value), value) << name << " " << key << "\n"
                                                   << described(*report);
    }
  }
}

/// A file that ends early at any byte is never safe: nothing after the cut was seen.
TEST_F(Corpus, CutFilesAreMalformed) {
  for (const char* name : {"loras/one.safetensors", "loras/one.pt", "checkpoints/sd15-old.ckpt",
                           "unet/flow-q8.gguf"}) {
    std::ifstream file(folder_ / name, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    ASSERT_FALSE(whole.empty());
    for (std::size_t size = 0; size < whole.size(); size += whole.size() / 200 + 1) {
      const std::span<const char> part(whole.data(), size);
      const auto report = inspect(MemorySource(std::as_bytes(part)), name);
      ASSERT_TRUE(report);
      EXPECT_GE(report->verdict, Verdict::malformed) << name << " cut at " << size;
    }
  }
}

}  // namespace
}  // namespace atelier::inspection
