// What a server cannot be made to do when asked: answers of a fake that lies, is slow, is dead. The
// engine on real servers: tests/contract/search.
#include "engines/elasticsearch/elasticsearch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "engines/elasticsearch/breaker.hpp"
#include "platform/log.hpp"
#include "tests/support/fake_http.hpp"

namespace atelier::engines::elasticsearch {
namespace {

using namespace ports::search;
using test::FakeHttp;

Schema schema() {
  Schema out;
  out.index = "models";
  out.fields = {{"name", FieldKind::text}, {"downloads", FieldKind::number}};
  out.dimensions = 2;
  return out;
}

const std::string mapping = R"({"atelier-models-1":{"mappings":{"_meta":{
  "version":1,"dimensions":2,"fields":[{"name":"name","kind":"text","weight":1,"isName":false},
  {"name":"downloads","kind":"number","weight":1,"isName":false}]}}}})";

/// Has the index "models" and nothing in it; says what it is told to on the paths that it is told.
class Liar {
 public:
  explicit Liar(std::string version = R"({"version":{"number":"7.10.2"}})")
      : http_([this](const FakeHttp::Asked& asked) { return answer(asked); }) {
    always("GET / ", std::move(version));
    always("GET /atelier-models/_mapping", mapping);
    always("POST /atelier-models/_mget", R"({"docs":[]})");
  }

  /// To every request that begins so.
  void always(const std::string& beginning, std::string body, std::string status = "200 OK",
              std::string headers = "") {
    const std::lock_guard held(lock_);
    replies_[beginning] = {FakeHttp::reply(body, status, headers)};
  }
  /// Byte for byte; one after another, the last again and again.
  void says(const std::string& beginning, std::vector<std::string> replies) {
    const std::lock_guard held(lock_);
    replies_[beginning] = {replies.begin(), replies.end()};
  }

  std::unique_ptr<Engine> engine(Account account = {}) {
    account.url = http_.url();
    account.search_ms = 300;
    auto out = make_engine(std::move(account));
    EXPECT_TRUE(out->open(schema()));
    return out;
  }
  std::vector<FakeHttp::Asked> asked(const std::string& beginning) {
    std::vector<FakeHttp::Asked> out = http_.asked();
    std::erase_if(out, [&](const auto& each) { return !each.head.starts_with(beginning); });
    return out;
  }

 private:
  std::string answer(const FakeHttp::Asked& asked) {
    const std::lock_guard held(lock_);
    std::deque<std::string>* found = nullptr;
    std::size_t longest = 0;
    for (auto& [beginning, replies] : replies_)
      if (asked.head.starts_with(beginning) && beginning.size() > longest) {
        found = &replies;
        longest = beginning.size();
      }
    if (found == nullptr) return FakeHttp::reply(R"({"error":{"type":"x"}})", "404 Not Found");
    const std::string out = found->front();
    if (found->size() > 1) found->pop_front();
    return out;
  }

  std::mutex lock_;
  std::map<std::string, std::deque<std::string>> replies_;
  FakeHttp http_;
};

Change put(std::int64_t id, std::int64_t version = 1) {
  Change out;
  out.document.id = id;
  out.document.version = version;
  out.document.texts = {{"name", "lamp"}};
  return out;
}

Query lamp() {
  Query out;
  out.index = "models";
  Clause clause;
  clause.text = "lamp";
  out.clauses = {clause};
  return out;
}

const std::string bulk = "POST /atelier-models/_bulk", search = "POST /atelier-models/_search";

std::string item(std::string_view verb, std::int64_t id, int status, std::string error = "") {
  if (!error.empty()) error = R"(,"error":{"type":"t","reason":")" + error + "\"}";
  return "{\"" + std::string(verb) + R"(":{"_index":"atelier-models-1","_id":")" +
         std::to_string(id) + R"(","status":)" + std::to_string(status) + error + "}}";
}

std::string items(const std::vector<std::string>& all) {
  std::string out = R"({"items":[)";
  for (const std::string& each : all) out += (out.back() == '[' ? "" : ",") + each;
  return FakeHttp::reply(out + "]}");
}

class ElasticsearchFaults : public testing::Test {
 protected:
  ElasticsearchFaults() { log::set_level("off"); }
  ~ElasticsearchFaults() override { log::set_level("info"); }

  static Error search_error(Engine& engine, const Query& query = lamp()) {
    const auto answer = engine.search(query);
    EXPECT_FALSE(answer);
    return answer ? Error{} : answer.error();
  }
  static std::string apply_code(Engine& engine, std::vector<Change> changes = {put(1)}) {
    const auto refusals = engine.apply("models", changes);
    return refusals ? "" : refusals.error().code;
  }
};

TEST_F(ElasticsearchFaults, ADeadServerIsUnavailable) {
  Account nobody;
  nobody.url = "http://127.0.0.1:9";
  const auto engine = make_engine(nobody);
  EXPECT_EQ(engine->open(schema()).error().code, "search_unavailable");
  EXPECT_EQ(search_error(*engine).code, "search_unavailable");
  EXPECT_EQ(search_error(*engine).fault, Fault::unavailable);
  EXPECT_EQ(apply_code(*engine), "search_unavailable");
  EXPECT_EQ(engine->standing("models").error().code, "search_unavailable");
}

TEST_F(ElasticsearchFaults, AfterFiveRequestsWithoutAnAnswerNothingIsAskedForAWhile) {
  Liar liar;
  const auto engine = liar.engine();
  liar.always(search, R"({"error":{"type":"all shards failed"}})", "503 Service Unavailable");
  for (int turn = 0; turn < 9; ++turn) EXPECT_EQ(search_error(*engine).retry_after_s, 0);
  liar.always(search, "<html>", "502 Bad Gateway");
  liar.always("GET /atelier-models/_mapping", "<html>", "502 Bad Gateway");
  for (int turn = 0; turn < 5; ++turn) search_error(*engine);
  const std::size_t asked = liar.asked("").size();
  const Error error = search_error(*engine);
  EXPECT_EQ(error.code, "search_unavailable");
  EXPECT_GT(error.retry_after_s, 0);
  EXPECT_EQ(apply_code(*engine), "search_unavailable");
  EXPECT_EQ(liar.asked("").size(), asked);
}

TEST_F(ElasticsearchFaults, TheBreakerLetsOneTryAndDoublesItsRest) {
  ManualClock clock;
  Breaker breaker(clock);
  for (int turn = 1; turn < Breaker::failures_max; ++turn) breaker.failed();
  EXPECT_EQ(breaker.closed_for(), 0);
  breaker.succeeded();
  for (int turn = 1; turn < Breaker::failures_max; ++turn) breaker.failed();
  EXPECT_EQ(breaker.closed_for(), 0) << "failures in a row";
  breaker.failed();
  EXPECT_EQ(breaker.closed_for(), Breaker::rest_min_ms);
  clock.advance(Breaker::rest_min_ms);
  EXPECT_EQ(breaker.closed_for(), 0);
  EXPECT_GT(breaker.closed_for(), 0) << "only one";
  breaker.failed();
  EXPECT_EQ(breaker.closed_for(), 2 * Breaker::rest_min_ms);
  for (int turn = 0; turn < 10; ++turn) {
    clock.advance(Breaker::rest_max_ms);
    EXPECT_EQ(breaker.closed_for(), 0);
    breaker.failed();
  }
  EXPECT_EQ(breaker.closed_for(), Breaker::rest_max_ms);
  clock.advance(Breaker::rest_max_ms);
  EXPECT_EQ(breaker.closed_for(), 0);
  breaker.succeeded();
  EXPECT_EQ(breaker.closed_for(), 0);
  EXPECT_EQ(breaker.closed_for(), 0);
}

TEST_F(ElasticsearchFaults, ASlowServerIsNotWaitedFor) {
  Liar liar;
  const auto engine = liar.engine();
  liar.says(search, {""});
  EXPECT_EQ(search_error(*engine).code, "search_unavailable");
}

TEST_F(ElasticsearchFaults, RepliesThatAreNone) {
  Liar liar;
  const auto engine = liar.engine();
  const std::string whole = R"({"hits":{"total":{"value":1},"hits":[{"_id":"1","sort":[1.5,1]}]}})";
  for (const std::string& body : std::vector<std::string>{
           whole.substr(0, 30), "<html>", "[]", "{}", R"({"hits":{}})", "",
           R"({"timed_out":true,"hits":{"total":{"value":1},"hits":[]}})",
           R"({"hits":{"total":{"value":1},"hits":[{"_id":"x","sort":[1,1]}]}})",
           R"({"hits":{"total":{"value":1},"hits":[{"_id":"1"}]}})"}) {
    liar.always(search, body);
    EXPECT_EQ(search_error(*engine).code, "search_unavailable") << body;
  }
  liar.says(search, {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + whole});
  EXPECT_EQ(search_error(*engine).code, "search_unavailable") << "cut off";
  liar.always(search, whole);
  const auto answer = engine->search(lamp());
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->hits.at(0).score, 1.5);
}

TEST_F(ElasticsearchFaults, BusyServersSayWhenToComeAgain) {
  Liar liar;
  const auto engine = liar.engine();
  liar.always(bulk, R"({"error":{"type":"es_rejected_execution_exception"}})",
              "429 Too Many Requests", "Retry-After: 17\r\n");
  for (int turn = 0; turn < 8; ++turn) {  // no reason to open the breaker
    const auto refusals = engine->apply("models", std::vector{put(1)});
    ASSERT_FALSE(refusals);
    EXPECT_EQ(refusals.error().code, "search_unavailable");
    EXPECT_EQ(refusals.error().retry_after_s, 17);
  }
}

TEST_F(ElasticsearchFaults, AFullDiskIsCalledSo) {
  Liar liar;
  const auto engine = liar.engine();
  const std::string reason =
      "index [atelier-models-1] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage "
      "watermark, index has read-only-allow-delete block];";
  liar.says(bulk, {items({item("create", 1, 429, reason)})});
  EXPECT_EQ(apply_code(*engine), "storage_full");
  liar.always(bulk, R"({"error":{"type":"cluster_block_exception","reason":")" + reason + "\"}}",
              "403 Forbidden");
  EXPECT_EQ(apply_code(*engine), "storage_full");
}

TEST_F(ElasticsearchFaults, OneBadDocumentIsRefusedInItsPlace) {
  Liar liar;
  const auto engine = liar.engine();
  liar.says(bulk, {items({item("create", 1, 201), item("create", 2, 400, "cannot be parsed"),
                          item("create", 3, 201)})});
  Change wrong = put(9);
  wrong.document.texts = {{"nothing", "x"}};
  const auto refusals = engine->apply("models", std::vector{wrong, put(1), put(3), put(2)});
  ASSERT_TRUE(refusals) << refusals.error().detail;
  ASSERT_EQ(refusals->size(), 2u);
  EXPECT_EQ((*refusals)[0].change, 0u);
  EXPECT_EQ((*refusals)[1].change, 3u);
  EXPECT_NE((*refusals)[1].reason.find("cannot be parsed"), std::string::npos);
}

TEST_F(ElasticsearchFaults, WhatAnotherWriterWasFasterWithIsReadAndTriedAgain) {
  Liar liar;
  const auto engine = liar.engine();
  const auto doc = [](int version, int sequence) {
    return FakeHttp::reply(R"({"docs":[{"_id":"2","found":true,"_seq_no":)" +
                           std::to_string(sequence) + R"(,"_primary_term":1,)" +
                           R"("_source":{"version":)" + std::to_string(version) + "}}]}");
  };
  liar.says("POST /atelier-models/_mget", {doc(3, 40), doc(4, 41), doc(9, 42)});
  liar.says(bulk, {items({item("create", 1, 201), item("index", 2, 409, "conflict")}),
                   items({item("index", 2, 429, "rejected")})});
  EXPECT_EQ(apply_code(*engine, {put(1, 5), put(2, 5)}), "");
  const auto asked = liar.asked(bulk);
  ASSERT_EQ(asked.size(), 2u) << "then version 9 is there, which is newer";
  EXPECT_NE(asked[0].body.find(R"("if_seq_no":40)"), std::string::npos);
  EXPECT_NE(asked[1].body.find(R"("if_seq_no":41)"), std::string::npos);
  EXPECT_EQ(asked[1].body.find(R"("_id":"1")"), std::string::npos) << "is there already";
}

TEST_F(ElasticsearchFaults, AnswersToABatchThatDoNotFitAreNone) {
  Liar liar;
  const auto engine = liar.engine();
  for (const std::string& reply : {
           items({}), items({item("create", 2, 201)}), items({item("create", 1, 500, "shard")}),
           items({R"({"create":{"_id":"1","_index":"atelier-models-1"}})"}), items({"{}"}),
           items({R"({"create":{"_id":"1","_index":"atelier-models-2","status":201}})"})}) {
    liar.says(bulk, {reply});
    EXPECT_EQ(apply_code(*engine), "search_unavailable") << reply;
  }
  liar.says(bulk, {items({item("create", 1, 409, "conflict")})});
  EXPECT_EQ(apply_code(*engine), "search_unavailable") << "it never ends";
}

TEST_F(ElasticsearchFaults, NamesAndKeysAreSentAndNotToldFurther) {
  Liar liar;
  Account account;
  account.username = "anna";
  account.password = "s3cret";
  auto engine = liar.engine(account);
  EXPECT_NE(liar.asked("GET /").at(0).head.find("Authorization: Basic YW5uYTpzM2NyZXQ="),
            std::string::npos);
  liar.always(search, R"({"error":{"type":"security_exception"}})", "401 Unauthorized");
  const Error error = search_error(*engine);
  EXPECT_EQ(error.code, "search_unavailable");
  EXPECT_EQ(error.detail.find("s3cret"), std::string::npos);
  account.api_key = "a2V5";
  engine = liar.engine(account);
  EXPECT_NE(liar.asked("GET /").back().head.find("Authorization: ApiKey a2V5"),
            std::string::npos);
}

/// No such server can be had here (docs/TESTING.md): what it is asked is compared with its manual.
TEST_F(ElasticsearchFaults, VectorsOfElasticsearch8) {
  Liar liar(R"({"version":{"number":"8.15.0","build_flavor":"default"}})");
  liar.says("GET /atelier-models/_mapping",
            {FakeHttp::reply("{}", "404 Not Found"), FakeHttp::reply(mapping)});
  liar.always("PUT /atelier-models-1", R"({"acknowledged":true})");
  liar.engine();
  const auto made = liar.asked("PUT /atelier-models-1");
  ASSERT_EQ(made.size(), 1u);
  EXPECT_NE(made[0].body.find(R"("v":{"type":"dense_vector","dims":2,"index":true,)"
                              R"("similarity":"cosine"})"), std::string::npos) << made[0].body;

  Liar filled(R"({"version":{"number":"8.15.0"}})");
  const auto engine = filled.engine();
  filled.says(search, {
      FakeHttp::reply(R"({"hits":{"total":{"value":1},"hits":[{"_id":"7","_score":0.9}]}})"),
      FakeHttp::reply(R"({"hits":{"total":{"value":1},"hits":[]}})")});
  Query query;
  query.index = "models";
  query.vector = {1, 0};
  const auto answer = engine->search(query);
  ASSERT_TRUE(answer) << answer.error().detail;
  ASSERT_EQ(answer->hits.size(), 1u);
  EXPECT_EQ(answer->hits[0].id, 7);
  EXPECT_NE(filled.asked(search).at(0).body.find(
                R"("knn":{"field":"v","query_vector":[1,0],"k":200,"num_candidates":400,)"
                R"("filter":{)"), std::string::npos);
}

TEST_F(ElasticsearchFaults, WithoutVectorsTextsAreSearchedAlone) {
  Liar liar(R"({"version":{"number":"2.19.1","distribution":"opensearch"}})");
  liar.always("GET /_nodes/plugins", R"({"nodes":{"a":{"plugins":[{"classname":"x.Y"}]}}})");
  const auto engine = liar.engine();
  liar.always(search, R"({"hits":{"total":{"value":1},"hits":[{"_id":"1","sort":[1.5,1]}]}})");
  Query query = lamp();
  query.vector = {1, 0};
  const auto answer = engine->search(query);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->hits.size(), 1u);
  query.clauses.clear();
  EXPECT_EQ(search_error(*engine, query).code, "search_unavailable");
}

}  // namespace
}  // namespace atelier::engines::elasticsearch
