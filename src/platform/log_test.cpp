#include "platform/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "schema/json.hpp"

namespace atelier::log {
namespace {

struct Line {
  schema::Time time;
  std::string level, event, text;
};
BOOST_DESCRIBE_STRUCT(Line, (), (time, level, event, text))

TEST(Log, AnEntryIsOneLineOfJsonWhateverIsInIt) {
  set_level("warning");
  testing::internal::CaptureStderr();
  info("not.seen");
  warning("test.event", {{"text", "two\nlines \"quoted\" \xff\x01"}});
  const std::string written = testing::internal::GetCapturedStderr();
  set_level("info");
  ASSERT_EQ(std::ranges::count(written, '\n'), 1);
  const auto line = schema::from_json<Line>(written.substr(0, written.size() - 1));
  ASSERT_TRUE(line) << written;
  EXPECT_EQ(line->level, "warning");
  EXPECT_EQ(line->event, "test.event");
  EXPECT_EQ(line->text, "two\nlines \"quoted\" \xEF\xBF\xBD\x01");
}

}  // namespace
}  // namespace atelier::log
