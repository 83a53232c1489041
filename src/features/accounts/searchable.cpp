#include "features/accounts/searchable.hpp"

#include <array>

#include "features/accounts/store.hpp"
#include "features/metrics/metrics.hpp"

namespace atelier::accounts {
namespace {

namespace search = ports::search;
using platform::HitCard;
using platform::SubjectKind;
using search::Analysis;
using search::FieldKind;

/// In the order of `ids`.
Result<std::vector<std::int64_t>> followers_of(sql::Tx& tx, std::span<const std::int64_t> ids) {
  constexpr std::array all_time = {platform::Timeframe::AllTime};
  std::vector<std::int64_t> counts;
  for (const platform::Tally& tally :
       TRY(metrics::tallies(tx, SubjectKind::user, ids, all_time)))
    counts.push_back(tally[platform::Metric::follow]);
  return counts;
}

search::Document document_of(const User& user) {
  search::Document out;
  out.id = user.id.value;
  out.texts.emplace_back("name", user.username);
  if (!user.bio.empty()) out.texts.emplace_back("bio", user.bio);
  platform::add_common(out, {.owner = user.id,
                             .username = user.username,
                             .published = user.created_at});
  return out;
}

Result<std::vector<search::Document>> documents(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  std::vector<UserId> people;
  std::vector<std::int64_t> open;
  for (const std::int64_t id : ids) people.push_back(UserId{id});
  for (const User& user : TRY(store::users(tx, people))) {
    if (user.status == AccountStatus::banned) continue;
    out.push_back(document_of(user));
    open.push_back(user.id.value);
  }
  const auto followers = TRY(followers_of(tx, open));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i].numbers.emplace_back("followers", followers[i]);
  return out;
}

Result<void> touched(sql::Tx&, const platform::Event& event, platform::Touched& out) {
  if (event.noun == "users" || event.noun == "standing") out.documents.insert(event.subject);
  const auto change = metrics::change_of(event);
  if (change && change->kind == SubjectKind::user) out.numbers.insert(change->id);
  return {};
}

Result<std::vector<HitCard>> shown(sql::Tx& tx, const std::vector<User>& people) {
  std::vector<HitCard> cards;
  std::vector<std::int64_t> ids;
  for (const User& user : people) {
    HitCard& card = cards.emplace_back();
    card.kind = platform::SearchKind::users;
    card.id = user.id.value;
    card.title = user.username;
    card.address = "/user/" + user.username;
    card.username = user.username;
    card.nsfwLevel = maturity::all;
    card.publishedAt = schema::Time{user.created_at};
    ids.push_back(card.id);
  }
  const auto followers = TRY(followers_of(tx, ids));
  for (std::size_t i = 0; i < cards.size(); ++i) cards[i].counts.followers = followers[i];
  return cards;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  const std::vector<User> people = TRY(store::visible_users(tx, viewer, ids));
  return shown(tx, people);
}

Result<std::vector<HitCard>> plain(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                   int limit) {
  const std::vector<User> people = TRY(store::visible_users(tx, viewer, words, limit));
  return shown(tx, people);
}

}  // namespace

void searchables(platform::Searchables& all) {
  platform::Searchable people;
  people.kind = platform::SearchKind::users;
  people.schema.version = 2;
  people.schema.fields = {{"name", FieldKind::text, 4, Analysis::name},
                          {"bio", FieldKind::text, 1, Analysis::prose},
                          {"followers", FieldKind::number}};
  people.popularity = "followers";
  people.counts = {"followers"};
  people.counts_by = metrics::fold_name;
  people.ids = store::active_ids;
  people.documents = documents;
  people.touched = touched;
  people.cards = cards;
  people.plain = plain;
  all.add(std::move(people));
}

}  // namespace atelier::accounts
