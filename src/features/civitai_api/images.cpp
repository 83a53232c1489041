#include "features/civitai_api/images.hpp"

#include "base/text.hpp"

namespace atelier::civitai_api {
namespace {

constexpr int images_each = 10;

std::string_view ending(const images::Image& image) {
  if (image.mime == "video/webm") return "webm";
  if (image.type == images::ImageType::video) return "mp4";
  return "jpeg";
}

/// Digits of BlurHash's base 83.
std::string base83(std::uint32_t number, int digits) {
  constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto at = out.rbegin(); at != out.rend(); ++at, number /= 83) *at = alphabet[number % 83];
  return out;
}

ImageOfVersion shown(const models::Model& model, const images::Image& image,
                     const std::string& origin) {
  ImageOfVersion out;
  out.url = address_of(image, origin);
  out.nsfwLevel = image.level();
  out.width = image.width;
  out.height = image.height;
  out.hash.value = blur_hash(image);
  out.type = schema::label_of(image.type);
  out.minor = model.minor;
  out.poi = model.poi;
  out.hasMeta = image.has_meta && !image.hide_meta;
  out.hasPositivePrompt = image.has_prompt && !image.hide_meta;
  if (image.remix_of) out.remixOfId.value = image.remix_of->value;
  return out;
}

/// An object member by member; its names are Civitai's, which no struct could have.
class Object {
 public:
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    schema::write_json_string(json_, value);
  }
  template <class Number>
  void number(std::string_view name, const std::optional<Number>& value) {
    if (!value) return;
    key(name);
    schema::write_json_number(json_, static_cast<double>(*value));
  }
  void raw(std::string_view name, std::string_view value) {
    key(name);
    json_ += value;
  }
  std::string done() && { return std::move(json_) + "}"; }

 private:
  void key(std::string_view name) {
    if (json_.size() > 1) json_ += ',';
    schema::write_json_string(json_, name);
    json_ += ':';
  }
  std::string json_ = "{";
};

std::string resources_of(const recipes::Recipe& recipe) {
  std::string out = "[";
  for (const recipes::RecipeResource& resource : recipe.resources) {
    Object one;
    const bool model = resource.kind == recipes::ResourceKind::checkpoint;
    one.text("name", resource.name);
    one.text("type", model ? "model" : schema::label_of(resource.kind));
    one.number("weight", resource.strength);
    if (!resource.hashes.empty()) one.text("hash", resource.hashes.front().value);
    if (out.size() > 1) out += ',';
    out += std::move(one).done();
  }
  return out + "]";
}

bool is_taken_down(const models::Model& model) {
  return model.mode == models::Mode::TakenDown;
}

}  // namespace

Text address_of(const images::Image& image, const std::string& origin) {
  return origin + "/img/" + image.key + "/width=" + std::to_string(image.width) + "/" +
         std::to_string(image.id.value) + "." + std::string(ending(image));
}

std::optional<Text> blur_hash(const images::Image& image) {
  if (!image.colour) return std::nullopt;
  return "00" + base83(static_cast<std::uint32_t>(*image.colour), 4);
}

schema::Json meta_of(const recipes::Recipe& recipe) {
  Object out;
  out.text("prompt", recipe.prompt);
  out.text("negativePrompt", recipe.negativePrompt);
  // Digits are a number; beyond what a double holds exactly they would come out as another seed.
  if (recipe.seed) {
    if (const auto seed = parse_whole(*recipe.seed); seed && *seed >= 0)
      out.raw("seed", std::to_string(*seed));
    else out.text("seed", *recipe.seed);
  }
  out.number("steps", recipe.steps);
  out.text("sampler", recipe.sampler);
  out.text("scheduler", recipe.scheduler);
  out.number("cfgScale", recipe.cfgScale);
  out.number("clipSkip", recipe.clipSkip);
  out.number("denoise", recipe.denoise);
  if (recipe.width && recipe.height)
    out.text("Size", std::to_string(*recipe.width) + "x" + std::to_string(*recipe.height));
  out.text("Model", recipe.model);
  out.text("Model hash", recipe.modelHash);
  out.text("VAE", recipe.vae);
  out.raw("resources", resources_of(recipe));
  return {std::move(out).done()};
}

Result<Galleries> galleries_of(sql::Tx& tx, const std::vector<models::Model>& models,
                               const Viewer& viewer, std::optional<int> levels) {
  std::vector<VersionId> versions;
  for (const models::Model& model : models) {
    if (is_taken_down(model)) continue;
    for (const models::Version& version : model.versions) versions.push_back(version.id);
  }
  Galleries out;
  out.images = TRY(images::showcase(tx, versions, images_each, viewer, levels));
  return out;
}

Result<Galleries> galleries_with_meta(sql::Tx& tx, const models::Model& model,
                                      const Viewer& viewer) {
  Galleries out = TRY(galleries_of(tx, {model}, viewer, {}));
  for (const auto& [version, shown] : out.images)
    out.recipes.merge(TRY(images::recipes_of(tx, shown, viewer)));
  return out;
}

std::vector<ImageOfVersion> shown_images(const models::Model& model, VersionId version,
                                         const Galleries& galleries, bool with_id,
                                         const std::string& origin) {
  std::vector<ImageOfVersion> out;
  const auto found = galleries.images.find(version);
  if (found == galleries.images.end()) return out;
  for (const images::Image& image : found->second) {
    out.push_back(shown(model, image, origin));
    if (with_id) out.back().id = image.id.value;
  }
  return out;
}

std::vector<ImageOfVersion> shown_images_with_meta(const models::Model& model, VersionId version,
                                                   const Galleries& galleries,
                                                   const std::string& origin) {
  std::vector<ImageOfVersion> out = shown_images(model, version, galleries, false, origin);
  if (out.empty()) return out;
  const auto& images = galleries.images.at(version);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].availability = "Public";
    Object facts;
    facts.number("width", std::optional(images[i].width));
    facts.number("height", std::optional(images[i].height));
    facts.number("size", std::optional(images[i].bytes));
    out[i].metadata = schema::Json{std::move(facts).done()};
    out[i].meta = schema::Json{"null"};
    const auto stored = galleries.recipes.find(images[i].id);
    if (stored == galleries.recipes.end()) continue;
    if (const auto recipe = schema::from_stored_json<recipes::Recipe>(stored->second))
      out[i].meta = meta_of(*recipe);
  }
  return out;
}

}  // namespace atelier::civitai_api
