#include "features/comments/endpoints.hpp"
#include "features/comments/store.hpp"

namespace atelier::comments {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row open_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::anyone,
          .scope = Scope::open, .cheap = true};
}

Row member_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member,
          .scope = Scope::social_write, .rate = Rate::write};
}

void add_routes(schema::Routes& routes) {
  bind(routes, Method::get,
       open_row("/api/v2/comments", "listComments", "The discussion of one thing."),
       list_comments);
  bind(routes, Method::get,
       open_row("/api/v2/comments/{id}", "getComment", "A comment and what it answers."),
       get_comment);
  bind(routes, Method::get,
       open_row("/api/v2/comments/{id}/replies", "listReplies", "What answers a comment."),
       list_replies);
  Row create = member_row("/api/v2/comments", "createComment",
                          "Say something about a thing, or answer somebody.");
  create.rate = Rate::create;
  create.creates = true;
  bind(routes, Method::post, create, render_new, create_comment);
  bind(routes, Method::patch,
       member_row("/api/v2/comments/{id}", "editComment", "Change your words."), render_edit,
       edit_comment);
  bind(routes, Method::del,
       member_row("/api/v2/comments/{id}", "deleteComment", "Take your words back."),
       delete_comment);
  bind(routes, Method::put,
       member_row("/api/v2/comments/{id}/pin", "pinComment", "Show it first."), pin_comment);
  bind(routes, Method::del,
       member_row("/api/v2/comments/{id}/pin", "unpinComment", "Show it in its turn again."),
       unpin_comment);
  bind(routes, Method::put,
       member_row("/api/v2/comments/{id}/hide", "hideComment",
                  "Hide it from all but its author and yourself."),
       hide_comment);
  bind(routes, Method::del,
       member_row("/api/v2/comments/{id}/hide", "unhideComment", "Show it to all again."),
       unhide_comment);
  bind(routes, Method::put,
       member_row("/api/v2/threads/{kind}/{id}/lock", "lockThread", "Let nobody comment."),
       lock_thread);
  bind(routes, Method::del,
       member_row("/api/v2/threads/{kind}/{id}/lock", "unlockThread", "Let people comment."),
       unlock_thread);
}

}  // namespace

platform::Feature feature() {
  return {.name = "comments",
          .routes = add_routes,
          .events = [](Services&) { metrics::counted_from(store::deeds()); },
          .subjects = subjects};
}

}  // namespace atelier::comments
