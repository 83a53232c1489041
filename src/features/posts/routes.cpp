#include "features/posts/endpoints.hpp"
#include "features/posts/searchable.hpp"
#include "platform/cache_policy.hpp"

namespace atelier::posts {
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

Row creating(Row row) {
  row.rate = Rate::create;
  row.creates = true;
  return row;
}

void add_routes(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/posts", .id = "listPosts", .summary = "Posts, filtered and sorted.",
        .access = Access::anyone, .scope = Scope::media_read,
        .cache_s = platform::reply_s("images"), .cheap = true},
       list_posts);
  bind(routes, Method::get,
       {.path = "/api/v2/posts/{id}", .id = "getPost", .summary = "A post with its images.",
        .access = Access::anyone, .scope = Scope::media_read,
        .cache_s = platform::reply_s("image"), .cheap = true},
       get_post);
  bind(routes, Method::post,
       creating(member_row("/api/v2/posts", "createPost", "Start a post as a private draft.")),
       create_post);
  bind(routes, Method::patch,
       member_row("/api/v2/posts/{id}", "updatePost", "Change what is said of a post."),
       update_post);
  bind(routes, Method::post,
       creating(member_row("/api/v2/posts/{id}/images", "addPostImage",
                           "Add an image at the end.")),
       add_post_image);
  bind(routes, Method::put,
       member_row("/api/v2/posts/{id}/order", "orderPost", "Put the images into another order."),
       order_post);
  bind(routes, Method::post,
       member_row("/api/v2/posts/{id}/publish", "publishPost", "Show it to others, now or later."),
       publish_post);
  bind(routes, Method::post,
       member_row("/api/v2/posts/{id}/unpublish", "unpublishPost", "Make it a draft again."),
       unpublish_post);
  bind(routes, Method::del,
       member_row("/api/v2/posts/{id}", "deletePost", "Put a post into the bin.",
                  Scope::media_delete),
       delete_post);
  bind(routes, Method::post,
       member_row("/api/v2/posts/{id}/restore", "restorePost", "Take it out of the bin."),
       restore_post);
}

}  // namespace

platform::Feature feature() {
  return {.name = "posts", .routes = add_routes, .jobs = jobs, .subjects = subjects,
          .searchables = searchables};
}

}  // namespace atelier::posts
