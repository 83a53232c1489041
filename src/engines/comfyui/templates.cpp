#include "engines/comfyui/templates.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::GenerationTask;
using ports::Order;
using ports::Trouble;
using ports::trouble;

constexpr int latent_step = 8, flux_step = 16;
constexpr int mask_growth = 6;           ///< pixels; hides the seam of the latent's cells
constexpr double usual_second_pass = 0.5;

std::unexpected<Error> missing(std::string_view kind, std::string_view name) {
  return trouble(Trouble::model_missing,
                 "This backend has no " + std::string(kind) + " \"" + std::string(name) + "\".");
}

bool among(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// The first name that holds one of these words.
std::string like(const std::vector<std::string>& names,
                 std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    for (const std::string& name : names)
      if (lower_ascii(name).find(word) != std::string::npos) return name;
  return {};
}

class Template {
 public:
  Template(const Order& order, const NodeTypes& types, const Uploads& uploads)
      : order_(order), types_(types), uploads_(uploads) {}

  Result<Plan> make() {
    if (order_.task == GenerationTask::upscale) {
      TRY(upscale());
    } else {
      TRY(load_model());
      TRY(load_resources());
      encode_texts();
      TRY(apply_controls());
      prepare();
      for (int i = 0; i < order_.count; ++i)
        show(picture(order_.seed + static_cast<std::uint64_t>(i)));
    }
    plan_.graph = graph_.json();
    return std::move(plan_);
  }

 private:
  void show(const Link& image) { graph_.add("PreviewImage", {{"images", image}}); }

  std::int64_t rounded(int side) const {
    const int step = flux_ ? flux_step : latent_step;
    return (std::max(side, step) + step - 1) / step * step;
  }
  Link scaled(const Link& image, std::int64_t width, std::int64_t height, std::string_view how,
              std::string_view crop = "disabled") {
    return graph_.add("ImageScale", {{"image", image},
                                     {"upscale_method", std::string(how)},
                                     {"width", width},
                                     {"height", height},
                                     {"crop", std::string(crop)}});
  }

  std::string upscaler() const {
    for (const ports::OrderedResource& resource : order_.resources)
      if (resource.kind == "upscaler") return resource.name;
    return {};
  }
  Link enlarged(const Link& image, const std::string& model) {
    const Link loaded = graph_.add("UpscaleModelLoader", {{"model_name", model}});
    return graph_.add("ImageUpscaleWithModel", {{"upscale_model", loaded}, {"image", image}});
  }

  Result<void> upscale() {
    Link image = graph_.add("LoadImage", {{"image", uploads_.source}});
    if (const std::string model = upscaler(); !model.empty()) {
      if (!among(types_.choices("UpscaleModelLoader", "model_name"), model))
        return missing("upscaler", model);
      image = enlarged(image, model);
    }
    show(scaled(image, order_.width, order_.height, "lanczos"));
    return {};
  }

  Result<void> load_model() {
    const auto checkpoints = types_.choices("CheckpointLoaderSimple", "ckpt_name");
    const auto diffusion = types_.choices("UNETLoader", "unet_name");
    std::string name = order_.model;
    if (name.empty()) name = !checkpoints.empty() ? checkpoints[0] : like(diffusion, {"flux"});
    if (name.empty()) return trouble(Trouble::model_missing, "This backend has no model at all.");
    const std::string lower = lower_ascii(name);
    flux_ = lower.find("flux") != std::string::npos;
    if (among(checkpoints, name)) {
      model_ = graph_.add("CheckpointLoaderSimple", {{"ckpt_name", name}});
      clip_ = model_.at(1);
      vae_ = model_.at(2);
      return {};
    }
    if (!among(diffusion, name)) return missing("model", name);
    if (!flux_)
      return trouble(Trouble::invalid,
                     "This diffusion model needs a workflow of its own: only Flux is known.");
    const auto clips = types_.choices("DualCLIPLoader", "clip_name1");
    const std::string clip = like(clips, {"clip_l"}), t5 = like(clips, {"t5xxl", "t5"});
    const std::string vae =
        like(types_.choices("VAELoader", "vae_name"), {"ae.s", "flux", "ae_"});
    if (clip.empty()) return missing("text encoder", "clip_l");
    if (t5.empty()) return missing("text encoder", "t5xxl");
    if (vae.empty()) return missing("VAE", "ae");
    model_ = graph_.add("UNETLoader", {{"unet_name", name},
                                       {"weight_dtype", std::string("default")}});
    clip_ = graph_.add("DualCLIPLoader", {{"clip_name1", clip}, {"clip_name2", t5},
                                          {"type", std::string("flux")}});
    vae_ = graph_.add("VAELoader", {{"vae_name", vae}});
    return {};
  }

  Result<void> load_resources() {
    prompt_ = order_.prompt;
    for (const ports::OrderedResource& resource : order_.resources) {
      if (resource.kind == "lora") {
        if (!among(types_.choices("LoraLoader", "lora_name"), resource.name))
          return missing("LoRA", resource.name);
        model_ = graph_.add("LoraLoader", {{"model", model_},
                                           {"clip", clip_},
                                           {"lora_name", resource.name},
                                           {"strength_model", resource.strength},
                                           {"strength_clip", resource.strength}});
        clip_ = model_.at(1);
      } else if (resource.kind == "vae") {
        if (!among(types_.choices("VAELoader", "vae_name"), resource.name))
          return missing("VAE", resource.name);
        vae_ = graph_.add("VAELoader", {{"vae_name", resource.name}});
      } else if (resource.kind == "embedding") {
        const std::string word = "embedding:" + resource.name;
        if (prompt_.find(word) == std::string::npos &&
            order_.negative.find(word) == std::string::npos) {
          prompt_ += ", (" + word + ':';
          schema::write_json_number(prompt_, resource.strength);
          prompt_ += ')';
        }
      } else if (resource.kind != "upscaler") {
        plan_.note = "Resources of the kind \"" + resource.kind + "\" were left out.";
      }
    }
    if (const std::string model = upscaler();
        !model.empty() && !among(types_.choices("UpscaleModelLoader", "model_name"), model))
      return missing("upscaler", model);
    return {};
  }

  void encode_texts() {
    if (order_.clip_skip > 1 && !flux_)
      clip_ = graph_.add("CLIPSetLastLayer",
                         {{"clip", clip_},
                          {"stop_at_clip_layer", -std::int64_t{order_.clip_skip}}});
    positive_ = graph_.add("CLIPTextEncode", {{"clip", clip_}, {"text", prompt_}});
    negative_ = graph_.add("CLIPTextEncode", {{"clip", clip_}, {"text", order_.negative}});
    if (flux_)
      positive_ = graph_.add("FluxGuidance",
                             {{"conditioning", positive_}, {"guidance", order_.guidance}});
  }

  Result<void> apply_controls() {
    for (std::size_t i = 0; i < order_.controls.size(); ++i) {
      const ports::OrderedControl& control = order_.controls[i];
      if (!among(types_.choices("ControlNetLoader", "control_net_name"), control.model))
        return missing("ControlNet", control.model);
      const Link net = graph_.add("ControlNetLoader", {{"control_net_name", control.model}});
      const Link image = graph_.add("LoadImage", {{"image", uploads_.controls.at(i)}});
      positive_ = graph_.add(
          "ControlNetApplyAdvanced",
          {{"positive", positive_},
           {"negative", negative_},
           {"control_net", net},
           {"image", scaled(image, rounded(order_.width), rounded(order_.height), "lanczos",
                            "center")},
           {"strength", control.weight},
           {"start_percent", control.start},
           {"end_percent", control.end},
           {"vae", vae_}});
      negative_ = positive_.at(1);
    }
    return {};
  }

  /// What all pictures of the order begin from.
  void prepare() {
    const std::int64_t width = rounded(order_.width), height = rounded(order_.height);
    const auto empty = [&](std::int64_t w, std::int64_t h) {
      return graph_.add(flux_ ? "EmptySD3LatentImage" : "EmptyLatentImage",
                        {{"width", w}, {"height", h}, {"batch_size", 1}});
    };
    if (order_.task == GenerationTask::hires) {
      const int first_width = order_.first_width > 0 ? order_.first_width : order_.width / 2;
      const int first_height = order_.first_height > 0 ? order_.first_height : order_.height / 2;
      latent_ = empty(rounded(first_width), rounded(first_height));
      return;
    }
    if (order_.task == GenerationTask::txt2img) {
      latent_ = empty(width, height);
      return;
    }
    const Link loaded = graph_.add("LoadImage", {{"image", uploads_.source}});
    source_ = scaled(loaded, width, height, "lanczos", "center");
    latent_ = graph_.add("VAEEncode", {{"pixels", *source_}, {"vae", vae_}});
    if (order_.task != GenerationTask::inpaint) return;
    const Link drawn = graph_.add("LoadImageMask", {{"image", uploads_.mask},
                                                    {"channel", std::string("red")}});
    const Link fitted = scaled(graph_.add("MaskToImage", {{"mask", drawn}}), width, height,
                               "bilinear", "center");
    mask_ = graph_.add("ImageToMask", {{"image", fitted}, {"channel", std::string("red")}});
    const Link grown = graph_.add("GrowMask", {{"mask", *mask_},
                                               {"expand", mask_growth},
                                               {"tapered_corners", true}});
    latent_ = graph_.add("SetLatentNoiseMask", {{"samples", latent_}, {"mask", grown}});
  }

  Link sampled(const Link& latent, std::uint64_t seed, double denoise) {
    return graph_.add("KSampler", {{"model", model_},
                                   {"positive", positive_},
                                   {"negative", negative_},
                                   {"latent_image", latent},
                                   {"seed", seed},
                                   {"steps", std::int64_t{order_.steps}},
                                   {"cfg", flux_ ? 1.0 : order_.guidance},
                                   {"sampler_name", order_.sampler},
                                   {"scheduler", order_.scheduler},
                                   {"denoise", denoise}});
  }
  Link decoded(const Link& samples) {
    return graph_.add("VAEDecode", {{"samples", samples}, {"vae", vae_}});
  }

  Link picture(std::uint64_t seed) {
    const std::int64_t width = rounded(order_.width), height = rounded(order_.height);
    const bool from_source = source_.has_value();
    Link samples = sampled(latent_, seed, from_source ? order_.denoise : 1.0);
    if (order_.task == GenerationTask::hires) {
      const double second = order_.denoise < 1 ? order_.denoise : usual_second_pass;
      if (const std::string model = upscaler(); !model.empty()) {
        const Link large = scaled(enlarged(decoded(samples), model), width, height, "lanczos");
        samples = graph_.add("VAEEncode", {{"pixels", large}, {"vae", vae_}});
      } else {
        samples = graph_.add("LatentUpscale", {{"samples", samples},
                                               {"upscale_method", std::string("nearest-exact")},
                                               {"width", width},
                                               {"height", height},
                                               {"crop", std::string("disabled")}});
      }
      samples = sampled(samples, seed, second);
    }
    Link image = decoded(samples);
    if (mask_)
      image = graph_.add("ImageCompositeMasked", {{"destination", *source_},
                                                  {"source", image},
                                                  {"x", 0},
                                                  {"y", 0},
                                                  {"resize_source", false},
                                                  {"mask", *mask_}});
    if (width != order_.width || height != order_.height)
      image = scaled(image, order_.width, order_.height, "lanczos", "center");
    return image;
  }

  const Order& order_;
  const NodeTypes& types_;
  const Uploads& uploads_;
  Graph graph_;
  Plan plan_;
  bool flux_ = false;
  std::string prompt_;
  Link model_, clip_, vae_, positive_, negative_, latent_;
  std::optional<Link> source_, mask_;
};

}  // namespace

Result<Plan> plan(const Order& order, const NodeTypes& types, const Uploads& uploads) {
  return Template(order, types, uploads).make();
}

}  // namespace atelier::engines::comfyui
