#include "http/head.hpp"

#include <gtest/gtest.h>

namespace atelier::http {
namespace {

ParsedHead parse(const std::string& bytes, Head& head) { return parse_head(bytes, {}, head); }

TEST(ParseHead, ReadsWhatARequestSays) {
  const std::string bytes =
      "\r\nPOST /a%2Fb?q=1&r=%20 HTTP/1.1\r\nHost: a.test:8080\r\nContent-Length: 12\r\n"
      "COOKIE:  x=y \r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n\r\nbody";
  Head head;
  const ParsedHead parsed = parse(bytes, head);
  ASSERT_EQ(parsed.state, ParsedHead::complete);
  EXPECT_EQ(parsed.used, bytes.size() - 4);
  EXPECT_EQ(head.request.method, Method::post);
  EXPECT_EQ(head.request.path, "/a%2Fb");
  EXPECT_EQ(head.request.query, "q=1&r=%20");
  EXPECT_EQ(head.request.headers.find("cookie"), "x=y");
  EXPECT_FALSE(head.request.headers.has("x-forwarded-for"));
  EXPECT_FALSE(head.request.headers.has("forwarded"));
  EXPECT_EQ(head.forwarded_for, "1.2.3.4");
  EXPECT_EQ(head.host, "a.test:8080");
  EXPECT_EQ(head.content_length, 12);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.upgrade);
}

TEST(ParseHead, EveryPrefixAsksForMore) {
  const std::string bytes = "\r\nGET /x HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
  Head head;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(parse(bytes.substr(0, size), head).state, ParsedHead::more) << size;
  EXPECT_EQ(parse(bytes, head).state, ParsedHead::complete);
}

TEST(ParseHead, KnowsTargetsInEveryForm) {
  Head head;
  ASSERT_EQ(parse("GET http://b.test/p?q HTTP/1.1\r\nHost: a\r\n\r\n", head).state,
            ParsedHead::complete);
  EXPECT_EQ(head.host, "b.test");
  EXPECT_EQ(head.request.path, "/p");
  EXPECT_EQ(head.request.query, "q");
  ASSERT_EQ(parse("GET HTTP://b.test HTTP/1.1\r\nHost: a\r\n\r\n", head).state,
            ParsedHead::complete);
  EXPECT_EQ(head.request.path, "/");
  ASSERT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", head).state, ParsedHead::complete);
  EXPECT_EQ(head.request.path, "*");
}

struct Refused {
  const char* what;
  int status;
  std::string bytes;
};

TEST(ParseHead, RefusesWhatTwoParsersCouldReadDifferently) {
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::vector<Refused> cases = {
      {"length and chunks", 400,
       post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"chunks and length", 400,
       post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"},
      {"two lengths", 400, post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n"},
      {"the same length twice", 400, post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n"},
      {"a list of lengths", 400, post + "Content-Length: 4, 4\r\n\r\n"},
      {"a signed length", 400, post + "Content-Length: +4\r\n\r\n"},
      {"a negative length", 400, post + "Content-Length: -4\r\n\r\n"},
      {"a hexadecimal length", 400, post + "Content-Length: 0x4\r\n\r\n"},
      {"a huge length", 400, post + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"an empty length", 400, post + "Content-Length:\r\n\r\n"},
      {"a length with a space inside", 400, post + "Content-Length: 4 4\r\n\r\n"},
      {"an unknown coding", 501, post + "Transfer-Encoding: xchunked\r\n\r\n"},
      {"stacked codings", 501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
      {"chunked twice", 400,
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"identity behind chunked", 400,
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"},
      {"a coding with a control byte", 400, post + "Transfer-Encoding: \x0b" "chunked\r\n\r\n"},
      {"chunks in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"a folded line", 400, get + "X: a\r\n b\r\n\r\n"},
      {"a folded first field", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
      {"bare LF between fields", 400, get + "X: a\nY: b\r\n\r\n"},
      {"bare LF only", 400, "GET / HTTP/1.1\nHost: a\n\n"},
      {"bare CR in a value", 400, get + "X: a\rb\r\n\r\n"},
      {"NUL in a value", 400, get + std::string("X: a\0b\r\n\r\n", 10)},
      {"a space before the colon", 400, get + "Content-Length : 4\r\n\r\n"},
      {"a field without a name", 400, get + ": x\r\n\r\n"},
      {"a field without a colon", 400, get + "nonsense\r\n\r\n"},
      {"two hosts", 400, get + "Host: b\r\n\r\n"},
      {"no host", 400, "GET / HTTP/1.1\r\n\r\n"},
      {"a host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"a host with user", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
      {"an authority with user", 400, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"an unknown method", 501, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a tunnel", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a method in lower case", 501, "get / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/2", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
      {"a version that is none", 505, "GET / HTTQ/1.1\r\nHost: a\r\n\r\n"},
      {"no version", 400, "GET /\r\nHost: a\r\n\r\n"},
      {"two spaces", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a control byte in the target", 400, "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a fragment", 400, "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a relative target", 400, "GET x HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"another expectation", 417, get + "Expect: 200-ok\r\n\r\n"},
      {"TLS on a plain port", 400, "\x16\x03\x01"},
      {"a long target", 414, "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a long target without end", 414, "GET /" + std::string(9000, 'x')},
      {"long fields", 431, get + "X: " + std::string(17000, 'x') + "\r\n\r\n"},
      {"long fields without end", 431, get + "X: " + std::string(17000, 'x')},
      {"many fields", 431,
       [&] {
         std::string many = get;
         for (int i = 0; i < 120; ++i) many += "X: y\r\n";
         return many + "\r\n";
       }()},
  };
  for (const Refused& each : cases) {
    Head head;
    const ParsedHead parsed = parse(each.bytes, head);
    EXPECT_EQ(parsed.state, ParsedHead::refused) << each.what;
    EXPECT_EQ(parsed.refusal.status, each.status) << each.what;
  }
}

}  // namespace
}  // namespace atelier::http
