#include "platform/settings.hpp"

#include "features/operations/endpoints.hpp"

namespace atelier::operations {

Result<AllSettings> get_settings(Context& context, const schema::Nothing&) {
  AllSettings all;
  const platform::Settings& settings = *context.services.settings;
  for (const platform::Settings::Group& group : settings.groups())
    all.groups.push_back({group.name, group.title, {TRY(settings.shown(group.name))}});
  return all;
}

Result<SettingsGroup> change_settings(Context& context, const ChangeSettings& in) {
  platform::Settings& settings = *context.services.settings;
  auto values = settings.change(context.tx(), in.group.value, in.changes.value,
                                context.viewer.user);
  if (!values) {
    for (FieldFault& field : values.error().fields) field.path = "/changes" + field.path;
    return std::unexpected(std::move(values).error());
  }
  for (const platform::Settings::Group& group : settings.groups())
    if (group.name == in.group.value) return SettingsGroup{group.name, group.title, {*values}};
  return fail(Fault::missing, "no_such_settings", "There is no group of settings by this name.");
}

}  // namespace atelier::operations
