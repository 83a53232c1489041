#include "tests/support/matrix.hpp"

#include <gtest/gtest.h>

#include "app/features.hpp"
#include "tests/support/stage.hpp"

namespace atelier::app {
namespace {

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& each : all) text += each + "\n";
  return text;
}

// Every refusal that the rows of all features promise, sent to them. None may reach a function.
TEST(Matrix, EveryRowRefusesWhatItPromises) {
  schema::Routes rows;
  for (const platform::Feature& feature : features())
    if (feature.routes != nullptr) feature.routes(rows);
  const std::vector<test::NegativeCase> cases = test::negative_cases(rows);
  EXPECT_GT(cases.size(), 5 * rows.all.size());
  RecordProperty("cases", static_cast<int>(cases.size()));
  EXPECT_EQ(lines(test::holes(rows, cases)), "");
  test::Stage stage{rows};
  EXPECT_EQ(lines(test::run_cases(stage, cases)), "");
}

}  // namespace
}  // namespace atelier::app
