#include "schema/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/text.hpp"

namespace atelier::schema {
namespace {

enum class Colour : unsigned char { red, green, deepBlue };
BOOST_DESCRIBE_ENUM(Colour, red, green, deepBlue)

struct Leaf {
  Text<1, 5> name;
  Whole<1, 5> stars;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (name, stars))

struct Tree {
  bool flag = false;
  std::int64_t whole = 0;
  double real = 0;
  std::string text;
  Time at;
  Json any;
  Colour colour = Colour::red;
  std::optional<std::int64_t> maybe;
  Nullable<std::string> nullable;
  std::optional<Nullable<std::int64_t>> change;
  std::vector<Leaf> leaves;
  List<std::string, 3> words;
  ModelId id{1};
};
BOOST_DESCRIBE_STRUCT(Tree, (), (flag, whole, real, text, at, any, colour, maybe, nullable, change,
                                 leaves, words, id))

struct Settings {
  std::int64_t size = 7;
  bool open = true;
};
BOOST_DESCRIBE_STRUCT(Settings, (), (size, open))

std::set<std::string> faults(const Result<void>& result) {
  std::set<std::string> all;
  if (result) return all;
  for (const FieldFault& field : result.error().fields) all.insert(field.path + " " + field.code);
  return all;
}

template <class T>
std::set<std::string> faults_of(std::string_view text) {
  T value{};
  return faults(read_json(text, type_of<T>(), &value));
}

std::string written(double number) {
  std::string out;
  write_json_number(out, number);
  return out;
}

std::string json_string(std::string_view text) {
  std::string out;
  write_json_string(out, text);
  return out;
}

TEST(WriteJson, NumbersLookAsInJavaScript) {
  EXPECT_EQ(written(4.87), "4.87");
  EXPECT_EQ(written(100000), "100000");
  EXPECT_EQ(written(0.5), "0.5");
  EXPECT_EQ(written(-0.0), "0");
  EXPECT_EQ(written(1e21), "1e+21");
  EXPECT_EQ(written(1e20), "100000000000000000000");
  EXPECT_EQ(written(1e-7), "1e-07");
  EXPECT_EQ(written(std::nan("")), "null");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
}

TEST(WriteJson, SpecialBytesAreFoundAtEveryPlace) {
  for (const auto& [raw, written] : {std::pair("\"", "\\\""), std::pair("\\", "\\\\"),
                                     std::pair("\x1f", "\\u001f"),
                                     std::pair("\xff", "\xEF\xBF\xBD"),
                                     std::pair("\x7f", "\x7f"), std::pair(" ", " ")})
    for (std::size_t before = 0; before < 18; ++before)
      for (std::size_t behind = 0; behind < 10; ++behind) {
        const std::string head(before, '~'), tail(behind, '!');
        EXPECT_EQ(json_string(head + raw + tail), '"' + head + written + tail + '"');
      }
}

TEST(WriteJson, EscapesAndRepairsText) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(json_string("é€😀"), "\"é€😀\"");
  EXPECT_EQ(json_string("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(json_string("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");          // overlong
  // A surrogate, one beyond 10FFFF, one cut short.
  EXPECT_TRUE(is_text(json_string("\xED\xA0\x80 \xF4\x90\x80\x80 \xE2\x82")));
}

TEST(WriteJson, MembersInOrderAbsentOptionalsLeftOut) {
  Tree tree;
  tree.at.value = 1'763'813'752'123;
  tree.colour = Colour::deepBlue;
  tree.leaves = {{{"x"}, {3}}};
  EXPECT_EQ(to_json(tree),
            R"({"flag":false,"whole":0,"real":0,"text":"","at":"2025-11-22T12:15:52.123Z",)"
            R"("any":null,"colour":"deepBlue","nullable":null,"leaves":[{"name":"x","stars":3}],)"
            R"("words":[],"id":1})");
  EXPECT_EQ(to_json(Nothing{}), "{}");
}

TEST(ReadJson, ReportsEveryFaultWithItsPointer) {
  EXPECT_EQ(faults_of<Leaf>(R"({"name":"","stars":6,"a/b~":1})"),
            (std::set<std::string>{"/name too_short", "/stars out_of_range",
                                   "/a~1b~0 unknown"}));
  EXPECT_EQ(faults_of<Leaf>("{}"),
            (std::set<std::string>{"/name required", "/stars required"}));
  EXPECT_EQ(faults_of<std::vector<Leaf>>(R"([{"name":"a","stars":1},{"name":1,"stars":"1"}])"),
            (std::set<std::string>{"/1/name wrong_kind", "/1/stars wrong_kind"}));
  EXPECT_EQ(faults_of<Leaf>("[]"), (std::set<std::string>{" wrong_kind"}));
}

TEST(ReadJson, CountsCodePoints) {
  EXPECT_TRUE(from_json<Leaf>(R"({"name":"äöü€😀","stars":1})"));
  EXPECT_EQ(faults_of<Leaf>(R"({"name":"äöü€😀x","stars":1})"),
            (std::set<std::string>{"/name too_long"}));
  EXPECT_EQ(faults_of<Leaf>(R"({"name":"a\u0000","stars":1})"),
            (std::set<std::string>{"/name not_text"}));
}

TEST(ReadJson, FindsDoubledMembersAtAnyDepth) {
  EXPECT_EQ(faults_of<Leaf>(R"({"name":"a","stars":1,"n\u0061me":"b"})"),
            (std::set<std::string>{"/name duplicate"}));
  EXPECT_EQ(faults_of<Json>(R"({"a":[1,[0,2],{"b":{"c":1,"d":2,"c":3,"c":4}}],"e":0})"),
            (std::set<std::string>{"/a/2/b/c duplicate"}));
}

TEST(ReadJson, RefusesWhatIsNotJson) {
  const std::string_view texts[] = {
      "", "{", "{\"a\":1,}", "{\"name\":\"a\",\"stars\":1} x", "nul", "01", "{'a':1}",
      "\"\xFF\"", "\"\\ud800\"", "/**/{}", "[1,]", "NaN", "\xEF\xBB\xBF{}"};
  for (const std::string_view text : texts) {
    Leaf leaf;
    const Result<void> read = read_json(text, type_of<Leaf>(), &leaf);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "bad_json") << text;
  }
}

TEST(ReadJson, DepthEndsAt32) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(from_json<Json>(nested(32)));
  EXPECT_EQ(faults_of<Json>(nested(33)), (std::set<std::string>{" too_deep"}));
  EXPECT_EQ(faults_of<Json>(nested(100'000)), (std::set<std::string>{" too_deep"}));
}

TEST(ReadJson, WholeNumbers) {
  EXPECT_EQ(from_json<std::int64_t>("9223372036854775807").value(), INT64_MAX);
  EXPECT_EQ(from_json<std::int64_t>("1e3").value(), 1000);
  EXPECT_EQ(from_json<std::int64_t>("2.0").value(), 2);
  EXPECT_FALSE(from_json<std::int64_t>("9223372036854775808"));
  EXPECT_FALSE(from_json<std::int64_t>("1e30"));
  EXPECT_FALSE(from_json<std::int64_t>("1.5"));
  EXPECT_FALSE(from_json<double>("1e999"));
  EXPECT_FALSE(from_json<ModelId>("0"));
  EXPECT_FALSE(from_json<ModelId>("2147483648"));
}

struct Change {
  std::optional<std::int64_t> plain;
  std::optional<Nullable<std::int64_t>> clears;
};
BOOST_DESCRIBE_STRUCT(Change, (), (plain, clears))

TEST(ReadJson, AbsentAndNull) {
  const Change absent = from_json<Change>("{}").value();
  EXPECT_FALSE(absent.plain);
  EXPECT_FALSE(absent.clears);
  const Change null = from_json<Change>(R"({"plain":null,"clears":null})").value();
  EXPECT_FALSE(null.plain);
  ASSERT_TRUE(null.clears);
  EXPECT_FALSE(null.clears->value);
}

TEST(ReadJson, StoredValuesKeepDefaultsOfNewMembers) {
  const Settings settings = from_stored_json<Settings>(R"({"open":false,"gone":1})").value();
  EXPECT_EQ(settings.size, 7);
  EXPECT_FALSE(settings.open);
  EXPECT_FALSE(from_json<Settings>(R"({"open":false})"));
}

TEST(ReadJson, PassedThroughJsonIsCompactAndBounded) {
  EXPECT_EQ(from_json<Json>(" { \"a\" : [ 1 , 4.87 , \"é\" , true , null ] } ")->value,
            R"({"a":[1,4.87,"é",true,null]})");
  EXPECT_TRUE(from_json<Json>("\"" + std::string(65534, 'x') + "\""));
  EXPECT_EQ(faults_of<Json>("\"" + std::string(65535, 'x') + "\""),
            (std::set<std::string>{" too_long"}));
}

TEST(ReadJson, ListsAreCountedBeforeTheyAreMade) {
  EXPECT_EQ((faults_of<List<std::string, 3>>(R"(["a","b","c","d"])")),
            (std::set<std::string>{" too_many"}));
}

std::string any_text() {
  std::string text;
  for (const auto code : *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::element<
           std::uint32_t>('a', '"', '\\', '\n', 1, 0x7F, 0xE9, 0x20AC, 0xFFFD, 0x1F600))) {
    if (code < 0x80) text += static_cast<char>(code);
    else if (code < 0x800) text += {char(0xC0 | code >> 6), char(0x80 | (code & 63))};
    else if (code < 0x10000)
      text += {char(0xE0 | code >> 12), char(0x80 | (code >> 6 & 63)), char(0x80 | (code & 63))};
    else
      text += {char(0xF0 | code >> 18), char(0x80 | (code >> 12 & 63)),
               char(0x80 | (code >> 6 & 63)), char(0x80 | (code & 63))};
  }
  return text;
}

TEST(Json, WhatIsWrittenIsReadBackTheSame) {
  EXPECT_TRUE(rc::check([] {
    Tree tree;
    tree.flag = *rc::gen::arbitrary<bool>();
    tree.whole = *rc::gen::arbitrary<std::int64_t>();
    tree.real = *rc::gen::arbitrary<double>();
    tree.text = any_text();
    tree.at.value = *rc::gen::inRange<Millis>(0, 4'000'000'000'000);
    tree.colour = *rc::gen::element(Colour::red, Colour::green, Colour::deepBlue);
    if (*rc::gen::arbitrary<bool>()) tree.maybe = *rc::gen::arbitrary<std::int64_t>();
    if (*rc::gen::arbitrary<bool>()) tree.nullable.value = any_text();
    if (*rc::gen::arbitrary<bool>()) tree.change.emplace();
    tree.leaves.resize(*rc::gen::inRange<std::size_t>(0, 4), Leaf{{"é"}, {2}});
    tree.words.value.resize(*rc::gen::inRange<std::size_t>(0, 4), any_text());
    tree.any.value = to_json(tree.words.value);
    RC_PRE(std::isfinite(tree.real));
    const std::string text = to_json(tree);
    const Result<Tree> read = from_json<Tree>(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->real == tree.real);
    RC_ASSERT(to_json(*read) == text);
  }));
}

TEST(Json, AnyBytesEitherReadOrFault) {
  EXPECT_TRUE(rc::check([](const std::vector<unsigned char>& bytes) {
    const std::string text(bytes.begin(), bytes.end());
    const Result<Json> read = from_json<Json>(text);
    if (read) RC_ASSERT(from_json<Json>(read->value)->value == read->value);
    else RC_ASSERT(read.error().fault == Fault::invalid);
    const bool has_nul = text.find('\0') != text.npos;
    RC_ASSERT(from_json<std::string>(json_string(text)).has_value() != has_nul);
  }));
}

}  // namespace
}  // namespace atelier::schema
