#include "platform/dispatcher_fixture.hpp"
#include "tests/support/matrix.hpp"

namespace atelier::platform {
namespace {

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& each : all) text += each + "\n";
  return text;
}

TEST(Matrix, EveryRefusalOfTheTestRows) {
  const schema::Routes rows = test_routes();
  Stage stage{rows};
  const std::vector<test::NegativeCase> cases = test::negative_cases(rows);
  EXPECT_GT(cases.size(), 3 * rows.all.size());
  EXPECT_EQ(lines(test::holes(rows, cases)), "");
  EXPECT_EQ(lines(test::run_cases(stage, cases)), "");
}

TEST(Matrix, FindsARowThatIsOpenByMistake) {
  const schema::Routes promised = test_routes();
  schema::Routes served = test_routes();
  for (schema::Endpoint& row : served.all)
    if (row.row.id == "countThings") row.row = Row{.path = row.row.path, .id = row.row.id,
                                                   .summary = "x", .access = Access::anyone,
                                                   .scope = Scope::open};
  Stage stage{served};
  const auto failed = test::run_cases(stage, test::negative_cases(promised));
  EXPECT_NE(lines(failed).find("countThings login"), std::string::npos);
  EXPECT_NE(lines(failed).find("countThings role"), std::string::npos);
  EXPECT_NE(lines(failed).find("countThings scope"), std::string::npos);
}

TEST(Matrix, NoticesWhatNoCaseCovers) {
  const schema::Routes rows = test_routes();
  std::vector<test::NegativeCase> cases = test::negative_cases(rows);
  std::erase_if(cases, [](const auto& each) { return each.pointer == "/name"; });
  EXPECT_EQ(lines(test::holes(rows, cases)), "makeThing /name\nrenameThing /name\n");
}

}  // namespace
}  // namespace atelier::platform
