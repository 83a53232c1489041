#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "features/generation/piece.hpp"
#include "schema/describe.hpp"

/// What a backend said it can do, as it is stored and shown.
namespace atelier::generation {

struct OfferedModelRow {
  std::string kind, name, hash;
};
BOOST_DESCRIBE_STRUCT(OfferedModelRow, (), (kind, name, hash))

struct OfferRow {
  std::string title;
  std::vector<ports::GenerationTask> tasks;
  std::vector<OfferedModelRow> models;
  std::vector<std::string> samplers, schedulers;  ///< empty = any
  std::int64_t slots = 1, sideMax = 4096, countMax = 8;
  std::int64_t memoryBytes = 0;                   ///< 0 = not told
  bool isModel = true;                            ///< false: no AI model makes these pictures
  bool previews = false;
};
BOOST_DESCRIBE_STRUCT(OfferRow, (), (title, tasks, models, samplers, schedulers, slots, sideMax,
                                     countMax, memoryBytes, isModel, previews))

OfferRow row_of(const ports::Offer& offer);
std::string offer_json(const ports::Offer& offer);
/// Null for what is none. Offers are read with every decision and change seldom, and a large one
/// takes longer to read than all else of it: what was read last for a backend is kept, and is the
/// answer while the text is the same. From any thread.
std::shared_ptr<const ports::Offer> offer_of(BackendId backend, std::string_view json);

}  // namespace atelier::generation
