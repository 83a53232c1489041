#include "features/accounts/searchable.hpp"

#include "features/accounts/store.hpp"

namespace atelier::accounts {
namespace {

namespace search = ports::search;
using platform::HitCard;
using search::Analysis;
using search::FieldKind;

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
  for (const std::int64_t id : ids) people.push_back(UserId{id});
  for (const User& user : TRY(store::users(tx, people)))
    if (user.status != AccountStatus::banned) out.push_back(document_of(user));
  return out;
}

Result<void> touched(sql::Tx&, const platform::Event& event, platform::Touched& out) {
  if (event.noun == "users" || event.noun == "standing") out.documents.insert(event.subject);
  return {};
}

Result<std::vector<HitCard>> shown(Result<std::vector<User>> people) {
  std::vector<HitCard> cards;
  for (const User& user : TRY(std::move(people))) {
    HitCard& card = cards.emplace_back();
    card.kind = platform::SearchKind::users;
    card.id = user.id.value;
    card.title = user.username;
    card.address = "/user/" + user.username;
    card.username = user.username;
    card.nsfwLevel = maturity::all;
    card.publishedAt = schema::Time{user.created_at};
  }
  return cards;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  return shown(store::visible_users(tx, viewer, ids));
}

Result<std::vector<HitCard>> plain(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                   int limit) {
  return shown(store::visible_users(tx, viewer, words, limit));
}

}  // namespace

void searchables(platform::Searchables& all) {
  platform::Searchable people;
  people.kind = platform::SearchKind::users;
  people.schema.fields = {{"name", FieldKind::text, 4, Analysis::name},
                          {"bio", FieldKind::text, 1, Analysis::prose}};
  people.ids = store::active_ids;
  people.documents = documents;
  people.touched = touched;
  people.cards = cards;
  people.plain = plain;
  all.add(std::move(people));
}

}  // namespace atelier::accounts
