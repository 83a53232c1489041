#include "features/markdown/markdown.hpp"

#include <gtest/gtest.h>

namespace atelier::markdown {
namespace {

TEST(Markdown, keeps_what_people_write) {
  EXPECT_EQ(to_html("**bold** and `code`"),
            "<p><strong>bold</strong> and <code>code</code></p>\n");
  EXPECT_EQ(to_html("[a](https://example.org/x?y=1&z=2)"),
            "<p><a href=\"https://example.org/x?y=1&amp;z=2\" rel=\"nofollow ugc noopener\">a</a>"
            "</p>\n");
  EXPECT_NE(to_html("| a | b |\n|---|--:|\n| 1 | 2 |").find("<td align=\"right\">2</td>"),
            std::string::npos);
  EXPECT_NE(to_html("- [x] done").find("<input type=\"checkbox\" disabled checked>"),
            std::string::npos);
  EXPECT_EQ(to_text("<p>One <b>two</b></p><p>three</p>"), "One two three");
}

/// reliability.md §3.4 case 1: no spelling of a script survives.
TEST(Markdown, no_attack_survives) {
  for (const char* attack : {
           "<script>alert(1)</script>",
           "<img src=x onerror=alert(1)>",
           "<svg><style><img src=x onerror=alert(1)></style></svg>",
           "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
           "[x](javascript:alert(1))",
           "[x](java\tscript:alert(1))",
           "[x](&#106;avascript&colon;alert(1))",
           "[x]: javascript:alert(1)\n\n[x]",
           "<javascript:alert(1)>",
           "<a href=' javascript:alert(1)'>x</a>",
           "<a href='\x01javascript:alert(1)'>x</a>",
           "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
           "<a href='vbscript:x'>x</a>",
           "<iframe src=javascript:alert(1)></iframe>",
           "<object data=javascript:alert(1)></object>",
           "<form action=javascript:alert(1)><button>x</button></form>",
           "<base href=//evil.example>",
           "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
           "<div style='background:url(javascript:alert(1))'>x</div>",
           "<img src='//evil.example/pixel'>",
           "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
           "<template><script>alert(1)</script></template>",
           "<textarea><img src=x onerror=alert(1)></textarea>",
           "<p title='\"><script>alert(1)</script>'>x</p>",
       }) {
    const std::string html = to_html(attack);
    for (const char* word :
         {"<script", "onerror=\"", " onerror=alert(1)>", "href=\"java", "href=\" java",
          "href=\"data:", "vbscript:x\"", "<iframe", "<object", "<form", "<base", "<meta",
          "style=", "src=\"//", "<svg", "<math", "<style"}) {
      // Inside text the characters are harmless; what counts is a real tag or attribute.
      EXPECT_EQ(html.find(word), std::string::npos) << attack << " → " << html;
    }
  }
}

TEST(Markdown, is_stable_under_a_second_pass) {
  for (const char* text :
       {"a <b>b</b> <i>c", "<ul><li>x<li>y</ul>", "# h\n\n> q\n\n```js\nx<y\n```"}) {
    const std::string once = to_html(text);
    EXPECT_EQ(sanitize(once), once);
  }
}

TEST(Markdown, depth_is_bounded) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<b><div>";
  EXPECT_LT(sanitize(deep).size(), 10'000u);
}

}  // namespace
}  // namespace atelier::markdown
