#include "features/generation/offers.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "schema/json.hpp"

namespace atelier::generation {

OfferRow row_of(const ports::Offer& offer) {
  OfferRow row{offer.title, offer.tasks, {}, offer.samplers, offer.schedulers, offer.slots,
               offer.side_max, offer.count_max, offer.memory_bytes, offer.is_model,
               offer.previews};
  for (const ports::OfferedModel& model : offer.models)
    row.models.push_back({model.kind, model.name, model.hash});
  return row;
}

std::string offer_json(const ports::Offer& offer) { return schema::to_json(row_of(offer)); }

namespace {

std::shared_ptr<const ports::Offer> read(std::string_view json) {
  const auto row = schema::from_stored_json<OfferRow>(json);
  if (!row) return nullptr;
  ports::Offer offer;
  offer.title = row->title;
  offer.tasks = row->tasks;
  for (const OfferedModelRow& model : row->models)
    offer.models.push_back({model.kind, model.name, model.hash});
  offer.samplers = row->samplers;
  offer.schedulers = row->schedulers;
  offer.slots = static_cast<int>(std::max<std::int64_t>(row->slots, 1));
  offer.side_max = static_cast<int>(row->sideMax);
  offer.count_max = static_cast<int>(std::max<std::int64_t>(row->countMax, 1));
  offer.memory_bytes = row->memoryBytes;
  offer.is_model = row->isModel;
  offer.previews = row->previews;
  return std::make_shared<const ports::Offer>(std::move(offer));
}

struct Kept {
  std::string json;
  std::shared_ptr<const ports::Offer> offer;
};

}  // namespace

std::shared_ptr<const ports::Offer> offer_of(BackendId backend, std::string_view json) {
  static std::mutex lock;
  static std::map<BackendId, Kept> all;
  const std::lock_guard held(lock);
  Kept& kept = all[backend];
  if (kept.json != json) kept = {std::string(json), read(json)};
  return kept.offer;
}

}  // namespace atelier::generation
