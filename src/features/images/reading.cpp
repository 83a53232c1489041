#include "features/accounts/accounts.hpp"
#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/images/functions.hpp"
#include "features/images/visibility.hpp"

// What the pages of images read.
namespace atelier::images {
namespace {

constexpr int remixes_shown = 12;

Result<Filter> filter_of(Context& context, const ListImages& in) {
  Filter filter;
  if (in.ids) filter.ids = in.ids->value;
  filter.model = in.model;
  filter.version = in.version;
  filter.resource = in.resource;
  filter.post = in.post;
  if (in.username) {
    const auto user = TRY(accounts::find_user(context.tx(), in.username->value));
    if (!user) return fail(Fault::missing, "user_missing", "There is no such person.");
    filter.owner = user->id;
  }
  if (in.tag) {
    const auto tag = TRY(store::tag(context.tx(), in.tag->value));
    filter.tags.push_back(tag.value_or(TagId{}));
  }
  filter.type = in.type;
  if (in.baseModel)
    for (const auto& base : in.baseModel->value) filter.base_models.push_back(base.value);
  if (in.tool) filter.tool = in.tool->value;
  filter.with_meta = in.hasMeta;
  filter.by_creator = in.byCreator;
  filter.remix_of = in.remixOf;
  filter.followed = in.followed.value_or(false);
  if (filter.followed) TRY(follows::need(context.viewer));
  if (in.collection)
    filter.collection_items =
        TRY(collections::need(context, *in.collection, platform::SubjectKind::image));
  filter.collection = in.collection;
  if (in.mine.value_or(false)) {
    if (!context.viewer.signed_in())
      return fail(Fault::unauthenticated, "sign_in_needed", "Sign in to see your images.");
    filter.own = true;
    filter.deleted = in.deleted.value_or(false);
  }
  if (in.levels) filter.levels = static_cast<int>(in.levels->value);
  filter.period = in.period.value_or(models::Period::AllTime);
  filter.sort = in.sort.value_or(ImageSort::newest);
  if (in.cursor) filter.cursor = in.cursor->value;
  filter.around = in.around;
  if (in.limit) filter.limit = static_cast<int>(in.limit->value);
  if (in.page) filter.offset = (in.page->value - 1) * filter.limit;
  return filter;
}

Result<ImageResourceCard> shown(sql::Tx& tx, const store::Resource& resource,
                                const Viewer& viewer) {
  ImageResourceCard out;
  out.name = resource.name;
  out.kind = schema::from_label<recipes::ResourceKind>(resource.kind)
                 .value_or(recipes::ResourceKind::other);
  out.strength = resource.strength;
  out.hash = resource.hash;
  out.air = resource.air;
  out.detected = resource.detected;
  if (!resource.version) return out;
  const auto model = TRY(models::find(tx, *resource.version, viewer));
  if (!model || model->versions.empty()) return out;
  const models::Version& version = model->versions.front();
  out.model = model->id;
  out.version = version.id;
  out.modelName = model->name;
  out.versionName = version.name;
  out.baseModel = version.base_model;
  out.modelType = model->type;
  if (out.name.empty()) out.name = model->name;
  return out;
}

Result<void> add_recipe(sql::Tx& tx, const Image& image, ImagePage& out) {
  const auto stored = TRY(store::recipe(tx, image.id));
  if (!stored) return {};
  out.recipe = TRY(schema::from_stored_json<recipes::Recipe>(stored->recipe));
  out.raw = TRY(schema::from_stored_json<std::vector<CarriedTextRow>>(stored->raw));
  out.hasWorkflow = !stored->workflow.empty() || !stored->graph.empty();
  return {};
}

std::optional<std::string> if_any(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

Result<ImageLevels> levels_of(sql::Tx& tx, const Image& image, const Viewer& viewer) {
  ImageLevels out;
  out.claim = image.level_claim;
  out.locked = image.level_locked.has_value();
  if (image.level_vote != 0) out.voted = image.level_vote;
  for (const store::Vote& vote : TRY(store::votes(tx, image.id))) {
    ++out.votes;
    if (viewer.signed_in() && vote.user == viewer.user) out.mine = vote.level;
  }
  return out;
}

Result<ImagePage> page_of(Context& context, const Image& image) {
  sql::Tx& tx = context.tx();
  const Viewer& viewer = context.viewer;
  ImagePage out;
  out.image = card(image, viewer);
  out.hideMeta = image.hide_meta;
  if (image.post) out.tags = TRY(store::tags_of_post(tx, *image.post));
  if (!image.hide_meta || can_edit(image, viewer)) {
    TRY(add_recipe(tx, image, out));
    const auto resources = TRY(store::resources(tx, image.id));
    for (const store::Resource& resource : resources)
      out.resources.push_back(TRY(shown(tx, resource, viewer)));
  }
  if (image.remix_of)
    if (const auto source = TRY(find(tx, *image.remix_of, viewer)))
      out.remixOf = card(*source, viewer);
  Filter remixes;
  remixes.remix_of = image.id;
  remixes.limit = remixes_shown;
  const Page page = TRY(list(tx, remixes, viewer, context.now));
  for (const Image& remix : page.images) out.remixes.push_back(card(remix, viewer));
  out.levels = TRY(levels_of(tx, image, viewer));
  out.originalUrl = "/img/" + image.key + "/original=true/" + out.image.name;
  return out;
}

Result<ImageList> list_images(Context& context, const ListImages& in) {
  const Filter filter = TRY(filter_of(context, in));
  const Page page = TRY(list(context.tx(), filter, context.viewer, context.now));
  context.depends_on("images");
  context.depends_on("posts");
  context.depends_on("users");
  ImageList out;
  for (const Image& image : page.images) out.items.push_back(card(image, context.viewer));
  if (!page.next_cursor.empty()) out.nextCursor = page.next_cursor;
  if (!page.previous_cursor.empty()) out.previousCursor = page.previous_cursor;
  return out;
}

Result<ImagePage> get_image(Context& context, const ImagePath& in) {
  const Image image = TRY(visible(context, in.id));
  context.depends_on("images");
  context.depends_on("posts");
  context.depends_on("models");
  context.depends_on("users");
  return page_of(context, image);
}

Result<ImageWorkflow> get_workflow(Context& context, const ImagePath& in) {
  const Image image = TRY(visible(context, in.id));
  const auto stored = TRY(store::recipe(context.tx(), image.id));
  const bool told = stored && (!image.hide_meta || can_edit(image, context.viewer));
  if (!told || (stored->workflow.empty() && stored->graph.empty()))
    return fail(Fault::missing, "workflow_missing", "This image carries no workflow.");
  return ImageWorkflow{if_any(stored->workflow), if_any(stored->graph)};
}

}  // namespace atelier::images
