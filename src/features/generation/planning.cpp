#include "features/generation/planning.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "features/generation/sizes.hpp"
#include "features/generation/templates.hpp"
#include "features/generation/wildcards.hpp"
#include "features/recipes/recipes.hpp"
#include "platform/screening.hpp"
#include "platform/settings.hpp"
#include "ports/crypto.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"

namespace atelier::generation {
namespace {

using recipes::ResourceKind;

constexpr std::size_t graphs_max = 64 << 20;  // bytes of the graphs of one generation

ports::GenerationTask task_of(Workflow workflow) {
  using enum ports::GenerationTask;
  switch (workflow) {
    case Workflow::txt2img: return txt2img;
    case Workflow::img2img: return img2img;
    case Workflow::inpaint: return inpaint;
    case Workflow::hires: return hires;
    case Workflow::upscale: return upscale;
    case Workflow::removeBackground: return remove_background;
    case Workflow::custom: return graph;
  }
  return txt2img;
}

/// 0 to 2^64-1, as a JSON number or a text of its digits.
std::optional<std::string> read_seed(std::string_view json) {
  if (json.size() >= 2 && json.front() == '"' && json.back() == '"')
    json = json.substr(1, json.size() - 2);
  std::uint64_t number = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), number);
  if (read.ec != std::errc{} || read.ptr != json.data() + json.size()) return std::nullopt;
  return std::to_string(number);
}

/// One pass over a request; `faults` gathers what is wrong.
class Planner {
 public:
  Planner(Context& context, const GenerationRequest& in, const Pictures& pictures)
      : context_(context), in_(in), pictures_(pictures),
        settings_(context.services.settings->get<GenerationSettings>("generation")),
        limits_(limits_of(settings_, context.viewer.role)),
        workflow_(in.workflow.value_or(Workflow::txt2img)) {}

  Result<Planned> run() {
    refuse_unused();
    TRY(choose_models());
    choose_size(workflow_, in_, pictures_, defaults_, limits_, piece_, faults_);
    choose_sampling();
    piece_.task = task_of(workflow_);
    piece_.format = in_.outputFormat.value_or(OutputFormat::png);
    TRY(choose_template());
    const std::vector<std::string> prompts = expand();
    TRY(faults_.result());
    TRY(screen());
    return divide(prompts);
  }

 private:
  void refuse(bool given, std::string_view path) {
    if (given)
      faults_.add_at(std::string(path), "not_used",
                     std::string(schema::label_of(workflow_)) + " does not use this");
  }
  void need(bool given, std::string_view path) {
    if (!given)
      faults_.add_at(std::string(path), "required",
                     std::string(schema::label_of(workflow_)) + " needs this");
  }

  void refuse_unused() {
    const bool sampling = samples(workflow_), custom = workflow_ == Workflow::custom;
    if (!sampling) {
      refuse(in_.prompt && !custom, "/prompt");
      refuse(in_.negativePrompt.has_value(), "/negativePrompt");
      refuse(in_.resources.has_value(), "/resources");
      refuse(in_.sampler.has_value(), "/sampler");
      refuse(in_.scheduler.has_value(), "/scheduler");
      refuse(in_.steps.has_value(), "/steps");
      refuse(in_.guidance.has_value(), "/guidance");
      refuse(in_.clipSkip.has_value(), "/clipSkip");
      refuse(in_.controls.has_value(), "/controls");
    }
    if (edits(workflow_)) need(in_.image.has_value(), "/image");
    else refuse(in_.image.has_value(), "/image");
    if (workflow_ == Workflow::inpaint) need(in_.mask.has_value(), "/mask");
    else refuse(in_.mask.has_value(), "/mask");
    const bool denoises = workflow_ == Workflow::img2img || workflow_ == Workflow::inpaint ||
                          workflow_ == Workflow::hires;
    if (!denoises) refuse(in_.denoise.has_value(), "/denoise");
    const bool grows = workflow_ == Workflow::upscale || workflow_ == Workflow::hires;
    if (!grows) refuse(in_.factor.has_value(), "/factor");
    if (workflow_ == Workflow::removeBackground || custom) {
      refuse(in_.width.has_value(), "/width");
      refuse(in_.height.has_value(), "/height");
    }
    if (!(workflow_ == Workflow::txt2img || workflow_ == Workflow::hires))
      refuse(in_.aspect.has_value(), "/aspect");
    if (custom) need(in_.templateId.has_value(), "/templateId");
    else refuse(in_.templateId.has_value(), "/templateId");
    if (!custom) refuse(in_.parameters.has_value(), "/parameters");
  }

  Result<std::optional<PieceModel>> choose(const std::optional<VersionId>& version,
                                           const std::optional<schema::Text<1, 300>>& name,
                                           const std::string& path, std::string_view kind,
                                           std::string* base) {
    if (version.has_value() == name.has_value()) {
      faults_.add_at(path, "required", "name either a version or a name");
      return std::optional<PieceModel>{};
    }
    if (name) return std::optional<PieceModel>(PieceModel{std::string(kind), name->value, {}, {},
                                                          {}, 1});
    auto found = TRY(catalogue_model(context_.tx(), *version, context_.viewer));
    if (!found) {
      faults_.add_at(path + "/version", "version_missing", "there is no such version");
      return std::optional<PieceModel>{};
    }
    *base = found->base_model;
    return std::optional<PieceModel>(std::move(found->model));
  }

  Result<void> choose_models() {
    if (in_.model) {
      const std::string_view kind =
          workflow_ == Workflow::upscale ? "upscaler" : "checkpoint";
      auto model = TRY(choose(in_.model->version, in_.model->name, "/model", kind,
                              &piece_.baseModel));
      if (model && model->kind != kind)
        faults_.add_at("/model", "wrong_type",
                       model->name + " is a " + model->kind + ", and a " + std::string(kind) +
                           " is needed");
      if (model) piece_.model.push_back(std::move(*model));
    }
    defaults_ = defaults_of(piece_.baseModel);
    if (!in_.resources) return {};
    if (static_cast<std::int64_t>(in_.resources->value.size()) > limits_.resources)
      faults_.add_at("/resources", "too_many",
                     "there may be " + std::to_string(limits_.resources));
    for (std::size_t i = 0; i < in_.resources->value.size(); ++i)
      TRY(choose_resource(in_.resources->value[i], "/resources/" + std::to_string(i)));
    return {};
  }

  Result<void> choose_resource(const ResourceChoice& choice, const std::string& path) {
    const ResourceKind kind = choice.kind.value_or(ResourceKind::lora);
    std::string base;
    auto found = TRY(choose(choice.version, choice.name, path, schema::label_of(kind), &base));
    if (!found) return {};
    constexpr std::string_view takes_part[] = {"lora", "lycoris", "dora", "embedding",
                                               "hypernetwork", "vae", "upscaler"};
    if (std::ranges::find(takes_part, std::string_view(found->kind)) == std::end(takes_part))
      faults_.add_at(path, "wrong_type", found->name + " cannot take part beside a model");
    const std::string ours = family_of(piece_.baseModel), theirs = family_of(base);
    if (!ours.empty() && !theirs.empty() && theirs != "other" && ours != "other" &&
        theirs != ours && found->kind != "upscaler")
      faults_.add_at(path, "incompatible",
                     found->name + " was made for " + base + ", the model is " +
                         piece_.baseModel);
    found->strength = choice.strength ? choice.strength->value : 1;
    piece_.resources.push_back(std::move(*found));
    return {};
  }

  void choose_sampling() {
    if (in_.prompt) piece_.prompt = in_.prompt->value;
    if (in_.negativePrompt) piece_.negative = in_.negativePrompt->value;
    choose_sampler();
    piece_.steps = in_.steps ? in_.steps->value : defaults_.steps;
    if (piece_.steps > limits_.steps)
      faults_.add_at("/steps", "out_of_range",
                     "may be " + std::to_string(limits_.steps) + " at most");
    piece_.guidance = in_.guidance ? in_.guidance->value : defaults_.guidance;
    piece_.clipSkip = in_.clipSkip ? in_.clipSkip->value : defaults_.clip_skip;
    const double usual = workflow_ == Workflow::img2img   ? 0.6
                         : workflow_ == Workflow::inpaint ? 0.85
                         : workflow_ == Workflow::hires   ? 0.4
                                                          : 1;
    piece_.denoise = in_.denoise ? in_.denoise->value : usual;
    quantity_ = in_.quantity ? in_.quantity->value : 1;
    if (quantity_ > limits_.quantity)
      faults_.add_at("/quantity", "out_of_range",
                     "may be " + std::to_string(limits_.quantity) + " at most");
    choose_seed();
    choose_controls();
  }

  void choose_sampler() {
    piece_.sampler = defaults_.sampler;
    piece_.scheduler = defaults_.scheduler;
    if (!in_.sampler && !in_.scheduler) return;
    const std::string_view sampler = in_.sampler ? std::string_view(in_.sampler->value) : "";
    const std::string_view scheduler =
        in_.scheduler ? std::string_view(in_.scheduler->value) : "";
    const recipes::SamplerChoice choice = recipes::canonical_sampler(sampler, scheduler);
    if (in_.sampler && choice.sampler.empty())
      faults_.add_at("/sampler", "unknown_value", "is not a sampler known here");
    if (in_.scheduler && choice.scheduler.empty())
      faults_.add_at("/scheduler", "unknown_value", "is not a scheduler known here");
    if (!choice.sampler.empty()) piece_.sampler = choice.sampler;
    if (!choice.scheduler.empty()) piece_.scheduler = choice.scheduler;
    else if (in_.sampler) piece_.scheduler = "normal";
  }

  void choose_seed() {
    if (!in_.seed) {
      std::uint32_t seed = 0;
      for (const char c : context_.services.crypto->random(4))
        seed = seed << 8 | static_cast<unsigned char>(c);
      piece_.seed = std::to_string(seed);
      return;
    }
    if (auto seed = read_seed(in_.seed->value)) piece_.seed = std::move(*seed);
    else faults_.add_at("/seed", "wrong_kind", "is a whole number from 0 to 2^64-1");
  }

  void choose_controls() {
    if (!in_.controls) return;
    for (std::size_t i = 0; i < in_.controls->value.size(); ++i) {
      const ControlChoice& choice = in_.controls->value[i];
      PieceControl control;
      control.kind = lower_ascii(choice.kind.value);
      if (choice.model && choice.model->name)
        control.model.push_back({"controlnet", choice.model->name->value, {}, {}, {}, 1});
      else if (choice.model)
        faults_.add_at("/controls/" + std::to_string(i) + "/model", "required",
                       "name the control model as a backend knows it");
      if (i < pictures_.controls.size()) control.picture = pictures_.controls[i].sha256;
      control.weight = choice.weight ? choice.weight->value : 1;
      control.start = choice.start ? choice.start->value : 0;
      control.end = choice.end ? choice.end->value : 1;
      if (control.start > control.end)
        faults_.add_at("/controls/" + std::to_string(i) + "/start", "out_of_range",
                       "must not come behind its end");
      piece_.controls.push_back(std::move(control));
    }
  }

  Result<void> choose_template() {
    if (workflow_ != Workflow::custom || !in_.templateId) return {};
    const auto found = TRY(find_template(context_.tx(), *in_.templateId, context_.viewer));
    if (!found) {
      faults_.add_at("/templateId", "template_missing", "there is no such template");
      return {};
    }
    template_ = *found;
    return {};
  }

  std::vector<std::string> expand() {
    std::vector<NamedList> lists;
    if (in_.wildcardLists)
      for (const WildcardList& list : in_.wildcardLists->value) {
        lists.push_back({list.name.value, {}});
        for (const auto& value : list.values.value) lists.back().values.push_back(value.value);
      }
    const Wildcards mode = in_.wildcards.value_or(Wildcards::random);
    const std::uint64_t seed = seed_number(piece_.seed);
    const auto most = static_cast<std::size_t>(limits_.quantity);
    std::vector<std::string> prompts;
    if (mode == Wildcards::all) {
      auto all = expand_all(piece_.prompt, lists, most);
      if (!all) {
        faults_.add_at("/prompt", all.error().code, all.error().detail);
        return prompts;
      }
      for (const std::string& prompt : *all)
        for (std::int64_t i = 0; i < quantity_; ++i) prompts.push_back(prompt);
      if (prompts.size() > most)
        faults_.add_at("/quantity", "out_of_range",
                       "with these choices there would be " + std::to_string(prompts.size()) +
                           " pictures, and there may be " + std::to_string(most));
      return prompts;
    }
    for (std::int64_t i = 0; i < quantity_; ++i)
      prompts.push_back(mode == Wildcards::off
                            ? piece_.prompt
                            : expand_one(piece_.prompt, lists,
                                         seed + static_cast<std::uint64_t>(i)));
    return prompts;
  }

  std::vector<PiecePicture> template_pictures() const {
    std::vector<PiecePicture> out;
    for (const TemplateParameter& parameter : template_->parameters) {
      const auto given = pictures_.named.find(parameter.name.value);
      if (given == pictures_.named.end()) continue;
      PiecePicture& one = out.emplace_back();
      one.picture = given->second.sha256;
      one.mask = parameter.type == ParameterType::mask;
      for (const auto& pointer : parameter.pointers.value) one.pointers.push_back(pointer.value);
    }
    return out;
  }

  Result<void> screen() {
    if (context_.services.screening == nullptr) return {};
    std::vector<std::string> texts{piece_.prompt, piece_.negative};
    if (template_ && in_.parameters)
      schema::each_member(in_.parameters->value, [&](const std::string&, std::string_view json) {
        if (auto text = schema::json_string(json)) texts.push_back(std::move(*text));
      });
    for (const std::string& text : texts)
      TRY(context_.services.screening->text(context_.tx(), text));
    return {};
  }

  Result<Planned> divide(const std::vector<std::string>& prompts) {
    Planned planned;
    const GenerationPriority priority = in_.priority.value_or(GenerationPriority::normal);
    if (template_) {
      if ((template_->graph.size() + template_->workflow.size()) * prompts.size() > graphs_max)
        faults_.add_at("/quantity", "out_of_range",
                       "this template is too large for so many pictures at once");
      TRY(faults_.result());
      piece_.workflow = template_->workflow;
      piece_.pictures = template_pictures();
      piece_.nodes = nodes_of(*template_);
    }
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      Piece piece = piece_;
      piece.prompt = prompts[i];
      piece.seed = std::to_string(seed_number(piece_.seed) + i);
      if (template_) {
        auto filled = fill_template(*template_, in_.parameters ? in_.parameters->value : "{}",
                                    piece.seed);
        if (!filled) return std::unexpected(filled.error());
        piece.graph = std::move(*filled);
      }
      planned.prices.push_back(price_of(settings_, units_of(piece), priority));
      planned.pieces.push_back(std::move(piece));
    }
    planned.request = chosen(priority);
    return planned;
  }

  /// The request as it was understood, so that repeating it makes the same.
  GenerationRequest chosen(GenerationPriority priority) const {
    GenerationRequest out = in_;
    out.workflow = workflow_;
    out.seed = schema::Json{'"' + piece_.seed + '"'};
    out.quantity = {quantity_};
    out.priority = priority;
    out.outputFormat = piece_.format;
    if (!samples(workflow_)) return out;
    out.aspect.reset();
    out.width = {piece_.firstWidth > 0 ? piece_.firstWidth : piece_.width};
    out.height = {piece_.firstHeight > 0 ? piece_.firstHeight : piece_.height};
    out.sampler = {piece_.sampler};
    out.scheduler = {piece_.scheduler};
    out.steps = {piece_.steps};
    out.guidance = {piece_.guidance};
    out.clipSkip = {piece_.clipSkip};
    if (workflow_ != Workflow::txt2img) out.denoise = {piece_.denoise};
    return out;
  }

  Context& context_;
  const GenerationRequest& in_;
  const Pictures& pictures_;
  GenerationSettings settings_;
  Limits limits_;
  Workflow workflow_;
  Defaults defaults_;
  Piece piece_;
  std::int64_t quantity_ = 1;
  std::optional<Template> template_;
  schema::Faults faults_;
};

}  // namespace

Result<Planned> plan(Context& context, const GenerationRequest& in, const Pictures& pictures) {
  return Planner(context, in, pictures).run();
}

}  // namespace atelier::generation
