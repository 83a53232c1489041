#include "features/civitai_api/civitai_api.hpp"
#include "features/civitai_api/endpoints.hpp"
#include "platform/cache_policy.hpp"

namespace atelier::civitai_api {
namespace {

using schema::Access;
using schema::bind;
using schema::Effect;
using schema::Face;
using schema::Method;
using schema::Row;
using schema::Scope;

Row row(std::string_view path, std::string_view id, std::string_view summary, int cache_s,
        Scope scope = Scope::models_read) {
  return {.path = path, .id = id, .summary = summary, .access = Access::anyone, .scope = scope,
          .cache_s = cache_s, .cheap = cache_s > 0, .hidden = true, .face = Face::civitai};
}

void add_routes(schema::Routes& routes) {
  using platform::reply_s;
  bind(routes, Method::get,
       row("/api/v1/models", "civitaiListModels", "Models.", reply_s("models")), list_models);
  bind(routes, Method::get,
       row("/api/v1/models/{id}", "civitaiGetModel", "A model.", reply_s("model")), get_model);
  bind(routes, Method::get,
       row("/api/v1/images", "civitaiListImages", "Images.", reply_s("images"),
           Scope::media_read),
       list_images);
  bind(routes, Method::get,
       row("/api/v1/model-versions/{id}", "civitaiGetVersion", "A version.", reply_s("version")),
       get_version);
  bind(routes, Method::get,
       row("/api/v1/model-versions/mini/{id}", "civitaiGetMini", "A version in short.",
           reply_s("version")),
       get_mini);
  bind(routes, Method::get,
       row("/api/v1/model-versions/by-hash/{hash}", "civitaiByHash",
           "The version that holds a file with this hash.", reply_s("version")),
       by_hash);
  bind_raw(routes, Method::post,
           row("/api/v1/model-versions/by-hash", "civitaiByHashes", "Versions by SHA256.", 0),
           by_hashes);
  bind_raw(routes, Method::post,
           row("/api/v1/model-versions/by-hash/ids", "civitaiIdsByHashes",
               "Numbers of versions by hash.", 0),
           ids_by_hashes);
  bind(routes, Method::get,
       row("/api/v1/creators", "civitaiListCreators", "Creators.", reply_s("models")),
       list_creators);
  bind(routes, Method::get, row("/api/v1/tags", "civitaiListTags", "Tags.", reply_s("models")),
       list_tags);
  bind(routes, Method::get, row("/api/v1/users", "civitaiListUsers", "People.", 0,
                                Scope::user_read),
       list_users);
  Row self = row("/api/v1/me", "civitaiMe", "The caller.", 0, Scope::user_read);
  self.access = Access::member;
  bind(routes, Method::get, self, me);
  bind(routes, Method::get,
       row("/api/v1/enums", "civitaiEnums", "The fixed words.", reply_s("vocabulary"),
           Scope::open),
       enums);
  bind_raw(routes, Method::get,
           row("/api/download/models/{id}", "civitaiDownload",
               "Redirects to a file of a version.", 0),
           download);
}

}  // namespace

platform::Feature feature() { return {.name = "civitai_api", .routes = add_routes}; }

}  // namespace atelier::civitai_api
