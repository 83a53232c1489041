#pragma once
#include <boost/describe.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/recipes/samplers.hpp"
#include "schema/types.hpp"

/// How an image was made, as its file says: prompts, settings and the models used. Reads what the
/// common tools leave in PNG, JPEG, WebP, AVIF and GIF files, and writes it. Files are hostile:
/// every length is checked before use, inflating and nesting are limited, nothing is fetched, and
/// one bad value spoils neither its neighbours nor the rest. Pure; call it from any thread.
/// All texts in results are UTF-8 without NUL.
namespace atelier::recipes {

enum class RecipeTool : unsigned char {
  unknown, automatic1111, forge, sd_next, comfyui, swarmui, fooocus, ruined_fooocus, novelai,
  invokeai, easy_diffusion, draw_things, civitai, atelier,
};
BOOST_DESCRIBE_ENUM(RecipeTool, unknown, automatic1111, forge, sd_next, comfyui, swarmui, fooocus,
                    ruined_fooocus, novelai, invokeai, easy_diffusion, draw_things, civitai,
                    atelier)

enum class ResourceKind : unsigned char {
  checkpoint, diffusion_model, lora, lycoris, dora, embedding, hypernetwork, vae, controlnet,
  ip_adapter, upscaler, text_encoder, clip_vision, motion, detection, other,
};
BOOST_DESCRIBE_ENUM(ResourceKind, checkpoint, diffusion_model, lora, lycoris, dora, embedding,
                    hypernetwork, vae, controlnet, ip_adapter, upscaler, text_encoder,
                    clip_vision, motion, detection, other)

/// Lower-case hex without 0x. Tools seldom say which hash it is, so `algorithm` is mostly empty
/// and a reader tries what the length allows: 8 AutoV1 or CRC32, 10 AutoV2, 12 AutoV3 shortened
/// (old tools: AutoV2 lengthened), 64 SHA256, AutoV3 or BLAKE3.
struct RecipeHash {
  std::string algorithm;  ///< "", sha256, blake3, autov3
  std::string value;
};
BOOST_DESCRIBE_STRUCT(RecipeHash, (), (algorithm, value))

/// A model that took part, as the file names it. Any member may be unknown.
struct RecipeResource {
  ResourceKind kind = ResourceKind::other;
  std::string name;         ///< the tool's name, without folder and extension
  std::string fileName;     ///< as written, if that says more: "style/ink v2.safetensors"
  std::string versionName;  ///< Civitai's name of the version
  std::vector<RecipeHash> hashes;
  std::string air;  ///< urn:air:…
  std::optional<std::int64_t> modelId;         ///< Civitai's numbers
  std::optional<std::int64_t> modelVersionId;
  std::optional<double> strength;      ///< on the diffusion model
  std::optional<double> textStrength;  ///< on the text encoder, where it differs
};
BOOST_DESCRIBE_STRUCT(RecipeResource, (), (kind, name, fileName, versionName, hashes, air, modelId,
                                           modelVersionId, strength, textStrength))

/// A setting that has no member of its own, as written; in the file's order.
struct RecipeField {
  std::string name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(RecipeField, (), (name, value))

/// Something could not be read; the rest was.
struct RecipeFault {
  std::string code;  ///< stable: bad_number, bad_json, cut, too_large, unknown_encoding …
  std::string text;  ///< where and what, for people
};
BOOST_DESCRIBE_STRUCT(RecipeFault, (), (code, text))

/// The second pass at a higher resolution.
struct RecipeHires {
  std::optional<double> upscale;  ///< factor
  std::optional<std::int64_t> width;
  std::optional<std::int64_t> height;
  std::optional<std::int64_t> steps;  ///< absent = as in the first pass
  std::optional<double> denoise;
  std::optional<double> cfgScale;
  std::string upscaler;
  std::string sampler;  ///< the tool's name
  std::string scheduler;
};
BOOST_DESCRIBE_STRUCT(RecipeHires, (), (upscale, width, height, steps, denoise, cfgScale, upscaler,
                                        sampler, scheduler))

struct Recipe {
  RecipeTool tool = RecipeTool::unknown;
  std::string toolVersion;
  std::string prompt;  ///< as the tool wrote it, `<lora:…>` and weights included
  std::string negativePrompt;
  std::optional<std::string> seed;  ///< decimal digits, 0…2^64−1: too large for a JSON number
  std::optional<std::int64_t> steps;
  std::string sampler;        ///< the tool's name: "DPM++ 2M Karras"
  std::string scheduler;      ///< the tool's name; empty if it is part of the sampler's
  std::string samplerKey;     ///< canonical (samplers.hpp): "dpmpp_2m"; empty = not known
  std::string schedulerKey;   ///< canonical: "karras"
  std::optional<double> cfgScale;
  std::optional<double> guidance;  ///< distilled guidance of Flux and its kin
  std::optional<std::int64_t> width;   ///< pixels of the first pass
  std::optional<std::int64_t> height;
  std::optional<std::int64_t> clipSkip;  ///< 1 = none, A1111's counting
  std::optional<double> denoise;         ///< 0…1; of image to image or, in A1111, of hires
  std::optional<std::string> variationSeed;
  std::optional<double> variationStrength;
  std::optional<RecipeHires> hires;
  std::string model;      ///< the main one; it is among the resources as well
  std::string modelHash;
  std::string vae;
  std::vector<RecipeResource> resources;
  std::vector<RecipeField> fields;
  std::vector<RecipeFault> faults;
  std::string digitalSourceType;  ///< last part of IPTC's URI: "trainedAlgorithmicMedia"
  std::string workflowName;       ///< Civitai: txt2img, img2img-hires …
  std::optional<std::int64_t> remixOfId;  ///< Civitai: the image that this one started from
  std::string createdAt;          ///< as written
};
BOOST_DESCRIBE_STRUCT(Recipe, (), (tool, toolVersion, prompt, negativePrompt, seed, steps, sampler,
                                   scheduler, samplerKey, schedulerKey, cfgScale, guidance, width,
                                   height, clipSkip, denoise, variationSeed, variationStrength,
                                   hires, model, modelHash, vae, resources, fields, faults,
                                   digitalSourceType, workflowName, remixOfId, createdAt))

/// One text that the file carries, decoded.
struct CarriedText {
  std::string place;  ///< png:parameters, exif:UserComment, xmp:DigitalSourceType, jpeg:comment …
  std::string text;
};

enum class Container : unsigned char { unknown, png, jpeg, webp, avif, gif };

/// What one file says. Without any metadata the recipe is empty and `raw` too.
struct Reading {
  Container container = Container::unknown;
  Recipe recipe;
  std::string graph;     ///< ComfyUI's executable graph, byte for byte; empty = none
  std::string workflow;  ///< ComfyUI's editor document, byte for byte; empty = none
  std::vector<CarriedText> raw;
};

/// True if anything was found that a reader of the recipe would want to see.
bool tells(const Recipe& recipe);

/// Reads a whole image file. Never fails on content: see `recipe.faults`.
Reading read(std::span<const std::byte> file);

/// Reads what somebody pasted: A1111's text, or JSON of any of the tools.
Reading read_text(std::string_view text);

/// Texts that another reader of the file found, by the places above. For NovelAI's and A1111's
/// "stealth" metadata, which stands in the low bits of pixels: who decodes the pixels unpacks it
/// and passes the text in as `stealth:parameters` (A1111) or `stealth:Comment` (NovelAI's JSON).
Reading read_carried(std::vector<CarriedText> texts);

/// A1111's text of the recipe, which every common tool reads. What that form cannot say stands
/// behind it in one more setting, `Atelier: {…}`, so that reading gives the same recipe again;
/// only `faults` are not written.
std::string write_a1111(const Recipe& recipe);

/// What to put into a file; empty members leave the file's own as they are.
struct Embedding {
  std::string parameters;         ///< A1111's text
  std::string graph;              ///< ComfyUI's `prompt`, byte for byte
  std::string workflow;           ///< ComfyUI's `workflow`, byte for byte
  std::string digitalSourceType;  ///< IPTC's word, e.g. trainedAlgorithmicMedia
};

/// The file with these texts where the tools expect them: PNG chunks, EXIF UserComment (UTF-16)
/// with Make and Model for graphs, and XMP. Pixels and all other metadata stay byte for byte.
/// `invalid`: `unknown_format` for other containers than PNG, JPEG, WebP, `broken_image`,
/// `metadata_too_large` (JPEG holds some 64 KiB).
Result<std::string> embed(std::span<const std::byte> file, const Embedding& embedding);

}  // namespace atelier::recipes
