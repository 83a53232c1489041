#include "platform/sql_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace atelier::platform {
namespace {

/// Code in capitals C…, quoted Q…, comments K….
std::string marked(std::string_view text) {
  std::string out;
  std::string joined;
  for (const SqlPiece& piece : sql_pieces(text)) {
    out += "CQK"[static_cast<int>(piece.kind)];
    out += "<" + std::string(piece.text) + ">";
    joined += piece.text;
  }
  EXPECT_EQ(joined, text);
  return out;
}

TEST(SqlText, tells_code_from_quotes_and_comments) {
  EXPECT_EQ(marked(""), "");
  EXPECT_EQ(marked("SELECT '?1' || ?1"), "C<SELECT >Q<'?1'>C< || ?1>");
  EXPECT_EQ(marked("'it''s' x"), "Q<'it'>Q<'s'>C< x>");
  EXPECT_EQ(marked("a \"?2\" b"), "C<a >Q<\"?2\">C< b>");
  EXPECT_EQ(marked("a -- ?1 '\nb"), "C<a >K<-- ?1 '\n>C<b>");
  EXPECT_EQ(marked("a /* ' */ b"), "C<a >K</* ' */>C< b>");
  EXPECT_EQ(marked("a - -b"), "C<a - -b>");
}

TEST(SqlText, knows_dollar_quotes_but_not_placeholders) {
  EXPECT_EQ(marked("DO $$ ?1 $$;"), "C<DO >Q<$$ ?1 $$>C<;>");
  EXPECT_EQ(marked("$a$ $b$ $a$x"), "Q<$a$ $b$ $a$>C<x>");
  EXPECT_EQ(marked("$1 + $2"), "C<$1 + $2>");
  EXPECT_EQ(marked("a$b$c"), "C<a$b$c>");
}

TEST(SqlText, ends_at_the_end_when_nothing_else_does) {
  EXPECT_EQ(marked("a 'open"), "C<a >Q<'open>");
  EXPECT_EQ(marked("/*"), "K</*>");
  EXPECT_EQ(marked("$"), "C<$>");
  EXPECT_EQ(marked("$x$"), "Q<$x$>");
}

}  // namespace
}  // namespace atelier::platform
