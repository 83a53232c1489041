#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/civitai_api/endpoints.hpp"
#include "features/civitai_api/images.hpp"
#include "features/civitai_api/paging.hpp"

// GET /api/v1/images (civitai.md §10.6).
namespace atelier::civitai_api {
namespace {

constexpr std::int64_t limit_default = 100, limit_max = 200;

std::unexpected<Error> bad(const std::string& detail) {
  return fail(Fault::invalid, "invalid_request", detail);
}

Result<images::ImageSort> sort_of(const std::optional<Word>& name) {
  using images::ImageSort;
  constexpr auto sorts = std::to_array<std::pair<std::string_view, ImageSort>>({
      {"", ImageSort::mostReactions},
      {"Most Reactions", ImageSort::mostReactions},
      {"Most Comments", ImageSort::mostComments},
      {"Most Collected", ImageSort::mostCollected},
      {"Newest", ImageSort::newest},
      {"Oldest", ImageSort::oldest},
      {"Random", ImageSort::random},
  });
  const std::string_view wanted = name ? std::string_view(name->value) : "";
  for (const auto& [known, sort] : sorts)
    if (equal_ignoring_case(known, wanted)) return sort;
  return bad("There is no sort '" + std::string(wanted) + "'.");
}

/// Narrows what the viewer may see, and never widens it.
Result<std::optional<int>> levels_of(const ListImages& in) {
  if (in.browsingLevel)
    return std::optional<int>(static_cast<int>(in.browsingLevel->value) & maturity::all);
  constexpr auto words = std::to_array<std::pair<std::string_view, int>>({
      {"None", 1}, {"Soft", 3}, {"Mature", 7}, {"X", 31}, {"true", 28}, {"false", 1}});
  if (!in.nsfw || in.nsfw->value.empty()) return std::optional<int>{};
  for (const auto& [word, levels] : words)
    if (equal_ignoring_case(word, in.nsfw->value)) return std::optional<int>(levels);
  return bad("nsfw is true, false, None, Soft, Mature or X.");
}

Result<void> add_owner(Context& context, const ListImages& in, images::Filter& filter) {
  if (in.userId) filter.owner = UserId{in.userId->value};
  if (!in.username || in.username->value.empty()) return {};
  const auto user = TRY(accounts::find_user(context.tx(), in.username->value));
  if (!user)
    return fail(Fault::missing, "user_missing", "No user with username " + in.username->value);
  filter.owner = user->id;
  return {};
}

Result<images::Filter> filter_of(Context& context, const ListImages& in) {
  images::Filter filter;
  filter.limit =
      static_cast<int>(std::min(in.limit ? in.limit->value : limit_default, limit_max));
  if (in.cursor) filter.cursor = in.cursor->value;
  std::optional<std::int64_t> page;
  if (in.page) page = in.page->value;
  filter.offset = TRY(offset_of(page, !filter.cursor.empty(), filter.limit));
  if (in.postId) filter.post = PostId{in.postId->value};
  if (in.modelId) filter.model = ModelId{in.modelId->value};
  if (in.modelVersionId) filter.resource = VersionId{in.modelVersionId->value};
  if (in.imageId) filter.ids.push_back(ImageId{in.imageId->value});
  TRY(add_owner(context, in, filter));
  filter.sort = TRY(sort_of(in.sort));
  filter.levels = TRY(levels_of(in));
  if (in.tags)
    for (const Number tag : in.tags->value) filter.tags.push_back(TagId{tag.value});
  if (in.type && !in.type->value.empty()) {
    filter.type = schema::from_label<images::ImageType>(in.type->value);
    // There is no audio here: nothing is of that type.
    if (!filter.type && in.type->value == "audio") filter.ids.assign(1, ImageId{});
    else if (!filter.type) return bad("type is image, video or audio.");
  }
  if (in.baseModels)
    for (const Word& base : in.baseModels->value)
      if (!base.value.empty()) filter.base_models.push_back(base.value);
  if (in.requiringMeta.value_or(false)) filter.with_meta = true;
  if (in.period && !in.period->value.empty()) {
    const auto period = schema::from_label<models::Period>(in.period->value);
    if (!period) return bad("There is no period '" + in.period->value + "'.");
    filter.period = *period;
  }
  return filter;
}

std::string level_name(int level) {
  if (level >= maturity::blocked) return "Blocked";
  if (level >= maturity::x) return "X";
  if (level >= maturity::r) return "Mature";
  return level >= maturity::pg13 ? "Soft" : "None";
}

Image shown(const images::Image& image, const std::string& origin) {
  Image out;
  out.id = image.id.value;
  out.url = address_of(image, origin);
  out.hash.value = blur_hash(image);
  out.width = image.width;
  out.height = image.height;
  out.browsingLevel = image.level();
  out.nsfwLevel = level_name(image.level());
  out.nsfw = (image.level() & ~maturity::safe) != 0;
  out.type = schema::label_of(image.type);
  out.createdAt = {image.published_at.value_or(image.created_at)};
  if (image.post) out.postId.value = image.post->value;
  const images::Counts& counts = image.counts;
  out.stats = {counts.cries, counts.laughs, counts.likes, counts.dislikes, counts.hearts,
               counts.comments};
  out.username = image.owner_name;
  if (!image.base_model.empty()) out.baseModel.value = image.base_model;
  return out;
}

/// Lookups of one image and of a model's gallery wrap it, as they do there.
schema::Json wrapped(std::int64_t id, const std::string& meta) {
  return {"{\"id\":" + std::to_string(id) + ",\"meta\":" + meta + "}"};
}

Result<void> add_meta(Context& context, const ListImages& in,
                      const std::vector<images::Image>& found, std::vector<Image>& items) {
  if (!in.withMeta.value_or(false)) return {};
  const bool wraps = (in.imageId || (in.modelId && !in.modelVersionId && !in.postId)) &&
                     !in.flatMeta.value_or(false);
  const auto stored = TRY(images::recipes_of(context.tx(), found, context.viewer));
  for (Image& item : items) {
    const auto recipe = stored.find(ImageId{item.id});
    std::string meta = "null";
    if (recipe != stored.end())
      if (const auto read = schema::from_stored_json<recipes::Recipe>(recipe->second))
        meta = meta_of(*read).value;
    if (wraps) item.meta.value = wrapped(item.id, meta);
    else if (meta != "null") item.meta.value = schema::Json{meta};
  }
  return {};
}

}  // namespace

Result<ImageList> list_images(Context& context, const ListImages& in) {
  const images::Filter filter = TRY(filter_of(context, in));
  const images::Page page =
      TRY(images::list(context.tx(), filter, context.viewer, context.now));
  context.depends_on("images");
  context.depends_on("posts");
  context.depends_on("users");
  ImageList out;
  for (const images::Image& image : page.images)
    out.items.push_back(shown(image, context.request->origin));
  TRY(add_meta(context, in, page.images, out.items));
  const auto versions = TRY(images::versions_of(context.tx(), page.images));
  const bool with_tags = in.withTags.value_or(false);
  const auto tags = with_tags ? TRY(images::tags_of(context.tx(), page.images))
                              : std::map<ImageId, std::vector<images::TagName>>{};
  for (Image& item : out.items) {
    if (const auto found = versions.find(ImageId{item.id}); found != versions.end())
      for (const VersionId version : found->second) item.modelVersionIds.push_back(version.value);
    if (!with_tags) continue;
    item.tags.emplace();
    if (const auto found = tags.find(ImageId{item.id}); found != tags.end())
      for (const images::TagName& tag : found->second)
        item.tags->push_back({tag.id.value, tag.name});
  }
  std::optional<std::int64_t> number;
  if (in.page && filter.cursor.empty()) number = in.page->value;
  out.metadata = metadata_of(*context.request, number, filter.limit, page.next_cursor);
  return out;
}

}  // namespace atelier::civitai_api
