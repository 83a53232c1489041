#include "engines/automatic1111/inventory.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "schema/document.hpp"

namespace atelier::engines::automatic1111 {
namespace {

using ports::Trouble;
using ports::trouble;
using schema::Document;

/// The list or object that a route answers with; absent where there is no such route.
Result<std::optional<Document>> asked(const Options& options, const std::string& path) {
  const fetch::Reply reply = TRY(call(options, {.url = path}));
  if (reply.status != 200) return std::nullopt;
  auto document = Document::parse(reply.body);
  if (!document) return std::nullopt;
  return std::move(*document);
}

Result<bool> exists(const Options& options, const std::string& path, std::string body) {
  fetch::Request request{.method = "POST", .url = path, .body = std::move(body)};
  const fetch::Reply reply = TRY(call(options, std::move(request)));
  return reply.status != 404 && reply.status != 405;
}

Result<void> list_models(const Options& options, Inventory& all) {
  const auto list = TRY(asked(options, "/sdapi/v1/sd-models"));
  if (!list || !list->is_list({}))
    return trouble(Trouble::unreachable, "The backend does not speak A1111's interface.");
  for (const Document& model : list->items({})) {
    const std::string name = model.text({"title"}).value_or(
        model.text({"model_name"}).value_or(""));
    std::string hash = model.text({"sha256"}).value_or("");
    if (hash.empty()) hash = model.text({"hash"}).value_or("");
    if (!name.empty()) all.models.push_back({"checkpoint", name, lower_ascii(hash)});
  }
  return {};
}

Result<void> list_others(const Options& options, Inventory& all) {
  if (const auto loras = TRY(asked(options, "/sdapi/v1/loras")))
    for (const Document& lora : loras->items({}))
      if (const auto name = lora.text({"name"}))
        all.models.push_back(
            {"lora", *name, lora.text({"metadata", "sshs_model_hash"}).value_or("")});
  auto vaes = TRY(asked(options, "/sdapi/v1/sd-vae"));
  if (!vaes) vaes = TRY(asked(options, "/sdapi/v1/sd-modules"));
  if (vaes)
    for (const Document& vae : vaes->items({}))
      if (const auto name = vae.text({"model_name"})) all.models.push_back({"vae", *name, ""});
  if (const auto words = TRY(asked(options, "/sdapi/v1/embeddings")))
    for (const std::string& name : words->names({"loaded"}))
      all.models.push_back({"embedding", name, ""});
  if (const auto nets = TRY(asked(options, "/controlnet/model_list"))) {
    all.controlnet = true;
    for (const std::string& name : nets->texts({"model_list"}))
      if (lower_ascii(name) != "none") all.models.push_back({"controlnet", name, ""});
  }
  if (const auto upscalers = TRY(asked(options, "/sdapi/v1/upscalers")))
    for (const std::string& name : upscalers->texts({}, "name"))
      if (lower_ascii(name) != "none") {
        all.upscalers.push_back(name);
        all.models.push_back({"upscaler", name, ""});
      }
  return {};
}

Result<void> list_methods(const Options& options, Inventory& all) {
  const auto samplers = TRY(asked(options, "/sdapi/v1/samplers"));
  const auto schedulers = TRY(asked(options, "/sdapi/v1/schedulers"));
  all.schedulers = schedulers && schedulers->is_list({});
  if (!samplers) return {};
  for (const Document& sampler : samplers->items({})) {
    const auto own = sampler.text({"name"});
    if (!own) continue;
    const Method whole = options.canonical(*own, "");
    if (whole.sampler.empty()) continue;
    all.methods.try_emplace(whole, Method{*own, ""});
    if (!all.schedulers || !whole.scheduler.empty()) continue;
    for (const Document& scheduler : schedulers->items({})) {
      const auto name = scheduler.text({"name"});
      if (!name) continue;
      const Method both = options.canonical(*own, *name);
      if (!both.scheduler.empty()) all.methods.try_emplace(both, Method{*own, *name});
    }
  }
  return {};
}

Result<std::string> title(const Options& options, const Inventory& all) {
  if (all.stable_diffusion_cpp) return "stable-diffusion.cpp";
  const auto version = TRY(asked(options, "/sdapi/v1/version"));
  if (version && version->text({"app"}).value_or("").find("sd.next") != std::string::npos)
    return "SD.Next";
  if (TRY(asked(options, "/sdapi/v1/sd-modules"))) return "Forge";
  return all.task_progress ? "Stable Diffusion web UI" : "A server with A1111's interface";
}

}  // namespace

Result<fetch::Reply> call(const Options& options, fetch::Request request) {
  request.url = options.url + request.url;
  request.token = options.token;
  auto reply = fetch::send(request);
  if (!reply)
    return reply.error().code == "fetch_stopped"
               ? trouble(Trouble::canceled, "The work was stopped.")
               : trouble(Trouble::unreachable, "The backend does not answer.");
  if (reply->status == 401 || reply->status == 403)
    return trouble(Trouble::failed, "The backend refuses: it wants another name or password.");
  if (reply->status >= 502 && reply->status <= 504)
    return trouble(Trouble::unreachable, "Something before the backend does not reach it.");
  return reply;
}

Result<Inventory> take_inventory(const Options& options) {
  Inventory all;
  TRY(list_models(options, all));
  all.stable_diffusion_cpp = TRY(asked(options, "/sdcpp/v1/capabilities")).has_value();
  TRY(list_others(options, all));
  TRY(list_methods(options, all));
  all.progress =
      TRY(asked(options, "/sdapi/v1/progress?skip_current_image=true")).has_value();
  all.task_progress = TRY(exists(options, "/internal/progress",
                                 R"({"id_task":"atelier-none","live_preview":false})"));
  all.interrupt = all.progress && !all.stable_diffusion_cpp;
  all.extras = TRY(exists(options, "/sdapi/v1/extra-single-image", "{}"));
  all.title = TRY(title(options, all));
  return all;
}

bool Inventory::has(std::string_view kind, std::string_view name) const {
  return std::ranges::any_of(models, [&](const ports::OfferedModel& model) {
    return model.kind == kind && model.name == name;
  });
}

std::optional<Method> Inventory::method(const std::string& sampler,
                                        const std::string& scheduler) const {
  if (methods.empty()) return Method{sampler, scheduler};
  for (const std::string& wanted : {scheduler, std::string()})
    if (const auto found = methods.find({sampler, wanted}); found != methods.end())
      return found->second;
  return std::nullopt;
}

}  // namespace atelier::engines::automatic1111
