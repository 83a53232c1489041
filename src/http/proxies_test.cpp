#include "http/proxies.hpp"

#include <gtest/gtest.h>

namespace atelier::http {
namespace {

TEST(Proxies, KnowsNetworks) {
  const Result<Proxies> parsed =
      Proxies::parse({"10.0.0.0/8", "192.0.2.128/25", "2001:db8::/33", "::1", "127.0.0.1"});
  ASSERT_TRUE(parsed);
  for (const char* trusted : {"10.255.1.2", "192.0.2.128", "192.0.2.255", "2001:db8:7fff::1",
                              "::1", "127.0.0.1", "::ffff:10.0.0.1"})
    EXPECT_TRUE(parsed->trusts(trusted)) << trusted;
  for (const char* stranger : {"11.0.0.1", "192.0.2.127", "2001:db8:8000::1", "::2", "127.0.0.2",
                               "", "10.0.0", "nonsense"})
    EXPECT_FALSE(parsed->trusts(stranger)) << stranger;
  EXPECT_TRUE(Proxies::parse({"0.0.0.0/0"})->trusts("1.2.3.4"));
  EXPECT_FALSE(Proxies::parse({"0.0.0.0/0"})->trusts("2001:db8::1"));
}

TEST(Proxies, RefusesWhatIsNoNetwork) {
  for (const char* bad : {"", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "host", "1.2.3"})
    EXPECT_FALSE(Proxies::parse({bad})) << bad;
}

struct Case {
  const char* direct;
  const char* forwarded;
  const char* peer;
};

TEST(Proxies, TakesTheRightmostStranger) {
  const Result<Proxies> proxies = Proxies::parse({"10.0.0.0/8"});
  ASSERT_TRUE(proxies);
  const Case cases[] = {
      {"1.1.1.1", "2.2.2.2", "1.1.1.1"},
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "2.2.2.2", "2.2.2.2"},
      {"10.0.0.1", "9.9.9.9, 2.2.2.2", "2.2.2.2"},
      {"10.0.0.1", "2.2.2.2, 10.0.0.2,10.0.0.3", "2.2.2.2"},
      {"10.0.0.1", "10.0.0.9", "10.0.0.9"},
      {"10.0.0.1", "2.2.2.2, <script>", "10.0.0.1"},
      {"10.0.0.1", ", ,", "10.0.0.1"},
      {"10.0.0.1", "2001:db8::7", "2001:db8::7"},
  };
  for (const Case& each : cases) {
    Head head;
    head.host = "a.test";
    head.forwarded_for = each.forwarded;
    proxies->locate(head, each.direct, false, {});
    EXPECT_EQ(head.request.peer, each.peer) << each.forwarded;
  }
}

TEST(Proxies, OriginsComeFromTheNearestProxyOrAreFixed) {
  const Result<Proxies> proxies = Proxies::parse({"10.0.0.0/8"});
  ASSERT_TRUE(proxies);
  Head head;
  head.host = "inner:8080";
  head.forwarded_proto = "http, https";
  head.forwarded_host = "evil.test, public.test";
  proxies->locate(head, "10.0.0.1", false, {});
  EXPECT_EQ(head.request.origin, "https://public.test");
  proxies->locate(head, "11.0.0.1", true, {});
  EXPECT_EQ(head.request.origin, "https://inner:8080");
  proxies->locate(head, "10.0.0.1", false, "https://known.test");
  EXPECT_EQ(head.request.origin, "https://known.test");
  head.forwarded_host = "bad/host";
  head.forwarded_proto = "javascript";
  proxies->locate(head, "10.0.0.1", false, {});
  EXPECT_EQ(head.request.origin, "http://inner:8080");
}

}  // namespace
}  // namespace atelier::http
