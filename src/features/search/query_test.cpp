#include "features/search/query.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fuzz/query_bytes.hpp"

namespace atelier::search {
namespace {

using ports::search::Clause;

/// "words|'phrase'|-excluded|prefix*", then "field=value".
std::string said(std::string_view text, bool typing = false) {
  const auto parsed = parse_query(text, typing);
  if (!parsed) return "fault";
  constexpr const char* names[] = {"type", "base", "by", "tag", "hash"};
  std::string out;
  for (const Clause& clause : parsed->clauses) {
    const std::string quote = clause.kind == Clause::Kind::phrase ? "'" : "";
    out += (out.empty() ? "" : "|") + std::string(clause.excluded ? "-" : "") + quote +
           clause.text + quote + (clause.prefix ? "*" : "");
  }
  for (const FieldTerm& term : parsed->fields)
    out += " " + std::string(term.excluded ? "-" : "") + names[std::size_t(term.field)] + "=" +
           term.value;
  return out;
}

/// "code@position …"
std::string faults(std::string_view text) {
  const auto parsed = parse_query(text, false);
  if (parsed) return "none";
  std::string out;
  for (const FieldFault& fault : parsed.error().fields)
    out += (out.empty() ? "" : " ") + fault.code + "@" + std::to_string(fault.position);
  return out;
}

TEST(Query, WordsBesideEachOtherAreOneClause) {
  EXPECT_EQ(said("  detailed \t eyes\n"), "detailed eyes");
  EXPECT_EQ(said("detailed -blurry eyes"), "detailed|-blurry|eyes");
  EXPECT_EQ(said(""), "");
}

TEST(Query, PhrasesAreTakenAsTheyStand) {
  EXPECT_EQ(said("a \"moon  harbour\" b"), "a|'moon  harbour'|b");
  EXPECT_EQ(said("-\"old town\""), "-'old town'");
  EXPECT_EQ(said("\"\" \" \" a"), "a");
  EXPECT_EQ(said("12\" disk\""), "12\" disk\"");  // a quote within a word is a letter
}

TEST(Query, FieldsTakeAWordOrAQuotedValue) {
  EXPECT_EQ(said("type:LORA Base:\" SDXL 1.0 \" by:Ann"), " type=LORA base=SDXL 1.0 by=Ann");
  EXPECT_EQ(said("-tag:Anime hash:0A1B2C3D4E"), " -tag=anime hash=0a1b2c3d4e");
  EXPECT_EQ(said("re:zero http://x types:y"), "re:zero http://x types:y");
}

TEST(Query, AMinusIsOneOnlyBeforeSomething) {
  EXPECT_EQ(said("a - b"), "a - b");
  EXPECT_EQ(said("a -"), "a -");
  EXPECT_EQ(said("--a"), "--a");
}

TEST(Query, TheLastWordMayBeHalfTyped) {
  EXPECT_EQ(said("moon har", true), "moon har*");
  EXPECT_EQ(said("moon har ", true), "moon har");
  EXPECT_EQ(said("har -b", true), "har|-b");
  EXPECT_EQ(said("har \"b\"", true), "har|'b'");
  EXPECT_EQ(said("har type:x", true), "har type=x");
  EXPECT_EQ(said("type:x har", true), "har* type=x");
}

TEST(Query, FaultsStandAtTheirCharacters) {
  EXPECT_EQ(faults("\xC3\xA9t\xC3\xA9 \"open"), "quote_open@4");
  EXPECT_EQ(faults("type: hash:xyz tag:\"\" by:\"a"),
            "value_missing@5 hash_bad@11 value_missing@19 quote_open@25");
  EXPECT_EQ(faults("hash:12345 hash:123456"), "hash_bad@5");
}

TEST(Query, WordsWithoutSyntaxAreForPlainLists) {
  const auto parsed = parse_query("a \"b c\" -d tag:e f", false);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->words, "a b c f");
}

TEST(FuzzCorpus, Query) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ATELIER_SOURCE_DIR "/tests/fuzz/corpus/query")) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    fuzz::parse_bytes(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
      fuzz::parse_bytes(bytes);
      bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
    }
    ++files;
  }
  EXPECT_GE(files, 10u);
}

}  // namespace
}  // namespace atelier::search
