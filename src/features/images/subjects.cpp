#include "platform/subjects.hpp"

#include "features/images/functions.hpp"
#include "features/images/visibility.hpp"

// Images as things to react to, discuss, collect and report.
namespace atelier::images {
namespace {

using platform::Subject;
using platform::SubjectKind;

Result<std::optional<Subject>> find_subject(sql::Tx& tx, std::int64_t id, const Viewer& viewer) {
  const auto image = TRY(find(tx, ImageId{id}, viewer));
  if (!image) return std::optional<Subject>{};
  return std::optional<Subject>(subject_of(*image));
}

Result<Image> needed(Context& context, std::int64_t id) {
  std::optional<Image> image = TRY(store::image(context.tx(), ImageId{id}));
  if (!image) return fail(Fault::missing, "image_missing", "There is no such image.");
  return std::move(*image);
}

Result<void> take_down(Context& context, std::int64_t id, const std::string& reason) {
  Image image = TRY(needed(context, id));
  if (!image.taken_down_at) image.taken_down_at = context.now;
  image.taken_down_reason = reason;
  return save(context.services, context.tx(), image, context.viewer.user, "taken_down");
}

Result<void> give_back(Context& context, std::int64_t id) {
  Image image = TRY(needed(context, id));
  image.taken_down_at.reset();
  image.taken_down_reason.clear();
  return save(context.services, context.tx(), image, context.viewer.user, "given_back");
}

Result<void> lock_level(Context& context, std::int64_t id, int level) {
  Image image = TRY(needed(context, id));
  // An image has one level: of several bits the highest.
  int highest = 0;
  for (int bit = 1; bit <= maturity::blocked; bit <<= 1)
    if ((level & bit) != 0) highest = bit;
  image.level_locked = highest;
  return save(context.services, context.tx(), image, context.viewer.user);
}

/// No event: a counter is not worth dropping every cached list.
Result<void> counted(sql::Tx& tx, std::span<const platform::Tally> tallies) {
  for (const platform::Tally& tally : tallies) {
    if (tally.timeframe == platform::Timeframe::AllTime) TRY(store::put_counts(tx, tally));
    else TRY(store::put_rank(tx, tally));
  }
  return {};
}

}  // namespace

platform::Subject subject_of(const Image& image) {
  return {.kind = SubjectKind::image,
          .id = image.id.value,
          .owner = image.owner,
          .title = "",
          .address = "/images/" + std::to_string(image.id.value),
          .level = image.level(),
          .open = image.open()};
}

void subjects(platform::Subjects& all) {
  all.add(SubjectKind::image, {.find = find_subject,
                               .take_down = take_down,
                               .give_back = give_back,
                               .lock_level = lock_level,
                               .counted = counted,
                               .noun = "images"});
}

}  // namespace atelier::images
