#include "features/models/facets.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "features/models/store.hpp"
#include "platform/events.hpp"

// Counting takes a scan of all models. It is done for everybody who browses the same levels at
// once and kept until something about models happens; what is seen otherwise by one viewer, who
// owns, hides or blocks few, is counted apart and put right.
namespace atelier::models {
namespace {

constexpr std::size_t kept_max = 200;
constexpr Millis kept_ms = 60'000;  ///< periods move on
constexpr std::string_view nouns[] = {"models", "files", "users"};

/// Nobody in particular who sees what such a viewer sees.
Viewer anybody_like(const Viewer& viewer) {
  Viewer anybody;
  anybody.browsing = viewer.browsing;
  anybody.role = viewer.role;
  if (viewer.signed_in()) anybody.user = UserId{-1};
  return anybody;
}

std::string key_of(const Filter& filter, const Viewer& viewer) {
  std::string key;
  const auto add = [&](std::string_view part) {
    key.append(std::to_string(part.size())).append(":").append(part);
  };
  add(std::to_string(viewer.browsing));
  add(viewer.signed_in() ? viewer.at_least(Role::moderator) ? "moderator" : "member" : "");
  add(filter.query);
  add(filter.tag);
  add(filter.owner ? std::to_string(filter.owner->value) : "");
  add(filter.status ? schema::label_of(*filter.status) : "");
  add(filter.checkpoint_type ? schema::label_of(*filter.checkpoint_type) : "");
  add(schema::label_of(filter.period));
  for (const ModelType type : filter.types) add(schema::label_of(type));
  add("base");
  for (const std::string& base : filter.base_models) add(base);
  add("format");
  for (const std::string& format : filter.formats) add(format);
  return key;
}

struct Kept {
  Facets facets;
  std::int64_t position = 0;  ///< of the newest event that is in it
  Millis at = 0;
};

/// What was counted, of one database. Any thread.
class Counted {
 public:
  std::optional<Kept> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const std::string& key, const Kept& kept) {
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= kept_max) kept_.clear();
    Kept& place = kept_[key];
    if (place.position <= kept.position) place = kept;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

Counted& counted(const Services& services) {
  static std::mutex mutex;
  static std::map<const sql::Database*, std::unique_ptr<Counted>> all;
  const std::lock_guard lock(mutex);
  auto& one = all[services.database];
  if (!one) one = std::make_unique<Counted>();
  return *one;
}

Result<Facets> of_anybody(Services& services, sql::Tx& tx, const Filter& filter,
                          const Viewer& viewer, Millis now) {
  const Viewer anybody = anybody_like(viewer);
  const std::string key = key_of(filter, anybody);
  std::optional<Kept> kept = counted(services).find(key);
  const auto quiet = TRY(platform::quiet(tx, kept ? kept->position : 0, nouns));
  const bool sound = kept && quiet.since && kept->position <= quiet.position &&
                     now - kept->at < kept_ms;
  if (!sound) kept = Kept{TRY(store::facets(tx, filter, anybody, now)), 0, now};
  kept->position = quiet.position;
  counted(services).keep(key, *kept);
  return std::move(kept->facets);
}

/// Adds or takes away; values without models are left out, the most frequent stand first.
void put_right(Facets::Counts& counts, const Facets::Counts& by, int sign, bool in_order) {
  for (const auto& [value, models] : by) {
    const auto found = std::ranges::find(counts, value, &Facets::Counts::value_type::first);
    if (found != counts.end()) found->second += sign * models;
    else counts.emplace_back(value, sign * models);
  }
  if (!in_order) return;
  std::erase_if(counts, [](const auto& each) { return each.second <= 0; });
  std::ranges::sort(counts, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
}

void put_right(Facets& facets, const Facets& less, const Facets& more) {
  facets.total += more.total - less.total;
  for (const auto member : {&Facets::types, &Facets::base_models, &Facets::formats,
                            &Facets::checkpoint_types}) {
    put_right(facets.*member, less.*member, -1, false);
    put_right(facets.*member, more.*member, 1, true);
  }
  put_right(facets.periods, less.periods, -1, false);
  put_right(facets.periods, more.periods, 1, false);
  Facets::Counts periods;  // from the longest to the shortest, whatever their counts
  for (const Period period : {Period::Year, Period::Month, Period::Week, Period::Day})
    for (const auto& each : facets.periods)
      if (each.first == schema::label_of(period) && each.second > 0) periods.push_back(each);
  facets.periods = std::move(periods);
}

}  // namespace

Result<Facets> facets_for(Services& services, sql::Tx& tx, const Filter& filter,
                          const Viewer& viewer, Millis now) {
  Facets facets = TRY(of_anybody(services, tx, filter, viewer, now));
  if (!viewer.signed_in() || !TRY(store::has_personal(tx, viewer))) return facets;
  Viewer anybody = anybody_like(viewer);
  const Facets less = TRY(store::facets(tx, filter, anybody, now, &viewer));
  const Facets more = TRY(store::facets(tx, filter, viewer, now, &viewer));
  put_right(facets, less, more);
  return facets;
}

}  // namespace atelier::models
