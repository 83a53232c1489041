#include "schema/openapi.hpp"

#include <gtest/gtest.h>

#include "schema/json.hpp"

namespace atelier::schema {
namespace {

enum class Mood : unsigned char { calm, merry };
BOOST_DESCRIBE_ENUM(Mood, calm, merry)
struct Part {
  Mood mood = Mood::calm;
  Nullable<Text<1, 5>> label;
};
BOOST_DESCRIBE_STRUCT(Part, (), (mood, label))
struct Machine {
  ModelId id;
  std::vector<Part> parts;
  std::optional<Time> at;
};
BOOST_DESCRIBE_STRUCT(Machine, (), (id, parts, at))
struct Change {
  ModelId id;
  Text<1, 5> name;
};
BOOST_DESCRIBE_STRUCT(Change, (), (id, name))
struct Find {
  Whole<1, 9> limit;
  std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(Find, (), (limit, tags))

namespace other {
struct Part {
  bool different = false;
};
BOOST_DESCRIBE_STRUCT(Part, (), (different))
}  // namespace other
namespace same {
struct Part {
  Mood mood = Mood::calm;
  Nullable<Text<1, 5>> label;
};
BOOST_DESCRIBE_STRUCT(Part, (), (mood, label))
}  // namespace same

template <class In, class Out>
Result<Out> nothing(Context&, const In&) {
  return Out{};
}

Row row(std::string_view path, std::string_view id, Access access = Access::anyone,
        Scope scope = Scope::open) {
  return {.path = path, .id = id, .summary = "About it", .access = access, .scope = scope};
}

Routes routes() {
  Routes all;
  bind(all, Method::get, row("/b", "find"), nothing<Find, std::vector<Machine>>);
  Row change = row("/a/{id}", "change", Access::member, Scope::models_write);
  change.creates = true;
  bind(all, Method::put, change, nothing<Change, Part>);
  bind(all, Method::del, row("/a/{id}", "drop", Access::member, Scope::account),
       nothing<Change, Nothing>);
  Row hidden = row("/c", "hidden");
  hidden.hidden = true;
  bind(all, Method::post, hidden, nothing<other::Part, Nothing>);
  return all;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(OpenApi, IsValidJsonInAStableOrder) {
  Routes all = routes();
  const std::string document = openapi(all);
  EXPECT_TRUE(from_json<Json>(document));
  std::reverse(all.all.begin(), all.all.end());
  EXPECT_EQ(openapi(all), document);
  EXPECT_LT(document.find("\"/a/{id}\""), document.find("\"/b\""));
  EXPECT_FALSE(has(document, "hidden"));
}

TEST(OpenApi, DescribesParametersBodiesRepliesAndWhoMay) {
  const std::string document = openapi(routes());
  EXPECT_TRUE(has(document, R"({"name":"limit","in":"query","required":true,"schema":)"
                            R"({"type":"integer","format":"int64","minimum":1,"maximum":9}})"));
  EXPECT_TRUE(has(document, R"({"name":"tags","in":"query","schema":{"type":"array")"));
  EXPECT_TRUE(has(document, R"({"name":"id","in":"path","required":true)"));
  EXPECT_TRUE(has(document, R"("requestBody":{"required":true,"content":{"application/json":)"
                            R"({"schema":{"type":"object","properties":{"name":{"type":"string",)"
                            R"("minLength":1,"maxLength":5}},"required":["name"]}}}})"));
  EXPECT_TRUE(has(document, R"("201":{"description":"Created")"));
  EXPECT_TRUE(has(document, R"("204":{"description":"Done"})"));
  EXPECT_TRUE(has(document, R"("name":"Idempotency-Key","in":"header")"));
  EXPECT_TRUE(has(document, R"("security":[{"session":[]},{"key":["models_write"]}])"));
  EXPECT_TRUE(has(document, R"("security":[{"session":[]}])"));
  EXPECT_TRUE(has(document, R"("security":[{},{"session":[]},{"key":[]}])"));
}

TEST(OpenApi, NamesStructsAndEnumsOnce) {
  const std::string document = openapi(routes());
  EXPECT_TRUE(has(document, R"("Mood":{"type":"string","enum":["calm","merry"]})"));
  EXPECT_TRUE(has(document, R"("Part":{"type":"object","properties":{"mood":{"$ref":)"
                            R"("#/components/schemas/Mood"},"label":{"anyOf":[{"type":"string",)"
                            R"("minLength":1,"maxLength":5},{"type":"null"}]}},)"
                            R"("required":["mood","label"]})"));
  EXPECT_TRUE(has(document, R"("required":["id","parts"])"));
}

TEST(OpenApi, OneNameForTwoThingsIsAnError) {
  EXPECT_TRUE(check_names(routes()));
  Routes clashing = routes();
  bind(clashing, Method::post, row("/d", "d"), nothing<other::Part, Nothing>);
  ASSERT_FALSE(check_names(clashing));
  EXPECT_TRUE(has(check_names(clashing).error().detail, "Part"));
  Routes alike = routes();
  bind(alike, Method::post, row("/d", "d"), nothing<same::Part, Nothing>);
  EXPECT_TRUE(check_names(alike));
}

TEST(PermissionMatrix, OneLineARow) {
  EXPECT_EQ(permission_matrix(routes()),
            "PUT\t/a/{id}\tchange\tmember\tmodels_write\twrite\n"
            "DELETE\t/a/{id}\tdrop\tmember\taccount\twrite\n"
            "GET\t/b\tfind\tanyone\topen\tread\n"
            "POST\t/c\thidden\tanyone\topen\twrite\n");
}

}  // namespace
}  // namespace atelier::schema
