#include "base/text.hpp"
#include "platform/events_store.hpp"
#include "platform/index_line.hpp"
#include "platform/log.hpp"
#include "platform/services.hpp"
#include "ports/crypto.hpp"
#include "ports/embedder.hpp"

// Whether an index is to be believed, here and where another server keeps it.
namespace atelier::platform {
namespace {

namespace search = ports::search;

constexpr std::size_t origin_bytes = 16;

}  // namespace

std::string IndexLine::identity() const {
  if (!searchable_.vectors || services_.embedder == nullptr) return origin_;
  return origin_ + " " + services_.embedder->identity();
}

void IndexLine::set_reason(std::string reason) {
  const std::lock_guard lock(saying_);
  reason_ = std::move(reason);
}

void IndexLine::set_built_for(std::string identity) {
  const std::lock_guard lock(saying_);
  built_for_ = std::move(identity);
}

std::vector<float> IndexLine::meaning(const std::string& words) const {
  if (schema_.dimensions == 0 || services_.embedder->identity().empty()) return {};
  auto vector = services_.embedder->embed_query(words);
  if (!vector) {
    log::warning("search.words_not_embedded", {{"code", vector.error().code}});
    return {};
  }
  // Asked afterwards: what learned anew meanwhile may have made the vector.
  const std::string now = identity();
  const std::lock_guard lock(saying_);
  return built_for_ == now ? std::move(*vector) : std::vector<float>{};
}

Result<void> IndexLine::prepare() {
  if (!origin_.empty()) return {};
  schema_ = searchable_.schema;
  if (searchable_.vectors && services_.embedder != nullptr) {
    schema_.dimensions = services_.embedder->dimensions();
    // Vectors of another length are another shape.
    schema_.version = schema_.version * 10'000 + static_cast<std::uint32_t>(schema_.dimensions);
  }
  const std::string fresh = base64url(bytes_of(services_.crypto->random(origin_bytes)));
  origin_ = TRY(sql::change(*services_.database, sql::Lane::jobs,
                            [&](sql::Tx& tx) { return indexing::origin(tx, fresh); }));
  return {};
}

Result<void> IndexLine::open() {
  TRY(prepare());
  TRY(services_.search->open(schema_));
  opened_ = true;
  return {};
}

void IndexLine::stand_down(std::string reason) {
  following_ = false;
  judged_ = false;
  serving_ = false;
  set_reason(std::move(reason));
}

bool IndexLine::broken() const {
  if (!following_ || under_rebuild_) return false;
  const auto standing = services_.search->standing(index());
  return standing && standing->state != search::State::ready;
}

std::string IndexLine::doubt(const search::Standing& standing, std::int64_t least,
                             std::int64_t most) const {
  switch (standing.state) {
    case search::State::absent: return "there is no index yet";
    case search::State::damaged: return "the index is damaged: " + standing.reason;
    case search::State::building: return "the index is being built";
    case search::State::ready: break;
  }
  if (standing.origin.empty()) return "there is no index yet";
  if (standing.version != schema_.version) return "the index has another shape";
  if (standing.origin.substr(0, standing.origin.find(' ')) != origin_)
    return "the index belongs to another database";
  if (standing.position < least) return "the index is older than the database";
  if (standing.position > most) return "the index is newer than the database";
  return "";
}

/// SQL is asked before and after: another server may be writing down how far the index is.
Result<IndexLine::Judgement> IndexLine::look_at_it() {
  const std::int64_t least = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) {
    return indexing::index(tx, kind());
  })).position;
  Judgement judgement;
  judgement.standing = TRY(services_.search->standing(index()));
  const std::int64_t most = TRY(sql::ask(*services_.database, events::head));
  judgement.doubt = doubt(judgement.standing, least, most);
  judgement.fit = judgement.doubt.empty();
  if (judgement.fit && judgement.standing.origin != identity())
    judgement.doubt = "texts have other vectors now";
  return judgement;
}

Result<void> IndexLine::judge(IndexLease::Term term) {
  if (under_rebuild_) return {};
  std::string reason;
  {
    const std::lock_guard lock(applying_);
    const Judgement judgement = TRY(look_at_it());
    reason = judgement.doubt;
    if (term != term_) {
      // Another server may have put another index there: every row that is left is applied again.
      move_to({}, {});
      through_ = judgement.standing.position;
      term_ = term;
    }
    set_built_for(judgement.standing.origin);
    serving_ = judgement.fit;
    following_ = judgement.fit;
  }
  set_reason(reason);
  if (!reason.empty()) TRY(mend(reason));
  judged_ = true;
  return {};
}

Result<void> IndexLine::mend(const std::string& reason) {
  log::info("search.rebuild_needed", {{"index", index()}, {"reason", reason}});
  const auto first = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) {
    return searchable_.ids(tx, 0, options_.batch);
  }));
  // A small hub is indexed before anybody can look for something.
  if (static_cast<int>(first.size()) < options_.batch)
    return rebuild([](std::int64_t, std::int64_t) {}, [] { return false; });
  return services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    (void)TRY(ask_reindex(tx, services_.clock->now(), kind(), reason));
    return {};
  });
}

Result<void> IndexLine::watch(const std::string& keeper) {
  following_ = false;
  judged_ = false;
  if (under_rebuild_) return {};  // the job of this server's has not noticed yet
  TRY(prepare());
  const std::lock_guard lock(applying_);
  const Judgement judgement = TRY(look_at_it());
  // An open one is searched with the weights of today; a missing one is made by its keeper.
  if (judgement.fit && !opened_) TRY(open());
  through_ = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) -> Result<std::int64_t> {
    if (TRY(indexing::waiting(tx, kind(), {}, {})).queued > 0) return judgement.standing.position;
    return TRY(indexing::cursor(tx, indexing::consumer));
  }));
  set_built_for(judgement.standing.origin);
  serving_ = judgement.fit;
  set_reason(judgement.fit ? keeper : keeper + "; " + judgement.doubt);
  return {};
}

}  // namespace atelier::platform
