#include "platform/router.hpp"

#include <gtest/gtest.h>

#include "platform/trace.hpp"

namespace atelier::platform {
namespace {

using http::Method;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    EXPECT_TRUE(router.add(Method::get, "/models", 0));
    EXPECT_TRUE(router.add(Method::post, "/models", 1));
    EXPECT_TRUE(router.add(Method::get, "/models/{id}", 2));
    EXPECT_TRUE(router.add(Method::get, "/models/newest", 3));
    EXPECT_TRUE(router.add(Method::get, "/models/{model}/versions/{version}", 4));
    EXPECT_TRUE(router.add(Method::get, "/models/newest/feed", 5));
    EXPECT_TRUE(router.add(Method::get, "/files/{path...}", 6));
    EXPECT_TRUE(router.add(Method::head, "/files/{path...}", 7));
    EXPECT_TRUE(router.add(Method::get, "/", 8));
  }
  int row(std::string_view path, Method method = Method::get) {
    return router.match(method, path).row;
  }
  Router router;
};

TEST_F(RouterTest, WordsBeatNamesBeatTheRest) {
  EXPECT_EQ(row("/"), 8);
  EXPECT_EQ(row("/models"), 0);
  EXPECT_EQ(row("/models", Method::post), 1);
  EXPECT_EQ(row("/models/7"), 2);
  EXPECT_EQ(row("/models/newest"), 3);
  EXPECT_EQ(row("/models/newest/feed"), 5);
  EXPECT_EQ(row("/models/newest/versions/1"), 4);
  EXPECT_EQ(row("/files/a/b/c"), 6);
  EXPECT_EQ(row("/files/a", Method::head), 7);
  EXPECT_EQ(row("/models/7", Method::head), 2);
}

TEST_F(RouterTest, WhatIsNotThere) {
  for (const char* path : {"", "models", "//", "/models/", "/models//versions/1", "/models/1/2",
                           "/files/", "/files", "/other", "/models/1/versions/2/3"})
    EXPECT_EQ(row(path), Router::none) << path;
  EXPECT_FALSE(router.match(Method::get, "/models/").found());
}

TEST_F(RouterTest, GivesTheValuesOfNames) {
  const Router::Match match = router.match(Method::get, "/models/12/versions/a%20b");
  ASSERT_EQ(match.names.size(), 2u);
  EXPECT_EQ(match.names[0], (std::pair<std::string_view, std::string_view>{"model", "12"}));
  EXPECT_EQ(match.names[1], (std::pair<std::string_view, std::string_view>{"version", "a%20b"}));
  EXPECT_EQ(router.match(Method::get, "/files/x/y").names[0].second, "x/y");
}

TEST_F(RouterTest, SaysWhatIsAllowed) {
  EXPECT_EQ(Router::allow(router.match(Method::del, "/models")), "GET, HEAD, POST, OPTIONS");
  EXPECT_TRUE(router.match(Method::del, "/models").found());
}

TEST_F(RouterTest, RefusesTheSamePathTwice) {
  EXPECT_FALSE(router.add(Method::get, "/models/{other}", 9));
  EXPECT_FALSE(router.add(Method::get, "/files/{path...}/more", 9));
  EXPECT_FALSE(router.add(Method::get, "/models/{}", 9));
}

TEST(TraceTest, ContinuesOrBegins) {
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const auto trace_of = [](const std::string& header) { return begin_span(header).trace_id; };
  EXPECT_EQ(trace_of("00-" + id + "-00f067aa0ba902b7-01"), id);
  EXPECT_EQ(trace_of("01-" + id + "-00f067aa0ba902b7-01-more"), id);
  EXPECT_FALSE(begin_span("00-" + id + "-00f067aa0ba902b7-00").sampled);
  for (const std::string& bad :
       {std::string(), "00-" + id + "-00f067aa0ba902b7", "00-" + id + "-00f067aa0ba902b7-01-more",
        "ff-" + id + "-00f067aa0ba902b7-01", "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01",
        "00-" + id + "-0000000000000000-01",
        std::string("00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")}) {
    EXPECT_NE(trace_of(bad), id) << bad;
    EXPECT_EQ(trace_of(bad).size(), 32u);
  }
  const Trace trace = begin_span("");
  EXPECT_EQ(trace.traceparent(), "00-" + trace.trace_id + "-" + trace.span_id + "-01");
}

}  // namespace
}  // namespace atelier::platform
