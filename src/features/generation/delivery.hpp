#pragma once
#include <memory>
#include <string>
#include <vector>

#include "features/files/files.hpp"
#include "features/generation/store.hpp"
#include "features/images/images.hpp"

/// From a backend's bytes to images of the member who asked: with their recipe inside, stored,
/// read, and private until they are posted.
namespace atelier::generation {

struct PreparedPicture {
  files::Stored file;
  std::shared_ptr<const images::ReadPicture> read;
  std::uint64_t seed = 0;
};

/// What the pictures of an attempt tell of themselves.
struct Making {
  const store::Generation& generation;
  const store::Step& step;
  const store::Attempt& attempt;
  const ports::Offer& offer;
};

/// Metadata, hashes, blob: all that is slow, outside of any transaction. `invalid` if the bytes
/// are no picture.
Result<std::vector<PreparedPicture>> prepare_pictures(Services& services, const Making& making,
                                                      const ports::Outcome& outcome);

/// Once for each step, whoever comes first: images, artifacts, charges, and what follows. An
/// attempt that was to be stopped ends as canceled, and its pictures are dropped.
Result<void> deliver(Services& services, sql::Tx& tx, const store::Attempt& known,
                     const std::vector<PreparedPicture>& pictures, std::string_view note);

/// The recipe that a picture carries.
recipes::Recipe recipe_of(const Making& making, std::uint64_t seed);
/// IPTC's word for how it came about.
std::string_view source_type(const Piece& piece, bool is_model);

}  // namespace atelier::generation
