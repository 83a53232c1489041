#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/generation/generation.hpp"
#include "features/recipes/recipes.hpp"
#include "schema/types.hpp"

/// What a member may ask for: one form for every backend. Members are the JSON names.
namespace atelier::generation {

/// `custom` is called "template" outside, which is a word of C++.
enum class Workflow : unsigned char {
  txt2img, img2img, inpaint, hires, upscale, removeBackground, custom,
};
BOOST_DESCRIBE_ENUM_BEGIN(Workflow)
BOOST_DESCRIBE_ENUM_ENTRY(Workflow, txt2img)
BOOST_DESCRIBE_ENUM_ENTRY(Workflow, img2img)
BOOST_DESCRIBE_ENUM_ENTRY(Workflow, inpaint)
BOOST_DESCRIBE_ENUM_ENTRY(Workflow, hires)
BOOST_DESCRIBE_ENUM_ENTRY(Workflow, upscale)
BOOST_DESCRIBE_ENUM_ENTRY(Workflow, removeBackground)
, [] {
  struct Entry {
    static constexpr auto value() noexcept { return Workflow::custom; }
    static constexpr auto name() noexcept { return "template"; }
  };
  return Entry();
}()
BOOST_DESCRIBE_ENUM_END(Workflow)
enum class OutputFormat : unsigned char { png, jpeg, webp };
BOOST_DESCRIBE_ENUM(OutputFormat, png, jpeg, webp)
enum class GenerationPriority : unsigned char { low, normal, high };
BOOST_DESCRIBE_ENUM(GenerationPriority, low, normal, high)
/// What `{a|b}` and `__name__` stand for: one by chance for each picture, or each in turn.
enum class Wildcards : unsigned char { random, all, off };
BOOST_DESCRIBE_ENUM(Wildcards, random, all, off)

/// A model of the catalogue, or one that only a backend has, by its name there.
struct ModelChoice {
  std::optional<VersionId> version;
  std::optional<schema::Text<1, 300>> name;
};
BOOST_DESCRIBE_STRUCT(ModelChoice, (), (version, name))

struct ResourceChoice {
  std::optional<VersionId> version;
  std::optional<schema::Text<1, 300>> name;
  std::optional<recipes::ResourceKind> kind;      ///< of one given by name; lora
  std::optional<schema::Real<-10, 10>> strength;  ///< 1
};
BOOST_DESCRIBE_STRUCT(ResourceChoice, (), (version, name, kind, strength))

/// One of: an image that you may see, a file of yours, a finished upload of yours.
struct PictureChoice {
  std::optional<ImageId> image;
  std::optional<FileId> file;
  std::optional<UploadId> upload;
};
BOOST_DESCRIBE_STRUCT(PictureChoice, (), (image, file, upload))

struct ControlChoice {
  schema::Text<1, 60> kind;                       ///< canny, depth, pose …
  std::optional<ModelChoice> model;
  PictureChoice picture;                          ///< prepared already
  std::optional<schema::Real<0, 2>> weight;       ///< 1
  std::optional<schema::Real<0, 1>> start, end;   ///< 0 and 1, of the steps
};
BOOST_DESCRIBE_STRUCT(ControlChoice, (), (kind, model, picture, weight, start, end))

struct WildcardList {
  schema::Text<1, 60> name;                       ///< of `__name__`
  schema::List<schema::Text<0, 500>, 500> values;
};
BOOST_DESCRIBE_STRUCT(WildcardList, (), (name, values))

/// Absent members get defaults that fit the workflow and the base model; what the workflow does
/// not use must be absent.
struct GenerationRequest {
  std::optional<Workflow> workflow;               ///< txt2img
  std::optional<ModelChoice> model;               ///< absent: whatever a backend has
  std::optional<schema::List<ResourceChoice, 32>> resources;
  std::optional<schema::Text<0, 10'000>> prompt;
  std::optional<schema::Text<0, 10'000>> negativePrompt;
  std::optional<schema::Whole<16, 16'384>> width, height;  ///< pixels
  std::optional<schema::Text<3, 11>> aspect;      ///< "3:4", instead of width and height
  std::optional<schema::Text<1, 60>> sampler, scheduler;   ///< as any tool spells them
  std::optional<schema::Whole<1, 500>> steps;
  std::optional<schema::Real<0, 50>> guidance;
  std::optional<schema::Whole<1, 12>> clipSkip;   ///< 1 = none
  std::optional<schema::Json> seed;               ///< 0 to 2^64-1, a number or its digits
  std::optional<schema::Whole<1, 1'000>> quantity;
  std::optional<schema::Real<0, 1>> denoise;      ///< 0 keeps the source, 1 nothing of it
  std::optional<PictureChoice> image;             ///< the source
  std::optional<PictureChoice> mask;              ///< of its size: white = edit, black = keep
  std::optional<schema::Real<1, 8>> factor;       ///< of upscale and hires, instead of a size
  std::optional<schema::List<ControlChoice, 8>> controls;
  std::optional<TemplateId> templateId;
  std::optional<schema::Json> parameters;         ///< of the template: {"name": value}
  std::optional<Wildcards> wildcards;
  std::optional<schema::List<WildcardList, 50>> wildcardLists;
  std::optional<OutputFormat> outputFormat;       ///< png
  std::optional<GenerationPriority> priority;
  std::optional<schema::List<schema::Text<1, 40>, 20>> tags;
  std::optional<ImageId> remixOf;
};
BOOST_DESCRIBE_STRUCT(GenerationRequest, (),
                      (workflow, model, resources, prompt, negativePrompt, width, height, aspect,
                       sampler, scheduler, steps, guidance, clipSkip, seed, quantity, denoise,
                       image, mask, factor, controls, templateId, parameters, wildcards,
                       wildcardLists, outputFormat, priority, tags, remixOf))

}  // namespace atelier::generation
