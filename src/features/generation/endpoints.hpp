#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/generation/request.hpp"
#include "features/images/images.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

/// What the endpoints of generations take and give. Members are the JSON names.
namespace atelier::generation {

struct GenerationPath {
  GenerationId id;
};
BOOST_DESCRIBE_STRUCT(GenerationPath, (), (id))

struct GeneratedImage {
  std::string url;                     ///< the picture as it was made, with its metadata
  std::string thumbnailUrl;            ///< 450 pixels wide, WebP
  StepId step;
  std::string seed;                    ///< decimal: may be more than a JSON number holds
  images::ImageCard image;
};
BOOST_DESCRIBE_STRUCT(GeneratedImage, (), (url, thumbnailUrl, step, seed, image))

struct GenerationAttempt {
  std::int64_t number = 1;
  std::string backend;                 ///< its name
  std::string state;                   ///< open, canceling, succeeded, failed, lost, canceled
  std::string code, detail;            ///< of what went wrong; "" = nothing
  std::string note;                    ///< what differs from what was asked; "" = nothing
  schema::Time createdAt;
  std::optional<schema::Time> finishedAt;
};
BOOST_DESCRIBE_STRUCT(GenerationAttempt, (),
                      (number, backend, state, code, detail, note, createdAt, finishedAt))

struct GenerationStep {
  StepId id;
  GenerationStatus status = GenerationStatus::queued;
  std::string prompt;                  ///< with its wildcards filled in
  std::string seed;
  std::int64_t width = 0, height = 0;
  double progress = 0;                 ///< 0 to 1
  std::optional<std::string> previewUrl;
  std::string problemCode, problem;
  std::vector<GenerationAttempt> attempts;
};
BOOST_DESCRIBE_STRUCT(GenerationStep, (),
                      (id, status, prompt, seed, width, height, progress, previewUrl, problemCode,
                       problem, attempts))

struct GenerationCost {
  std::int64_t reserved = 0;           ///< set aside at submission
  std::int64_t charged = 0;            ///< for pictures that were delivered
  std::int64_t refunded = 0;           ///< given back; 0 until it ended
};
BOOST_DESCRIBE_STRUCT(GenerationCost, (), (reserved, charged, refunded))

struct GenerationCard {
  GenerationId id;
  GenerationStatus status = GenerationStatus::queued;
  Workflow workflow = Workflow::txt2img;
  GenerationRequest request;           ///< as it was understood: sending it again repeats it
  std::vector<GeneratedImage> images;
  std::vector<GenerationStep> steps;
  double progress = 0;                 ///< 0 to 1, over all steps
  std::optional<std::int64_t> startsInS, endsInS;  ///< seconds, guessed, while it is not final
  GenerationCost cost;
  std::string problemCode, problem;    ///< "" = none
  bool favourite = false;
  std::vector<std::string> tags;
  schema::Time createdAt, expiresAt;
  std::optional<schema::Time> startedAt, finishedAt;
  /// Where to go on with `GET …/events?after=`, to miss nothing since this answer.
  std::string cursor;
};
BOOST_DESCRIBE_STRUCT(GenerationCard, (),
                      (id, status, workflow, request, images, steps, progress, startsInS, endsInS,
                       cost, problemCode, problem, favourite, tags, createdAt, expiresAt,
                       startedAt, finishedAt, cursor))

struct GenerationList {
  std::vector<GenerationCard> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(GenerationList, (), (items, nextCursor))

struct ListGenerations {
  std::optional<schema::List<GenerationStatus, 6>> status;
  std::optional<Workflow> workflow;
  std::optional<bool> favourite;
  std::optional<schema::Text<1, 40>> tag;
  std::optional<schema::Text<0, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListGenerations, (), (status, workflow, favourite, tag, cursor, limit))

struct UpdateGeneration {
  GenerationId id;
  std::optional<bool> favourite;
  std::optional<schema::List<schema::Text<1, 40>, 20>> tags;
};
BOOST_DESCRIBE_STRUCT(UpdateGeneration, (), (id, favourite, tags))

struct GenerationEstimate {
  std::int64_t cost = 0;
  std::int64_t pictures = 0;
  bool possible = false;               ///< some backend can do it
  std::string problem;                 ///< why none can; "" = one can
  std::optional<double> startsInS, endsInS;  ///< seconds, guessed from what was measured
  GenerationRequest request;           ///< with its defaults filled in
};
BOOST_DESCRIBE_STRUCT(GenerationEstimate, (),
                      (cost, pictures, possible, problem, startsInS, endsInS, request))

/// A model that some backend has.
struct GenerationModel {
  std::string name;                    ///< for `model.name`
  std::string kind;
  std::vector<std::string> backends;
};
BOOST_DESCRIBE_STRUCT(GenerationModel, (), (name, kind, backends))

struct SamplerRow {
  std::string key, name;
};
BOOST_DESCRIBE_STRUCT(SamplerRow, (), (key, name))

struct GenerationOptions {
  std::vector<Workflow> workflows;     ///< that some backend can do now
  bool onlySketches = false;           ///< none of the backends is an AI model
  std::vector<GenerationModel> models;
  std::vector<SamplerRow> samplers, schedulers;
  std::int64_t quantityMax = 0, stepsMax = 0, sideMax = 0, resourcesMax = 0, openMax = 0;
  // What fits the base model that was asked about.
  std::int64_t width = 0, height = 0, steps = 0, clipSkip = 1;
  double guidance = 0;
  std::string sampler, scheduler;
  std::vector<std::string> backends;   ///< that have the version that was asked about
};
BOOST_DESCRIBE_STRUCT(GenerationOptions, (),
                      (workflows, onlySketches, models, samplers, schedulers, quantityMax,
                       stepsMax, sideMax, resourcesMax, openMax, width, height, steps, clipSkip,
                       guidance, sampler, scheduler, backends))

struct PresetPath {
  PresetId id;
};
BOOST_DESCRIBE_STRUCT(PresetPath, (), (id))
struct PresetRow {
  PresetId id;
  std::string name;
  GenerationRequest request;
  schema::Time createdAt;
};
BOOST_DESCRIBE_STRUCT(PresetRow, (), (id, name, request, createdAt))
struct PresetList {
  std::vector<PresetRow> items;
};
BOOST_DESCRIBE_STRUCT(PresetList, (), (items))
/// Takes the place of the one of that name.
struct KeepPreset {
  schema::Text<1, 100> name;
  GenerationRequest request;
};
BOOST_DESCRIBE_STRUCT(KeepPreset, (), (name, request))

struct GetOptions {
  std::optional<schema::Text<1, 60>> baseModel;
  std::optional<VersionId> version;
};
BOOST_DESCRIBE_STRUCT(GetOptions, (), (baseModel, version))

}  // namespace atelier::generation
