#include "features/visibility/endpoints.hpp"

namespace atelier::visibility {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row member_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member,
          .scope = Scope::user_write, .rate = Rate::write, .muted_may = true};
}

void add_routes(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/me/hidden", .id = "listHidden",
        .summary = "What you have hidden, and whom you have blocked.", .access = Access::member,
        .scope = Scope::user_read},
       list_hidden);
  bind(routes, Method::put,
       member_row("/api/v2/me/hidden/{kind}/{id}", "hide", "Leave it out of your lists."), hide);
  bind(routes, Method::del,
       member_row("/api/v2/me/hidden/{kind}/{id}", "unhide", "Show it in your lists again."),
       unhide);
  bind(routes, Method::put,
       member_row("/api/v2/users/{id}/block", "blockUser",
                  "You and this person see nothing of one another."),
       block);
  bind(routes, Method::del,
       member_row("/api/v2/users/{id}/block", "unblockUser", "End a block of yours."), unblock);
}

}  // namespace

platform::Feature feature() { return {.name = "visibility", .routes = add_routes}; }

}  // namespace atelier::visibility
