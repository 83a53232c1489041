#include <algorithm>

#include "features/images/functions.hpp"
#include "features/images/visibility.hpp"
#include "platform/events.hpp"

// What owners do with their images, and what everybody says of their level.
namespace atelier::images {
namespace {

constexpr std::size_t votes_needed = 3;

/// The file that is meant, if it is the viewer's own.
Result<FileId> own_file(Context& context, const Source& source) {
  std::optional<FileId> id = source.file;
  if (source.upload) {
    id = TRY(files::of_upload(context.tx(), *source.upload, context.viewer.user));
    if (!id) return fail(Fault::missing, "upload_missing", "There is no such finished upload.");
  }
  if (!id) return fail(Fault::invalid, "file_needed", "Name an upload or a file.");
  const std::optional<files::File> file = TRY(files::find(context.tx(), *id));
  if (!file || file->owner != context.viewer.user)
    return fail(Fault::missing, "file_missing", "There is no such file of yours.");
  return *id;
}

Result<void> check_remix(Context& context, const std::optional<ImageId>& of) {
  if (of && !TRY(find(context.tx(), *of, context.viewer)))
    return fail(Fault::missing, "image_missing", "There is no such image to have started from.");
  return {};
}

Result<void> follow_votes(Context& context, Image& image) {
  const auto votes = TRY(store::votes(context.tx(), image.id));
  const int before = image.level();
  image.level_vote = level_of_votes(votes, image.level_claim);
  if (image.level() == before) return store::update(context.tx(), image);
  return save(context.services, context.tx(), image, context.viewer.user);
}

}  // namespace

int level_of_votes(const std::vector<store::Vote>& votes, int claim) {
  if (votes.size() < votes_needed) return 0;
  std::vector<int> levels;
  for (const store::Vote& vote : votes) levels.push_back(vote.level);
  std::ranges::sort(levels);
  const int low = levels[(levels.size() - 1) / 2], high = levels[levels.size() / 2];
  return std::clamp(claim, low, high);
}

Result<Image> visible(Context& context, ImageId id) {
  std::optional<Image> image = TRY(find(context.tx(), id, context.viewer));
  if (!image) return fail(Fault::missing, "image_missing", "There is no such image.");
  return std::move(*image);
}

Result<Image> editable(Context& context, ImageId id) {
  Image image = TRY(visible(context, id));
  if (!can_edit(image, context.viewer))
    return fail(Fault::forbidden, "not_owner", "Only its owner may change this image.");
  return image;
}

Result<ImageId> add(Context& context, const Source& source) {
  TRY(check_level(source.level, "/nsfwLevel"));
  TRY(check_remix(context, source.remix_of));
  const FileId file = TRY(own_file(context, source));
  return add(context.services, context.tx(),
             NewImage{context.viewer.user, file, source.level, source.hide_meta, source.remix_of,
                      false});
}

Result<ImagePage> create_image(Context& context, const CreateImage& in) {
  const ImageId id =
      TRY(add(context, Source{in.file, in.upload,
                              static_cast<int>(in.nsfwLevel ? in.nsfwLevel->value : 0),
                              in.hideMeta.value_or(false), in.remixOf}));
  return page_of(context, TRY(visible(context, id)));
}

Result<ImagePage> update_image(Context& context, const UpdateImage& in) {
  Image image = TRY(editable(context, in.id));
  if (in.nsfwLevel) {
    TRY(check_level(in.nsfwLevel->value, "/nsfwLevel"));
    if (in.nsfwLevel->value == 0 && image.published_at)
      return fail(Fault::conflict, "level_needed", "A published image has a level.");
    image.level_claim = static_cast<int>(in.nsfwLevel->value);
    image.level_vote =
        level_of_votes(TRY(store::votes(context.tx(), image.id)), image.level_claim);
  }
  if (in.hideMeta) image.hide_meta = *in.hideMeta;
  if (in.remixOf) {
    TRY(check_remix(context, in.remixOf->value));
    if (in.remixOf->value == image.id)
      return fail(Fault::invalid, "remix_of_itself", "An image does not start from itself.");
    image.remix_of = in.remixOf->value;
  }
  TRY(save(context.services, context.tx(), image, context.viewer.user));
  return page_of(context, image);
}

Result<Nothing> delete_image(Context& context, const ImagePath& in) {
  Image image = TRY(editable(context, in.id));
  if (!image.deleted_at) {
    image.deleted_at = context.now;
    TRY(save(context.services, context.tx(), image, context.viewer.user, "deleted"));
  }
  return Nothing{};
}

Result<ImagePage> restore_image(Context& context, const ImagePath& in) {
  Image image = TRY(editable(context, in.id));
  image.deleted_at.reset();
  TRY(save(context.services, context.tx(), image, context.viewer.user, "restored"));
  return page_of(context, image);
}

Result<ImagePage> read_again(Context& context, const ImagePath& in) {
  Image image = TRY(editable(context, in.id));
  if (image.state == ImageState::blocked)
    return fail(Fault::conflict, "image_blocked", "This image is not accepted here.");
  TRY(enqueue_reading(context.tx(), context.now, image.id, image.owner));
  return page_of(context, image);
}

Result<ImageLevels> vote_level(Context& context, const VoteLevel& in) {
  Image image = TRY(visible(context, in.id));
  TRY(check_level(in.level.value, "/level"));
  if (image.owner == context.viewer.user)
    return fail(Fault::conflict, "own_image", "Of your own image you say the level yourself.");
  if (!image.open())
    return fail(Fault::conflict, "image_not_open", "This image is not shown to others.");
  TRY(store::put_vote(context.tx(), image.id, context.viewer.user,
                      static_cast<int>(in.level.value), context.now));
  TRY(follow_votes(context, image));
  return levels_of(context.tx(), image, context.viewer);
}

Result<ImageLevels> withdraw_vote(Context& context, const ImagePath& in) {
  Image image = TRY(visible(context, in.id));
  TRY(store::delete_vote(context.tx(), image.id, context.viewer.user));
  TRY(follow_votes(context, image));
  return levels_of(context.tx(), image, context.viewer);
}

}  // namespace atelier::images
