#include "features/collections/endpoints.hpp"
#include "features/collections/searchable.hpp"

namespace atelier::collections {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row open_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::anyone,
          .scope = Scope::collections_read, .cheap = true};
}

Row member_row(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member,
          .scope = Scope::collections_write, .rate = Rate::write};
}

void themselves(schema::Routes& routes) {
  bind(routes, Method::get,
       open_row("/api/v2/collections", "listCollections", "Collections, newest first."),
       list_collections);
  bind(routes, Method::get,
       open_row("/api/v2/collections/{id}", "getCollection", "A collection."), get_collection);
  Row create = member_row("/api/v2/collections", "createCollection", "Begin a collection.");
  create.rate = Rate::create;
  create.creates = true;
  bind(routes, Method::post, create, create_collection);
  bind(routes, Method::patch,
       member_row("/api/v2/collections/{id}", "updateCollection", "Change what is said of it."),
       update_collection);
  bind(routes, Method::del,
       member_row("/api/v2/collections/{id}", "deleteCollection", "Delete it."),
       delete_collection);
  bind(routes, Method::put,
       member_row("/api/v2/collections/{id}/follow", "followCollection", "Follow it."),
       follow_collection);
  bind(routes, Method::del,
       member_row("/api/v2/collections/{id}/follow", "unfollowCollection", "Follow it no more."),
       unfollow_collection);
}

void items(schema::Routes& routes) {
  bind(routes, Method::get,
       open_row("/api/v2/collections/{id}/items", "listCollectionItems", "What is in it."),
       list_items);
  bind(routes, Method::put,
       member_row("/api/v2/collections/{id}/items/{item}", "collect", "Put something in."),
       collect);
  bind(routes, Method::del,
       member_row("/api/v2/collections/{id}/items/{item}", "uncollect", "Take something out."),
       uncollect);
  bind(routes, Method::patch,
       member_row("/api/v2/collections/{id}/items/{item}", "decideItem",
                  "Accept or reject what somebody put in."),
       decide);
  bind(routes, Method::put,
       member_row("/api/v2/bookmarks/{kind}/{id}", "bookmark", "Keep it among your bookmarks."),
       bookmark);
  bind(routes, Method::del,
       member_row("/api/v2/bookmarks/{kind}/{id}", "unbookmark", "Keep it no more."), unbookmark);
  Row places = member_row("/api/v2/me/collections", "listPlaces",
                          "Collections where you may put a thing, and where it is.");
  places.scope = Scope::collections_read;
  places.rate = Rate::read;
  places.cheap = true;
  bind(routes, Method::get, places, list_places);
}

void people(schema::Routes& routes) {
  bind(routes, Method::get,
       open_row("/api/v2/collections/{id}/contributors", "listContributors",
                "Who contributes to it."),
       list_contributors);
  bind(routes, Method::put,
       member_row("/api/v2/collections/{id}/contributors/{user}", "setContributor",
                  "Let somebody contribute."),
       set_contributor);
  bind(routes, Method::del,
       member_row("/api/v2/collections/{id}/contributors/{user}", "removeContributor",
                  "Let somebody contribute no more."),
       remove_contributor);
}

void add_routes(schema::Routes& routes) {
  themselves(routes);
  items(routes);
  people(routes);
}

}  // namespace

platform::Feature feature() {
  return {.name = "collections", .routes = add_routes, .events = events, .subjects = subjects,
          .searchables = searchables};
}

}  // namespace atelier::collections
