#include "platform/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace atelier::platform {
namespace {

TEST(Metrics, PrintsSeriesOfOneNameTogetherUnderOneType) {
  Metrics metrics;
  metrics.add("requests_total", R"(route="b")");
  metrics.add("other_total");
  metrics.add("requests_total", R"(route="a")", 2);
  metrics.add("requests_total", R"(route="b")", 0.5);
  EXPECT_EQ(metrics.text(),
            "# TYPE other_total counter\nother_total 1\n"
            "# TYPE requests_total counter\n"
            "requests_total{route=\"a\"} 2\nrequests_total{route=\"b\"} 1.5\n");
}

TEST(Metrics, HistogramBucketsAreCumulativeAndBoundsBelongToThem) {
  Metrics metrics;
  metrics.observe("wait_seconds", R"(kind="x")", 0.005);
  metrics.observe("wait_seconds", R"(kind="x")", 0.3);
  metrics.observe("wait_seconds", R"(kind="x")", 99);
  const std::string text = metrics.text();
  EXPECT_NE(text.find("wait_seconds_bucket{kind=\"x\",le=\"0.005\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("wait_seconds_bucket{kind=\"x\",le=\"0.5\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("wait_seconds_bucket{kind=\"x\",le=\"10\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("wait_seconds_bucket{kind=\"x\",le=\"+Inf\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("wait_seconds_count{kind=\"x\"} 3\n"), std::string::npos);
}

TEST(Metrics, GaugesAreAskedAtEachScrapeAndCanBeReplaced) {
  Metrics metrics;
  double value = 1;
  metrics.gauge("depth", {}, [&] { return value; });
  value = 7;
  EXPECT_EQ(metrics.text(), "# TYPE depth gauge\ndepth 7\n");
  metrics.gauge("depth", {}, [] { return 9.0; });
  EXPECT_EQ(metrics.text(), "# TYPE depth gauge\ndepth 9\n");
}

TEST(Metrics, LosesNothingUnderThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) metrics.add("n_total", n % 2 == 0 ? "a=\"1\"" : "a=\"2\"");
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.text(),
            "# TYPE n_total counter\nn_total{a=\"1\"} 20000\nn_total{a=\"2\"} 20000\n");
}

}  // namespace
}  // namespace atelier::platform
