#pragma once
#include <compare>
#include <cstdint>

namespace atelier {

/// The number of a row in one table. Different tables have different types, so they cannot be
/// mixed up. 0 = none. Things that Civitai's API shows stay below 2^31.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
};

using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using KeyId = Id<struct KeyTag>;
using InviteId = Id<struct InviteTag>;
using ModelId = Id<struct ModelTag>;
using VersionId = Id<struct VersionTag>;
using FileId = Id<struct FileTag>;
using UploadId = Id<struct UploadTag>;
using JobId = Id<struct JobTag>;
using ImportId = Id<struct ImportTag>;
using ImageId = Id<struct ImageTag>;
using PostId = Id<struct PostTag>;
using TagId = Id<struct TagTag>;
using CollectionId = Id<struct CollectionTag>;

}  // namespace atelier
