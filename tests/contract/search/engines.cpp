#include "tests/contract/search/engines.hpp"

#include <algorithm>

#include "engines/elasticsearch/elasticsearch.hpp"
#include "engines/native_search/native_search.hpp"
#include "tests/support/plain_search.hpp"
#include "tests/support/search_server.hpp"

namespace atelier::test {

using namespace ports::search;

namespace {

using Made = Result<std::unique_ptr<Engine>>;

std::string here() { return {}; }

SearchEngine plain() {
  return {"plain", [](const std::filesystem::path&) -> Made {
            return std::make_unique<PlainSearch>();
          }, false, false, here, {}};
}

SearchEngine native() {
  return {"native", [](const std::filesystem::path& folder) -> Made {
            return engines::native_search::make_engine({folder});
          }, true, true, here, {}};
}

/// On a real server. Each folder stands for a prefix of its own.
SearchEngine on_server(std::string name, SearchServerKind kind, std::vector<std::string> lacks) {
  const auto make = [kind](const std::filesystem::path& folder) -> Made {
    engines::elasticsearch::Account account;
    account.url = search_server(kind).url;
    account.prefix = "t" + std::to_string(std::hash<std::string>()(folder.string()));
    return engines::elasticsearch::make_engine(std::move(account));
  };
  return {std::move(name), make, true, true, [kind] { return search_server(kind).absent; },
          std::move(lacks), true};
}

SearchEngine opensearch() {
  return on_server("opensearch", SearchServerKind::opensearch, {});
}

/// 7.10 compares no vectors.
SearchEngine elasticsearch() {
  return on_server("elasticsearch", SearchServerKind::elasticsearch,
                   {"NearestVectorsComeFirstAndObeyTheFilter", "TextAndVectorAreJoined"});
}

}  // namespace

std::vector<SearchEngine> search_engines_with_language() {
  return {native(), opensearch(), elasticsearch()};
}

std::vector<SearchEngine> search_engines() {
  std::vector<SearchEngine> out = search_engines_with_language();
  out.insert(out.begin(), plain());
  return out;
}

std::vector<SearchEngine> search_engines_that_last() {
  std::vector<SearchEngine> out = search_engines();
  std::erase_if(out, [](const SearchEngine& engine) { return !engine.durable; });
  return out;
}

std::vector<SearchEngine> search_engines_of_many_nodes() {
  std::vector<SearchEngine> out = search_engines();
  std::erase_if(out, [](const SearchEngine& engine) { return !engine.remote; });
  return out;
}

void OnSearchEngines::SetUp() {
  if (const std::string why = GetParam().absent(); !why.empty())
    GTEST_SKIP() << GetParam().name << " cannot be had: " << why;
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  for (const std::string& each : GetParam().lacks)
    if (test.starts_with(each + "/")) GTEST_SKIP() << GetParam().name << " does not do this yet";
  reopen();
}

void OnSearchEngines::reopen() {
  engine_.reset();
  auto made = GetParam().make(folder_.path() / "search");
  ASSERT_TRUE(made) << made.error().detail;
  engine_ = std::move(*made);
  const auto opened = engine_->open(schema());
  ASSERT_TRUE(opened) << opened.error().detail;
}

Schema OnSearchEngines::schema() {
  Schema out;
  out.index = "models";
  out.fields = {{"name", FieldKind::text, 4, Analysis::name},
                {"description", FieldKind::text, 1, Analysis::prose},
                {"tag", FieldKind::keyword},
                {"type", FieldKind::keyword},
                {"downloads", FieldKind::number},
                {"level", FieldKind::bits}};
  out.dimensions = 4;
  return out;
}

Change OnSearchEngines::put(std::int64_t id, std::string name, std::string description,
                            std::vector<std::string> tags, std::int64_t downloads,
                            std::int64_t level, std::int64_t version) {
  Change out;
  out.document.id = id;
  out.document.version = version;
  out.document.texts = {{"name", std::move(name)}};
  if (!description.empty()) out.document.texts.emplace_back("description", std::move(description));
  if (!tags.empty()) out.document.keywords.emplace_back("tag", std::move(tags));
  out.document.numbers = {{"downloads", downloads}, {"level", level}};
  return out;
}

Change OnSearchEngines::erase(std::int64_t id, std::int64_t version) {
  Change out;
  out.kind = Change::Kind::erase;
  out.document.id = id;
  out.document.version = version;
  return out;
}

Change OnSearchEngines::patch(std::int64_t id, std::string field, std::int64_t number) {
  Change out;
  out.kind = Change::Kind::patch;
  out.document.id = id;
  out.document.numbers = {{std::move(field), number}};
  return out;
}

Query OnSearchEngines::words(std::string text) {
  Query out;
  out.index = "models";
  if (!text.empty()) {
    Clause clause;
    clause.text = std::move(text);
    out.clauses.push_back(std::move(clause));
  }
  return out;
}

void OnSearchEngines::apply(std::vector<Change> changes) {
  const auto refusals = engine_->apply("models", changes);
  ASSERT_TRUE(refusals) << refusals.error().detail;
  for (const Refusal& refusal : *refusals)
    ADD_FAILURE() << "change " << refusal.change << " was refused: " << refusal.reason;
}

Answer OnSearchEngines::search(const Query& query) {
  auto answer = engine_->search(query);
  if (answer) return std::move(*answer);
  ADD_FAILURE() << answer.error().code << ": " << answer.error().detail;
  return {};
}

std::vector<std::int64_t> OnSearchEngines::ids(const Query& query) {
  std::vector<std::int64_t> out;
  for (const Hit& hit : search(query).hits) out.push_back(hit.id);
  return out;
}

std::vector<std::int64_t> OnSearchEngines::found(const Query& query) {
  auto out = ids(query);
  std::ranges::sort(out);
  return out;
}

std::string OnSearchEngines::fault(const Query& query) {
  const auto answer = engine_->search(query);
  return answer ? "" : answer.error().code;
}

Condition terms(std::string field, std::vector<std::string> values) {
  Condition out;
  out.kind = Condition::Kind::terms;
  out.field = std::move(field);
  out.values = std::move(values);
  return out;
}

Condition range(std::string field, std::optional<std::int64_t> low,
                std::optional<std::int64_t> high) {
  Condition out;
  out.kind = Condition::Kind::range;
  out.field = std::move(field);
  out.low = low;
  out.high = high;
  return out;
}

Condition bits(std::string field, std::int64_t mask) {
  Condition out;
  out.kind = Condition::Kind::bits;
  out.field = std::move(field);
  out.mask = mask;
  return out;
}

Condition joined(Condition::Kind kind, std::vector<Condition> children) {
  Condition out;
  out.kind = kind;
  out.children = std::move(children);
  return out;
}

}  // namespace atelier::test
