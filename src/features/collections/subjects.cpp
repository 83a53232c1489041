#include "platform/subjects.hpp"

#include <array>
#include <set>

#include "features/collections/rules.hpp"
#include "features/collections/store.hpp"
#include "platform/events.hpp"

// Collections as things to follow, to react to and to report; and how the levels of what they
// hold reach them.
namespace atelier::collections {
namespace {

using platform::Subject;

Result<std::optional<Subject>> find_collection(sql::Tx& tx, std::int64_t id,
                                               const Viewer& viewer) {
  const auto collection = TRY(store::collection(tx, CollectionId{id}));
  if (!collection || !TRY(rights(tx, *collection, viewer)).see) return std::optional<Subject>{};
  return Subject{.kind = SubjectKind::collection,
                 .id = id,
                 .owner = collection->owner,
                 .title = collection->name,
                 .address = "/collections/" + std::to_string(id),
                 .level = collection->level,
                 .open = !collection->taken_down_at &&
                         collection->read != CollectionRead::Private};
}

Result<void> set_taken_down(Context& context, std::int64_t id, std::optional<Millis> at) {
  if (!TRY(store::collection(context.tx(), CollectionId{id})))
    return fail(Fault::missing, "collection_missing", "There is no such collection.");
  TRY(store::set_taken_down(context.tx(), CollectionId{id}, at));
  return tell(context, "changed", CollectionId{id});
}

Result<void> take_down(Context& context, std::int64_t id, const std::string&) {
  return set_taken_down(context, id, context.now);
}

Result<void> give_back(Context& context, std::int64_t id) {
  return set_taken_down(context, id, std::nullopt);
}

Result<void> counted(sql::Tx& tx, std::span<const platform::Tally> tallies) {
  for (const platform::Tally& tally : tallies)
    if (tally.timeframe == platform::Timeframe::AllTime)
      TRY(store::set_followers(tx, CollectionId{tally.subject},
                               tally[platform::Metric::follow]));
  return {};
}

/// The noun of a kind's events.
std::string noun_of(const platform::Subjects& all, SubjectKind kind) {
  const platform::SubjectRules* rules = all.rules(kind);
  if (rules != nullptr && !rules->noun.empty()) return std::string(rules->noun);
  return std::string(schema::label_of(kind)) + "s";
}

/// Brings what collections remember of one thing up to date.
Result<void> look_again(Services& services, sql::Tx& tx, SubjectKind kind, std::int64_t id) {
  const auto holding = TRY(store::holding(tx, kind, id));
  if (holding.empty()) return {};
  const Viewer house{.role = Role::administrator, .browsing = maturity::all};
  const auto subject = TRY(services.subjects->find(tx, kind, id, house));
  if (subject) {
    if (!TRY(store::set_level(tx, kind, id, subject->level))) return {};
  } else {
    for (const CollectionId collection : holding) TRY(store::remove(tx, collection, id));
  }
  for (const CollectionId collection : holding) {
    TRY(store::refresh(tx, collection, services.clock->now()));
    TRY(platform::publish(services, tx, "collections", "changed", collection.value));
  }
  return {};
}

Result<void> hear(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events) {
  std::set<std::pair<SubjectKind, std::int64_t>> changed;
  for (const SubjectKind kind : {SubjectKind::model, SubjectKind::image, SubjectKind::post}) {
    const std::string noun = noun_of(*services.subjects, kind);
    for (const platform::Event& event : events)
      if (event.noun == noun) changed.emplace(kind, event.subject);
  }
  for (const auto& [kind, id] : changed) TRY(look_again(services, tx, kind, id));
  return {};
}

}  // namespace

void subjects(platform::Subjects& all) {
  all.add(SubjectKind::collection, {.find = find_collection,
                                    .take_down = take_down,
                                    .give_back = give_back,
                                    .counted = counted,
                                    .noun = "collections"});
}

void events(Services& services) {
  metrics::counted_from(store::deeds());
  services.events->consumer(
      "collections.levels",
      [&services](sql::Tx& tx, const std::vector<platform::Event>& events) {
        return hear(services, tx, events);
      });
}

}  // namespace atelier::collections
