#include "features/reviews/endpoints.hpp"
#include "features/reviews/store.hpp"
#include "platform/events.hpp"

namespace atelier::reviews {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row member_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member,
          .scope = Scope::social_write, .rate = Rate::write};
}

Row moderator_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::moderator,
          .scope = Scope::moderation, .rate = Rate::write};
}

void add_routes(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/reviews", .id = "listReviews",
        .summary = "Reviews of a model, of a version or by a person.", .access = Access::anyone,
        .scope = Scope::open, .cheap = true},
       list_reviews);
  bind(routes, Method::get,
       {.path = "/api/v2/reviews/{id}", .id = "getReview", .summary = "A review.",
        .access = Access::anyone, .scope = Scope::open, .cheap = true},
       get_review);
  bind(routes, Method::put,
       member_row("/api/v2/versions/{id}/review", "writeReview",
                  "Say what you think of a version, or say it anew."),
       render_review, write_review);
  bind(routes, Method::del,
       member_row("/api/v2/reviews/{id}", "deleteReview", "Take your review back."),
       delete_review);
  bind(routes, Method::put,
       moderator_row("/api/v2/reviews/{id}/exclude", "excludeReview",
                     "Leave it out of the totals."),
       exclude_review);
  bind(routes, Method::del,
       moderator_row("/api/v2/reviews/{id}/exclude", "includeReview",
                     "Count it in the totals again."),
       include_review);
}

void add_events(Services& services) {
  metrics::counted_from(store::deeds());
  // The reviews of somebody who was erased went with them.
  services.events->consumer(
      "reviews.ratings",
      [](sql::Tx& tx, const std::vector<platform::Event>& events) -> Result<void> {
        for (const platform::Event& event : events)
          if (event.noun == "users" && event.verb == "erased") return store::rate_again(tx);
        return {};
      });
}

}  // namespace

platform::Feature feature() {
  return {.name = "reviews", .routes = add_routes, .events = add_events, .subjects = subjects};
}

}  // namespace atelier::reviews
