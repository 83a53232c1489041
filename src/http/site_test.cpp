#include "http/site.hpp"

#include "http/server_fixture.hpp"

namespace atelier::http::testing {
namespace {

class SiteTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    dispatcher.table.all.push_back(
        {Method::get, {.path = "/feeds/{name}", .id = "feed", .summary = "A feed."}});
    dispatcher.answers["/feeds/new"] = [](Request, auto done) { done(text("feed")); };
    options.site = std::make_shared<const Site>(std::vector<Asset>{
        {"/index.html", "<!doctype html>page"},
        {"/index.html.br", "page-br"},
        {"/index.html.gz", "page-gz"},
        {"/favicon.svg", "<svg/>"},
        {"/assets/index-DMxpcXhK.js", "script"},
        {"/assets/index-DMxpcXhK.js.gz", "script-gz"},
        {"/assets/orphan.js.gz", "no plain file"},
    });
  }
};

const std::string html = "Accept: text/html,application/xhtml+xml\r\n";

TEST_F(SiteTest, AnyPageIsTheOnePage) {
  start();
  Client client(port());
  for (const std::string path : {"/", "/models/12/some-name", "/a.b", "/apiary"}) {
    const Reply reply = client.get(path, html);
    EXPECT_EQ(reply.body, "<!doctype html>page") << path;
    EXPECT_EQ(reply.header("cache-control"), "no-cache");
    EXPECT_EQ(reply.header("content-type"), "text/html; charset=utf-8");
  }
  EXPECT_EQ(client.get("/somewhere").body, "<!doctype html>page");
}

TEST_F(SiteTest, EndpointsAndTheirNeighboursAreNotPages) {
  start();
  Client client(port());
  EXPECT_EQ(client.get("/feeds/new", html).body, "feed");
  for (const std::string path : {"/api", "/api/v2/none", "/files/none", "/assets/none-12345678.js",
                                 "/missing.png", "/assets/orphan.js"})
    EXPECT_EQ(client.get(path, path[1] == 'm' ? "Accept: image/*\r\n" : html).status, 404) << path;
  client.send("POST /somewhere HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + html + "\r\n");
  EXPECT_EQ(client.reply().status, 404);
}

TEST_F(SiteTest, AssetsLastAndComeEncoded) {
  start();
  Client client(port());
  const Reply plain = client.get("/assets/index-DMxpcXhK.js");
  EXPECT_EQ(plain.body, "script");
  EXPECT_EQ(plain.header("cache-control"), "public, max-age=31536000, immutable");
  const Reply gzip = client.get("/assets/index-DMxpcXhK.js", "Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(gzip.body, "script-gz");
  EXPECT_EQ(gzip.header("content-encoding"), "gzip");
  EXPECT_EQ(gzip.header("vary"), "accept-encoding");
  EXPECT_NE(gzip.header("etag"), plain.header("etag"));
  EXPECT_EQ(client.get("/", html + "Accept-Encoding: gzip, br;q=0.1\r\n").body, "page-br");
  EXPECT_EQ(client.get("/", html + "Accept-Encoding: br;q=0, *\r\n").body, "page-gz");
  EXPECT_EQ(client.get("/", html + "Accept-Encoding: identity\r\n").body, "<!doctype html>page");
  EXPECT_EQ(client.get("/favicon.svg").header("cache-control"), "no-cache");
}

TEST_F(SiteTest, WhatTheClientHasIsNotSentAgain) {
  start();
  Client client(port());
  const std::string etag = client.get("/favicon.svg").header("etag");
  for (const std::string& field : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    const Reply reply = client.get("/favicon.svg", "If-None-Match: " + field + "\r\n");
    EXPECT_EQ(reply.status, 304) << field;
    EXPECT_EQ(reply.header("etag"), etag);
  }
  EXPECT_EQ(client.get("/favicon.svg", "If-None-Match: \"x\"\r\n").body, "<svg/>");
}

TEST(EmbeddedSite, HasAPageInAnyBuild) {
  Request request;
  request.path = "/";
  const std::optional<Response> page = Site::embedded()->answer(request);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_TRUE(std::get<SharedBytes>(page->body)->starts_with("<!doctype html>"));
}

}  // namespace
}  // namespace atelier::http::testing
