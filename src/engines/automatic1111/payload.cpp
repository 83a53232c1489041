#include "engines/automatic1111/payload.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::engines::automatic1111 {

struct Overrides {
  std::optional<std::string> sd_model_checkpoint, sd_vae;
  std::optional<std::int64_t> CLIP_stop_at_last_layers;
};
BOOST_DESCRIBE_STRUCT(Overrides, (), (sd_model_checkpoint, sd_vae, CLIP_stop_at_last_layers))

struct ControlUnit {
  bool enabled = true;
  std::string image, model;
  std::string module = "none";  ///< the picture is prepared already
  double weight = 1, guidance_start = 0, guidance_end = 1;
};
BOOST_DESCRIBE_STRUCT(ControlUnit, (), (enabled, image, model, module, weight, guidance_start,
                                        guidance_end))

struct ControlScript {
  std::vector<ControlUnit> args;
};
BOOST_DESCRIBE_STRUCT(ControlScript, (), (args))

struct Scripts {
  ControlScript controlnet;
};
BOOST_DESCRIBE_STRUCT(Scripts, (), (controlnet))

struct SideLora {
  std::string path;
  double multiplier = 1;
};
BOOST_DESCRIBE_STRUCT(SideLora, (), (path, multiplier))

/// `POST /txt2img` and `/img2img`.
struct Work {
  std::string prompt, negative_prompt;
  schema::Json seed;  ///< of 64 bits
  std::int64_t batch_size = 1, n_iter = 1, steps = 20, width = 512, height = 512;
  double cfg_scale = 7;
  std::string sampler_name;
  std::optional<std::string> scheduler;
  bool send_images = true, save_images = false, override_settings_restore_afterwards = false;
  Overrides override_settings;
  std::optional<std::string> force_task_id;
  std::optional<Scripts> alwayson_scripts;
  std::optional<std::vector<SideLora>> lora;
  std::optional<bool> enable_hr;
  std::optional<std::string> hr_upscaler;
  std::optional<std::int64_t> hr_resize_x, hr_resize_y;
  std::optional<double> denoising_strength;
  std::optional<std::vector<std::string>> init_images;
  std::optional<std::int64_t> resize_mode, mask_blur, inpainting_fill, inpainting_mask_invert;
  std::optional<bool> inpaint_full_res, include_init_images;
  std::optional<std::string> mask;
};
BOOST_DESCRIBE_STRUCT(Work, (), (prompt, negative_prompt, seed, batch_size, n_iter, steps, width,
                                 height, cfg_scale, sampler_name, scheduler, send_images,
                                 save_images, override_settings_restore_afterwards,
                                 override_settings, force_task_id, alwayson_scripts, lora,
                                 enable_hr, hr_upscaler, hr_resize_x, hr_resize_y,
                                 denoising_strength, init_images, resize_mode, mask_blur,
                                 inpainting_fill, inpainting_mask_invert, inpaint_full_res,
                                 include_init_images, mask))

/// `POST /extra-single-image`.
struct Enlargement {
  std::string image, upscaler_1;
  std::int64_t resize_mode = 1;  ///< to a size
  std::int64_t upscaling_resize_w = 0, upscaling_resize_h = 0;
  bool upscaling_crop = false;
};
BOOST_DESCRIBE_STRUCT(Enlargement, (), (image, upscaler_1, resize_mode, upscaling_resize_w,
                                        upscaling_resize_h, upscaling_crop))

namespace {

using ports::GenerationTask;
using ports::Order;
using ports::Trouble;
using ports::trouble;

constexpr int crop_to_fill = 1, keep_what_is_there = 1, mask_blur_pixels = 4;

std::unexpected<Error> missing(std::string_view kind, std::string_view name) {
  return trouble(Trouble::model_missing,
                 "This backend has no " + std::string(kind) + " \"" + std::string(name) + "\".");
}

Result<Payload> enlargement(const Order& order, const Inventory& inventory) {
  if (!inventory.extras) return trouble(Trouble::invalid, "This backend does not upscale.");
  Enlargement work{base64(bytes_of(order.source)), ""};
  for (const ports::OrderedResource& resource : order.resources)
    if (resource.kind == "upscaler") work.upscaler_1 = resource.name;
  if (!work.upscaler_1.empty() && !inventory.has("upscaler", work.upscaler_1))
    return missing("upscaler", work.upscaler_1);
  if (work.upscaler_1.empty())
    work.upscaler_1 = inventory.upscalers.empty() ? "Lanczos" : inventory.upscalers.front();
  work.upscaling_resize_w = order.width;
  work.upscaling_resize_h = order.height;
  return Payload{"/extra-single-image", schema::to_json(work), ""};
}

Result<void> add_resources(const Order& order, const Inventory& inventory, Work& work,
                           std::string& note) {
  for (const ports::OrderedResource& resource : order.resources) {
    if (resource.kind == "lora") {
      if (!inventory.has("lora", resource.name)) return missing("LoRA", resource.name);
      if (inventory.stable_diffusion_cpp) {
        if (!work.lora) work.lora.emplace();
        work.lora->push_back({resource.name, resource.strength});
        continue;
      }
      work.prompt += " <lora:" + resource.name + ':';
      schema::write_json_number(work.prompt, resource.strength);
      work.prompt += '>';
    } else if (resource.kind == "vae") {
      if (!inventory.has("vae", resource.name)) return missing("VAE", resource.name);
      work.override_settings.sd_vae = resource.name;
    } else if (resource.kind == "embedding") {
      if (work.prompt.find(resource.name) == std::string::npos &&
          work.negative_prompt.find(resource.name) == std::string::npos)
        work.prompt += ", " + resource.name;  // its name in the prompt is what calls it
    } else if (resource.kind != "upscaler") {
      note = "Resources of the kind \"" + resource.kind + "\" were left out.";
    }
  }
  return {};
}

Result<void> add_controls(const Order& order, const Inventory& inventory, Work& work) {
  if (order.controls.empty()) return {};
  if (!inventory.controlnet) return trouble(Trouble::invalid, "This backend has no ControlNet.");
  Scripts scripts;
  for (const ports::OrderedControl& control : order.controls) {
    if (!inventory.has("controlnet", control.model)) return missing("ControlNet", control.model);
    ControlUnit unit;
    unit.image = base64(bytes_of(control.picture));
    unit.model = control.model;
    unit.weight = control.weight;
    unit.guidance_start = control.start;
    unit.guidance_end = control.end;
    scripts.controlnet.args.push_back(std::move(unit));
  }
  work.alwayson_scripts = std::move(scripts);
  return {};
}

Result<void> add_second_pass(const Order& order, const Inventory& inventory, Work& work) {
  if (inventory.stable_diffusion_cpp)
    return trouble(Trouble::invalid, "This backend makes no second pass.");
  work.width = order.first_width > 0 ? order.first_width : order.width / 2;
  work.height = order.first_height > 0 ? order.first_height : order.height / 2;
  work.enable_hr = true;
  work.hr_resize_x = order.width;
  work.hr_resize_y = order.height;
  work.denoising_strength = order.denoise < 1 ? order.denoise : 0.5;
  work.hr_upscaler = "Latent";
  for (const ports::OrderedResource& resource : order.resources)
    if (resource.kind == "upscaler") {
      if (!inventory.has("upscaler", resource.name)) return missing("upscaler", resource.name);
      work.hr_upscaler = resource.name;
    }
  return {};
}

void add_source(const Order& order, Work& work) {
  work.init_images = {base64(bytes_of(order.source))};
  work.denoising_strength = order.denoise;
  work.resize_mode = crop_to_fill;
  work.include_init_images = false;
  if (order.task != GenerationTask::inpaint) return;
  work.mask = base64(bytes_of(order.mask));
  work.inpainting_mask_invert = 0;  // white is edited, as in the order
  work.inpainting_fill = keep_what_is_there;
  work.inpaint_full_res = false;
  work.mask_blur = mask_blur_pixels;
}

}  // namespace

Result<Payload> payload(const Order& order, const Inventory& inventory) {
  if (order.task == GenerationTask::graph || order.task == GenerationTask::remove_background)
    return trouble(Trouble::invalid, "This backend cannot do that.");
  TRY(ports::check_pictures(order));
  if (order.task == GenerationTask::upscale) return enlargement(order, inventory);
  Work work;
  Payload made;
  work.prompt = order.prompt;
  work.negative_prompt = order.negative;
  work.seed.value = std::to_string(order.seed);
  work.batch_size = order.count;
  work.steps = order.steps;
  work.width = order.width;
  work.height = order.height;
  work.cfg_scale = order.guidance;
  if (!order.model.empty()) {
    if (!inventory.has("checkpoint", order.model)) return missing("model", order.model);
    work.override_settings.sd_model_checkpoint = order.model;
  }
  if (order.clip_skip > 1) work.override_settings.CLIP_stop_at_last_layers = order.clip_skip;
  const auto method = inventory.method(order.sampler, order.scheduler);
  if (!method)
    return trouble(Trouble::invalid, "This backend has no sampler \"" + order.sampler + "\".");
  work.sampler_name = method->sampler;
  if (inventory.schedulers && !method->scheduler.empty()) work.scheduler = method->scheduler;
  if (inventory.task_progress) work.force_task_id = order.key;
  TRY(add_resources(order, inventory, work, made.note));
  TRY(add_controls(order, inventory, work));
  made.path = "/txt2img";
  if (order.task == GenerationTask::hires) TRY(add_second_pass(order, inventory, work));
  if (order.task == GenerationTask::img2img || order.task == GenerationTask::inpaint) {
    made.path = "/img2img";
    add_source(order, work);
  }
  made.body = schema::to_json(work);
  return made;
}

}  // namespace atelier::engines::automatic1111
