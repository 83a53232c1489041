#include "features/generation/functions.hpp"
#include "features/generation/store.hpp"
#include "schema/json.hpp"

// Requests that members keep by name.
namespace atelier::generation {
namespace {

constexpr std::size_t presets_max = 200;

Result<PresetRow> shown(const store::Preset& one) {
  return PresetRow{one.id, one.name, TRY(schema::from_stored_json<GenerationRequest>(one.request)),
                   {one.created_at}};
}

}  // namespace

Result<PresetList> list_presets(Context& context, const schema::Nothing&) {
  PresetList out;
  for (const store::Preset& one : TRY(store::presets(context.tx(), context.viewer.user)))
    out.items.push_back(TRY(shown(one)));
  return out;
}

Result<PresetRow> keep_preset(Context& context, const KeepPreset& in) {
  const auto before = TRY(store::presets(context.tx(), context.viewer.user));
  if (before.size() >= presets_max)
    return fail(Fault::limited, "too_many_presets", "There may be 200; delete some first.");
  store::Preset one{{}, context.viewer.user, in.name.value, schema::to_json(in.request),
                    context.now};
  one.id = TRY(store::put_preset(context.tx(), one));
  return shown(one);
}

Result<Nothing> delete_preset(Context& context, const PresetPath& in) {
  if (TRY(store::remove_preset(context.tx(), in.id, context.viewer.user))) return Nothing{};
  return fail(Fault::missing, "preset_missing", "There is no such preset of yours.");
}

}  // namespace atelier::generation
