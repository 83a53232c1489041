#include <algorithm>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/civitai_api/endpoints.hpp"

// Creators, tags, users, the caller, and the fixed words (civitai.md §10.7).
namespace atelier::civitai_api {
namespace {

constexpr std::int64_t rows_default = 20, rows_max = 200;

struct Window {
  std::int64_t limit, page;
  int offset() const { return static_cast<int>((page - 1) * limit); }
};

Window window_of(const ListNames& in) {
  const std::int64_t limit = in.limit ? in.limit->value : rows_default;
  return {std::clamp<std::int64_t>(limit, 1, rows_max),
          std::clamp<std::int64_t>(in.page ? in.page->value : 1, 1, 100'000)};
}

ListMetadata metadata_of(const Context& context, const Window& window, std::int64_t total) {
  const auto address = [&](std::int64_t page) {
    std::string query;
    for (const std::string_view part : split(context.request->query, '&'))
      if (!part.empty() && !part.starts_with("page=")) query += std::string(part) + "&";
    return context.request->origin + context.request->path + "?" + query +
           "page=" + std::to_string(page);
  };
  ListMetadata metadata;
  metadata.totalItems = total;
  metadata.currentPage = window.page;
  metadata.pageSize = window.limit;
  metadata.totalPages = (total + window.limit - 1) / window.limit;
  if (window.page < *metadata.totalPages) metadata.nextPage = address(window.page + 1);
  if (window.page > 1) metadata.prevPage = address(window.page - 1);
  return metadata;
}

std::string query_of(const ListNames& in) { return in.query ? in.query->value : ""; }

std::vector<Text> words(std::span<const std::string_view> all) { return {all.begin(), all.end()}; }

template <class E>
std::vector<Text> labels() {
  std::vector<Text> out;
  for (std::size_t i = 0; schema::TypeOf<E>::All::names[i] != nullptr; ++i)
    out.emplace_back(schema::TypeOf<E>::All::names[i]);
  return out;
}

}  // namespace

Result<CreatorList> list_creators(Context& context, const ListNames& in) {
  const Window window = window_of(in);
  context.depends_on("models");
  context.depends_on("users");
  CreatorList out;
  for (const models::Creator& creator : TRY(models::creators(
           context.tx(), query_of(in), static_cast<int>(window.limit), window.offset())))
    out.items.push_back({creator.username, creator.models,
                         context.request->origin + "/api/v1/models?username=" +
                             percent_encode(creator.username)});
  out.metadata = metadata_of(context, window,
                             TRY(models::count_creators(context.tx(), query_of(in))));
  return out;
}

Result<TagList> list_tags(Context& context, const ListNames& in) {
  const Window window = window_of(in);
  context.depends_on("models");
  TagList out;
  for (const models::TagCount& tag : TRY(models::tags(
           context.tx(), query_of(in), static_cast<int>(window.limit), window.offset())))
    out.items.push_back({tag.name, tag.models,
                         context.request->origin + "/api/v1/models?tag=" +
                             percent_encode(tag.name)});
  out.metadata =
      metadata_of(context, window, TRY(models::count_tags(context.tx(), query_of(in))));
  return out;
}

Result<UserList> list_users(Context& context, const ListUsers& in) {
  constexpr int found_max = 5;
  UserList out;
  std::vector<accounts::User> users;
  if (in.ids) {
    std::vector<UserId> ids;
    for (const Number id : in.ids->value) ids.push_back({id.value});
    users = TRY(accounts::find_users(context.tx(), ids));
  } else if (in.query && !in.query->value.empty()) {
    users = TRY(accounts::list_users(context.tx(), {in.query->value, "", found_max}));
  }
  for (const accounts::User& user : users) out.items.push_back({user.id.value, user.username});
  return out;
}

Result<Me> me(Context& context, const schema::Nothing&) {
  const auto user = TRY(accounts::find_user(context.tx(), context.viewer.user));
  if (!user) return fail(Fault::unauthenticated, "sign_in_needed", "Unauthorized");
  return Me{user->id.value, user->username, "free", schema::label_of(user->status), true, {}};
}

Result<Enums> enums(Context&, const schema::Nothing&) {
  return Enums{labels<models::ModelType>(), words(models::file_types()),
               words(models::active_base_models()), words(models::base_models()),
               labels<models::BaseModelType>()};
}

}  // namespace atelier::civitai_api
