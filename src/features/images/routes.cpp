#include "features/images/endpoints.hpp"
#include "features/images/searchable.hpp"
#include "features/images/settings.hpp"
#include "platform/cache_policy.hpp"
#include "platform/settings.hpp"

namespace atelier::images {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row member_row(std::string_view path, std::string_view id, std::string_view summary,
               Scope scope = Scope::media_write) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member, .scope = scope,
          .rate = Rate::write};
}

void reading(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/images", .id = "listImages", .summary = "Images, filtered and sorted.",
        .access = Access::anyone, .scope = Scope::media_read,
        .cache_s = platform::reply_s("images"), .cheap = true},
       list_images);
  bind(routes, Method::get,
       {.path = "/api/v2/images/{id}", .id = "getImage",
        .summary = "An image with its recipe and the models it was made with.",
        .access = Access::anyone, .scope = Scope::media_read,
        .cache_s = platform::reply_s("image"), .cheap = true},
       get_image);
  bind(routes, Method::get,
       {.path = "/api/v2/images/{id}/workflow", .id = "getImageWorkflow",
        .summary = "The ComfyUI documents that an image carries.", .access = Access::anyone,
        .scope = Scope::media_read, .cheap = true},
       get_workflow);
  bind_raw(routes, Method::get,
           {.path = "/img/{key}/{rest...}", .id = "showImage",
            .summary = "The bytes of an image: width=450, original=true, anim=false.",
            .access = Access::anyone, .scope = Scope::open},
           serve);
}

void writing(schema::Routes& routes) {
  Row creating = member_row("/api/v2/images", "createImage", "Make an image of an upload.");
  creating.rate = Rate::create;
  creating.creates = true;
  bind(routes, Method::post, creating, create_image);
  bind(routes, Method::patch,
       member_row("/api/v2/images/{id}", "updateImage", "Change what is said of an image."),
       update_image);
  bind(routes, Method::del,
       member_row("/api/v2/images/{id}", "deleteImage", "Put an image into the bin.",
                  Scope::media_delete),
       delete_image);
  bind(routes, Method::post,
       member_row("/api/v2/images/{id}/restore", "restoreImage", "Take it out of the bin."),
       restore_image);
  bind(routes, Method::post,
       member_row("/api/v2/images/{id}/read", "readImageAgain", "Read its file once more."),
       read_again);
  bind(routes, Method::put,
       member_row("/api/v2/images/{id}/level-vote", "voteImageLevel",
                  "Say which maturity level it has.", Scope::social_write),
       vote_level);
  bind(routes, Method::del,
       member_row("/api/v2/images/{id}/level-vote", "withdrawImageLevelVote",
                  "Take your word on its level back.", Scope::social_write),
       withdraw_vote);
}

void add_routes(schema::Routes& routes) {
  reading(routes);
  writing(routes);
}

void declare_settings(platform::Settings& settings) {
  settings.declare<ImagesSettings>("images", "Images");
}

}  // namespace

platform::Feature feature() {
  return {.name = "images", .routes = add_routes, .jobs = jobs, .events = events,
          .settings = declare_settings, .subjects = subjects, .searchables = searchables};
}

}  // namespace atelier::images
