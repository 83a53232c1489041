#include "features/generation/functions.hpp"
#include "features/generation/orchestrator.hpp"
#include "platform/events.hpp"

// What owners do with their generations.
namespace atelier::generation {

Result<GenerationCard> update_generation(Context& context, const UpdateGeneration& in) {
  store::Generation one = TRY(own(context.tx(), in.id, context.viewer));
  if (in.favourite) one.favourite = *in.favourite;
  TRY(store::update(context.tx(), one));
  if (in.tags) {
    std::vector<std::string> tags;
    for (const auto& tag : in.tags->value) tags.push_back(tag.value);
    TRY(store::set_tags(context.tx(), one.id, tags));
  }
  return get_generation(context, {in.id});
}

Result<GenerationCard> cancel_generation(Context& context, const GenerationPath& in) {
  store::Generation one = TRY(own(context.tx(), in.id, context.viewer));
  if (!is_final(one.status))
    TRY(stop(context.services, context.tx(), std::move(one), GenerationStatus::canceled));
  return get_generation(context, in);
}

Result<Nothing> delete_generation(Context& context, const GenerationPath& in) {
  const store::Generation one = TRY(own(context.tx(), in.id, context.viewer));
  if (!is_final(one.status))
    return fail(Fault::conflict, "generation_open", "Cancel it first, or wait for its end.");
  for (const store::Attempt& attempt : TRY(store::open_attempts(context.tx()))) {
    const auto step = TRY(store::step(context.tx(), attempt.step));
    if (step && step->generation == one.id)
      return fail(Fault::conflict, "generation_open", "A backend is still letting go of it.");
  }
  TRY(store::remove(context.tx(), one.id));
  TRY(platform::publish(context.services, context.tx(), "generations", "removed", one.id.value,
                        context.viewer.user));
  return Nothing{};
}

}  // namespace atelier::generation
