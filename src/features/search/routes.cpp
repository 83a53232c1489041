#include "features/search/search.hpp"

#include "features/search/endpoints.hpp"

namespace atelier::search {
namespace {

using schema::Access;
using schema::bind;
using schema::Effect;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row administration(std::string_view path, std::string_view id, std::string_view summary,
                   Rate rate = Rate::read) {
  return {.path = path, .id = id, .summary = summary, .access = Access::administrator,
          .scope = Scope::administration, .rate = rate};
}

void about_finding(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/search", .id = "search",
        .summary = "What has these words, of one kind or of several, with counts of its facets.",
        .access = Access::anyone, .scope = Scope::models_read, .rate = Rate::search},
       search, Effect::none);
  bind(routes, Method::get,
       {.path = "/api/v2/suggest", .id = "suggest",
        .summary = "Searches that begin like this and find something.",
        .access = Access::anyone, .scope = Scope::models_read, .rate = Rate::search},
       suggest, Effect::none);
  bind(routes, Method::get,
       {.path = "/api/v2/models/{id}/similar", .id = "similarModels",
        .summary = "Models whose texts are about the same.",
        .access = Access::anyone, .scope = Scope::models_read, .rate = Rate::search},
       similar_models, Effect::none);
  bind(routes, Method::get,
       {.path = "/api/v2/images/{id}/similar", .id = "similarImages",
        .summary = "Images whose prompts and tags are about the same.",
        .access = Access::anyone, .scope = Scope::media_read, .rate = Rate::search},
       similar_images, Effect::none);
}

void about_indexes(schema::Routes& routes) {
  bind(routes, Method::get,
       administration("/api/v2/admin/search", "getSearchStatus",
                      "How the search indexes stand, and how far behind they are."),
       search_status);
  bind(routes, Method::get,
       administration("/api/v2/admin/search/{kind}/failures", "listIndexFailures",
                      "Documents that an index refused, with the reason."),
       index_failures);
  bind(routes, Method::post,
       administration("/api/v2/admin/search/{kind}/reindex", "reindex",
                      "Build an index again from the database, beside the one that serves.",
                      Rate::write),
       reindex);
  bind(routes, Method::post,
       administration("/api/v2/admin/search/{kind}/audit", "auditIndex",
                      "Compare an index with the database and mend what differs.", Rate::write),
       audit_index);
  bind(routes, Method::post,
       administration("/api/v2/admin/search/{kind}/retry", "retryIndexFailures",
                      "Try refused documents again now.", Rate::write),
       retry_failures);
  bind(routes, Method::post,
       administration("/api/v2/admin/search/train", "trainEmbedder",
                      "Learn anew from all texts what is alike.", Rate::write),
       train_embedder);
}

void add_routes(schema::Routes& routes) {
  about_finding(routes);
  about_indexes(routes);
}

}  // namespace

platform::Feature feature() { return {.name = "search", .routes = add_routes, .jobs = jobs}; }

}  // namespace atelier::search
