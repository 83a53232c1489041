#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "features/models/models.hpp"
#include "schema/types.hpp"

/// How an image looks in every reply that shows one. Members are the JSON names.
namespace atelier::images {

enum class ImageType : unsigned char { image, video };
BOOST_DESCRIBE_ENUM(ImageType, image, video)
/// Being read; shown; unreadable; not accepted here.
enum class ImageState : unsigned char { pending, ready, failed, blocked };
BOOST_DESCRIBE_ENUM(ImageState, pending, ready, failed, blocked)

/// Its bytes are at `/img/{key}/width=450/{name}` (WebP; widths of `widths()`), the original at
/// `/img/{key}/original=true/{name}`.
struct ImageCard {
  ImageId id;
  std::string key;
  std::string name;                    ///< "12.webp", "12.mp4": what addresses end in
  ImageType type = ImageType::image;
  std::string mime;                    ///< of the original; "" until it was read
  std::int64_t width = 0, height = 0;  ///< pixels; 0 until it was read
  std::int64_t bytes = 0;
  std::optional<std::int64_t> durationMs;
  std::string thumbHash;               ///< base64 (evanw.github.io/thumbhash); "" = none
  std::int64_t nsfwLevel = 0;          ///< one bit: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX; 0 = not said
  ImageState state = ImageState::pending;
  std::string problem;                 ///< of a failed or blocked one: why, for people
  std::optional<PostId> post;
  std::int64_t position = 0;
  std::optional<ModelId> model;        ///< in whose gallery it is
  std::optional<VersionId> version;
  std::string baseModel, tool;         ///< "" = not known
  bool hasMeta = false;                ///< a recipe that this viewer may see
  bool hasPrompt = false;
  std::optional<ImageId> remixOf;
  std::string creator;
  schema::Time createdAt;
  std::optional<schema::Time> publishedAt;
  std::int64_t likeCount = 0, dislikeCount = 0, laughCount = 0, cryCount = 0, heartCount = 0;
  std::int64_t commentCount = 0, collectedCount = 0;
  bool demo = false;
  bool mayEdit = false;
};
BOOST_DESCRIBE_STRUCT(ImageCard, (),
                      (id, key, name, type, mime, width, height, bytes, durationMs, thumbHash,
                       nsfwLevel, state, problem, post, position, model, version, baseModel, tool,
                       hasMeta, hasPrompt, remixOf, creator, createdAt, publishedAt, likeCount,
                       dislikeCount, laughCount, cryCount, heartCount, commentCount,
                       collectedCount, demo, mayEdit))

}  // namespace atelier::images
