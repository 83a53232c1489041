#include <gtest/gtest.h>

#include <set>

#include "schema/json.hpp"
#include "schema/problem.hpp"

namespace atelier::schema {
namespace {

enum class Sort : unsigned char { newest, oldest };
BOOST_DESCRIBE_ENUM(Sort, newest, oldest)

struct Find {
  ModelId id;
  std::optional<Whole<1, 100>> limit;
  std::optional<bool> open;
  std::optional<Sort> sort;
  std::vector<std::string> types;
  std::optional<Text<0, 3>> query;
};
BOOST_DESCRIBE_STRUCT(Find, (), (id, limit, open, sort, types, query))

std::set<std::string> faults(const Result<void>& result) {
  std::set<std::string> all;
  if (result) return all;
  if (result.error().fields.empty()) all.insert(result.error().code);
  for (const FieldFault& field : result.error().fields) all.insert(field.path + " " + field.code);
  return all;
}

std::set<std::string> read(std::string_view query, bool strict, Find& find) {
  const Result<std::vector<Parameter>> parameters = parse_query(query);
  if (!parameters) return {parameters.error().code};
  return faults(read_parameters(*parameters, type_of<Find>(), &find, strict));
}

using Set = std::set<std::string>;

TEST(Parameters, FillMembersByName) {
  Find find;
  EXPECT_EQ(read("id=7&limit=20&open=1&sort=oldest&types=a,b&types=c+d&query=%C3%A4", true, find),
            Set{});
  EXPECT_EQ(find.id.value, 7);
  EXPECT_EQ(find.limit->value, 20);
  EXPECT_TRUE(*find.open);
  EXPECT_EQ(*find.sort, Sort::oldest);
  EXPECT_EQ(find.types, (std::vector<std::string>{"a", "b", "c d"}));
  EXPECT_EQ(find.query->value, "ä");
}

TEST(Parameters, StrictReportsAllFaults) {
  Find find;
  EXPECT_EQ(read("limit=0&limit=1&open=yes&sort=x&query=abcd&other=1", true, find),
            (Set{"/id required", "/limit duplicate", "/open wrong_kind", "/sort unknown_value",
                 "/query too_long", "/other unknown"}));
  EXPECT_EQ(read("id=1&limit=", true, find), Set{"/limit wrong_kind"});
  EXPECT_EQ(read("id=1&limit=101", true, find), Set{"/limit out_of_range"});
  EXPECT_EQ(read("id=0x1", true, find), Set{"/id wrong_kind"});
}

TEST(Parameters, LenientPassesOverWhatItDoesNotKnow) {
  Find find;
  EXPECT_EQ(read("id=1&other=1&limit=&limit=5&types[]=x&query=&token=1", false, find), Set{});
  EXPECT_EQ(find.limit->value, 5);
  EXPECT_EQ(find.types, std::vector<std::string>{"x"});
  EXPECT_FALSE(find.query);
  EXPECT_EQ(read("id=1&limit=x", false, find), Set{"/limit wrong_kind"});
}

TEST(Parameters, BadEscapes) {
  Find find;
  EXPECT_EQ(read("id=%", true, find), Set{"bad_query"});
  EXPECT_EQ(read("id=1&query=%FF", true, find), Set{"bad_query"});
  EXPECT_EQ(read("id=1&query=%00", true, find), Set{"bad_query"});
}

struct Rename {
  ModelId id;
  Text<1, 5> name;
};
BOOST_DESCRIBE_STRUCT(Rename, (), (id, name))

Set request(const std::vector<Parameter>& path, std::string_view body) {
  Rename rename;
  return faults(read_request(path, body, type_of<Rename>(), &rename));
}

TEST(Request, PathAndBodyTogether) {
  Rename rename;
  ASSERT_TRUE(read_request({{"id", "3"}}, R"({"name":"x"})", type_of<Rename>(), &rename));
  EXPECT_EQ(rename.id.value, 3);
  EXPECT_EQ(rename.name.value, "x");
  EXPECT_EQ(request({{"id", "x"}}, R"({"name":"","id":4})"),
            (Set{"/id wrong_kind", "/id duplicate", "/name too_short"}));
  EXPECT_EQ(request({{"id", "1"}}, ""), Set{"/name required"});
  EXPECT_EQ(request({{"id", "1"}}, "{"), Set{"bad_json"});
}

std::string body_of(const http::Response& response) {
  return std::get<std::string>(response.body);
}

TEST(Problem, NativeShape) {
  Error error{Fault::invalid, "invalid_request", "1 field is wrong", {{"/a", "required", "x"}}, 0};
  const http::Response response = problem(error, "r1");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(body_of(response),
            R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
            R"("detail":"1 field is wrong","code":"invalid_request",)"
            R"("errors":[{"path":"/a","code":"required","detail":"x"}],"requestId":"r1"})");
  error = {Fault::limited, "throttled", "slow down", {}, 9};
  EXPECT_EQ(problem(error, "").headers.find("retry-after"), "9");
  EXPECT_EQ(problem({Fault::invalid, "too_large", "", {}, 0}, "").status, 413);
}

TEST(Problem, CivitaiShape) {
  const Error error{Fault::invalid, "invalid_request", "1 field is wrong", {{"/a", "c", "x"}}, 0};
  const http::Response response = civitai_problem(error);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(body_of(response),
            R"({"error":"1 field is wrong; /a x","message":"1 field is wrong; /a x"})");
}

}  // namespace
}  // namespace atelier::schema
