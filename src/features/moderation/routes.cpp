#include "features/moderation/desk_endpoints.hpp"
#include "platform/settings.hpp"

namespace atelier::moderation {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row desk(std::string_view path, std::string_view id, std::string_view summary,
         Rate rate = Rate::read) {
  return {.path = path, .id = id, .summary = summary, .access = Access::moderator,
          .scope = Scope::moderation, .rate = rate};
}

void for_members(schema::Routes& routes) {
  bind(routes, Method::post,
       {.path = "/api/v2/reports", .id = "fileReport", .summary = "Tell the moderators.",
        .access = Access::member, .scope = Scope::social_write, .rate = Rate::create,
        .creates = true, .muted_may = true},
       file_report);
  bind(routes, Method::get,
       {.path = "/api/v2/me/reports", .id = "listOwnReports",
        .summary = "What you reported, and what came of it.", .access = Access::member,
        .scope = Scope::user_read},
       own_reports);
  bind(routes, Method::get,
       {.path = "/api/v2/me/standing", .id = "getOwnStanding",
        .summary = "Decisions about you and yours, strikes and mutes.",
        .access = Access::member, .scope = Scope::user_read},
       own_standing);
  bind(routes, Method::post,
       {.path = "/api/v2/appeals", .id = "appealDecision",
        .summary = "Ask for another look at a decision about you.", .access = Access::member,
        .scope = Scope::user_write, .rate = Rate::create, .creates = true, .muted_may = true},
       appeal_decision);
  bind(routes, Method::post,
       {.path = "/api/v2/appeals/ban", .id = "appealBan",
        .summary = "Ask for another look at your ban, with your password.",
        .access = Access::anyone, .scope = Scope::account, .rate = Rate::login},
       prepare_ban_appeal, appeal_ban);
}

void queue(schema::Routes& routes) {
  bind(routes, Method::get,
       desk("/api/v2/moderation/reports", "listReports", "The queue, most urgent first."),
       list_reports);
  bind(routes, Method::get,
       desk("/api/v2/moderation/reports/{id}", "getReport",
            "A report with all that is needed to decide, and its neighbours."),
       get_report);
  bind(routes, Method::post,
       desk("/api/v2/moderation/reports/{id}/claim", "claimReport",
            "Work on it, so that nobody else does.", Rate::write),
       claim_report);
  bind(routes, Method::del,
       desk("/api/v2/moderation/reports/{id}/claim", "releaseReport", "Leave it to others.",
            Rate::write),
       release_report);
  bind(routes, Method::post,
       desk("/api/v2/moderation/decisions", "decide",
            "Act on reports, or on one thing, in one go.", Rate::write),
       decide);
  bind(routes, Method::post,
       desk("/api/v2/moderation/decisions/{id}/undo", "undoDecision", "Take a decision back.",
            Rate::write),
       undo_decision);
  bind(routes, Method::get,
       desk("/api/v2/moderation/people/{id}", "getStanding", "How a person stands."),
       person_standing);
  bind(routes, Method::post,
       desk("/api/v2/moderation/strikes/{id}/void", "voidStrike", "Take a strike back.",
            Rate::write),
       void_strike);
  bind(routes, Method::get,
       desk("/api/v2/moderation/reviews", "listMutesToReview",
            "Who is muted until somebody looks at it."),
       mutes_to_review);
}

void desks(schema::Routes& routes) {
  bind(routes, Method::get,
       desk("/api/v2/moderation/appeals", "listAppeals", "Appeals, the oldest first."),
       list_appeals);
  bind(routes, Method::post,
       desk("/api/v2/moderation/appeals/{id}/decide", "decideAppeal",
            "Uphold the decision or overturn it.", Rate::write),
       decide_appeal);
  bind(routes, Method::get,
       desk("/api/v2/moderation/blocklist", "listBlocked", "What may not be kept here."),
       list_blocked);
  Row adding = desk("/api/v2/moderation/blocklist", "addBlocked",
                    "Block a file, a domain or a word.", Rate::create);
  adding.creates = true;
  bind(routes, Method::post, adding, add_blocked);
  bind(routes, Method::del,
       desk("/api/v2/moderation/blocklist/{id}", "removeBlocked", "Allow it again.", Rate::write),
       remove_blocked);
  bind(routes, Method::get,
       {.path = "/api/v2/admin/audit", .id = "listAudit",
        .summary = "What moderators and administrators did, the newest first.",
        .access = Access::administrator, .scope = Scope::administration},
       list_audit);
}

void add_routes(schema::Routes& routes) {
  for_members(routes);
  queue(routes);
  desks(routes);
}

void settings(platform::Settings& all) {
  all.declare<ModerationSettings>("moderation", "Moderation");
}

}  // namespace

platform::Feature feature() {
  return {.name = "moderation", .routes = add_routes, .jobs = jobs, .settings = settings};
}

}  // namespace atelier::moderation
