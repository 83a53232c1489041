#include "features/models/facets.hpp"
#include "features/models/searchable.hpp"
#include "platform/cache_policy.hpp"

namespace atelier::models {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row member_row(std::string_view path, std::string_view id, std::string_view summary,
               Scope scope = Scope::models_write) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member, .scope = scope,
          .rate = Rate::write};
}

Row creating(Row row) {
  row.rate = Rate::create;
  row.creates = true;
  return row;
}

void reading(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/models", .id = "listModels", .summary = "Models, filtered and sorted.",
        .access = Access::anyone, .scope = Scope::models_read,
        .cache_s = platform::reply_s("models"), .cheap = true},
       list_models);
  bind(routes, Method::get,
       {.path = "/api/v2/models/facets", .id = "countModels",
        .summary = "How many models each value of each filter would list.",
        .access = Access::anyone, .scope = Scope::models_read,
        .cache_s = platform::reply_s("models")},
       count_models);
  bind(routes, Method::get,
       {.path = "/api/v2/models/{id}", .id = "getModel",
        .summary = "A model with its versions and files.",
        .access = Access::anyone, .scope = Scope::models_read,
        .cache_s = platform::reply_s("model"), .cheap = true},
       get_model);
  bind(routes, Method::get,
       {.path = "/api/v2/tags", .id = "listTags", .summary = "Tags in use, most used first.",
        .access = Access::anyone, .scope = Scope::models_read,
        .cache_s = platform::reply_s("models"), .cheap = true},
       list_tags);
  bind(routes, Method::get,
       {.path = "/api/v2/vocabulary", .id = "getVocabulary",
        .summary = "The fixed words: types, base models, file types and formats.",
        .access = Access::anyone, .scope = Scope::open,
        .cache_s = platform::reply_s("vocabulary"), .cheap = true},
       get_vocabulary);
}

void editing(schema::Routes& routes) {
  bind(routes, Method::post,
       creating(member_row("/api/v2/models", "createModel", "Start a model as a private draft.")),
       create_model);
  bind(routes, Method::patch,
       member_row("/api/v2/models/{id}", "updateModel", "Change what is said of a model."),
       update_model);
  bind(routes, Method::del,
       member_row("/api/v2/models/{id}", "deleteModel", "Put a model into the bin.",
                  Scope::models_delete),
       delete_model);
  bind(routes, Method::post,
       member_row("/api/v2/models/{id}/restore", "restoreModel", "Take it out of the bin."),
       restore_model);
  bind(routes, Method::post,
       member_row("/api/v2/models/{id}/unpublish", "unpublishModel", "Hide it from others."),
       unpublish_model);
  bind(routes, Method::post,
       member_row("/api/v2/models/{id}/archive", "archiveModel",
                  "Keep the page, stop the downloads."),
       archive_model);
  bind(routes, Method::post,
       member_row("/api/v2/models/{id}/unarchive", "unarchiveModel", "Offer downloads again."),
       unarchive_model);
  bind(routes, Method::post,
       creating(member_row("/api/v2/models/{id}/versions", "createVersion", "Add a version.")),
       create_version);
  bind(routes, Method::patch,
       member_row("/api/v2/versions/{id}", "updateVersion", "Change what is said of a version."),
       update_version);
  bind(routes, Method::del,
       member_row("/api/v2/versions/{id}", "deleteVersion", "Remove a version.",
                  Scope::models_delete),
       delete_version);
  bind(routes, Method::post,
       member_row("/api/v2/versions/{id}/publish", "publishVersion",
                  "Publish a version and its model, now or later."),
       publish_version);
  bind(routes, Method::post,
       member_row("/api/v2/versions/{id}/unpublish", "unpublishVersion", "Hide a version."),
       unpublish_version);
  bind(routes, Method::post,
       member_row("/api/v2/versions/{id}/files", "attachFile", "Give a version a file of yours."),
       attach_file);
  bind(routes, Method::del,
       member_row("/api/v2/versions/{id}/files/{file}", "detachFile", "Take a file away."),
       detach_file);
}

void add_routes(schema::Routes& routes) {
  reading(routes);
  editing(routes);
}

}  // namespace

platform::Feature feature() {
  return {.name = "models", .routes = add_routes, .jobs = jobs, .events = events,
          .subjects = subjects, .searchables = searchables};
}

}  // namespace atelier::models
