#include "features/generation/offers.hpp"

#include <algorithm>

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

std::optional<ports::Offer> offer_of(std::string_view json) {
  const auto row = schema::from_stored_json<OfferRow>(json);
  if (!row) return std::nullopt;
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
  return offer;
}

}  // namespace atelier::generation
