#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/civitai_api/endpoints.hpp"
#include "features/civitai_api/images.hpp"
#include "features/civitai_api/paging.hpp"

// GET /api/v1/models: the parameters of civitai.md §10.2, as a filter of our own.
namespace atelier::civitai_api {
namespace {

constexpr int limit_default = 100, limit_max = 100;

Result<void> bad(const std::string& detail) {
  return fail(Fault::invalid, "invalid_request", detail);
}

Result<models::Sort> sort_of(const std::string& name) {
  using models::Sort;
  constexpr auto sorts = std::to_array<std::pair<std::string_view, Sort>>({
      {"Highest Rated", Sort::highestRated},     {"Most Downloaded", Sort::mostDownloaded},
      {"Most Liked", Sort::mostLiked},           {"Most Discussed", Sort::mostDiscussed},
      {"Most Collected", Sort::mostCollected},   {"Most Images", Sort::mostImages},
      {"Newest", Sort::newest},                  {"Oldest", Sort::oldest},
      {"Relevancy", Sort::highestRated},
  });
  for (const auto& [known, sort] : sorts)
    if (equal_ignoring_case(known, name)) return sort;
  TRY(bad("There is no sort '" + name + "'."));
  return Sort::newest;
}

template <class E>
Result<std::vector<E>> labelled(const std::optional<Words>& given, std::string_view what) {
  std::vector<E> out;
  if (!given) return out;
  for (const Word& word : given->value) {
    if (word.value.empty()) continue;
    const auto known = schema::from_label<E>(word.value);
    if (!known) TRY(bad("There is no " + std::string(what) + " '" + word.value + "'."));
    out.push_back(*known);
  }
  return out;
}

std::vector<std::string> texts(const std::optional<Words>& given) {
  std::vector<std::string> out;
  if (given)
    for (const Word& word : given->value)
      if (!word.value.empty()) out.push_back(word.value);
  return out;
}

/// The first unknown base model; clients ask with a nonsense name to be told the list.
std::optional<std::string> unknown_base(const std::optional<Words>& given) {
  for (const std::string& name : texts(given))
    if (!models::contains(models::base_models(), name)) return name;
  return std::nullopt;
}

struct Issue {
  Text code, message;
  std::vector<Text> options, path;
  Text received;
};
BOOST_DESCRIBE_STRUCT(Issue, (), (code, message, options, path, received))
struct UnionError {
  std::vector<Issue> issues;
  Text name = "ZodError";
};
BOOST_DESCRIBE_STRUCT(UnionError, (), (issues, name))
struct UnionIssue {
  Text code;
  std::vector<UnionError> unionErrors;
  std::vector<Text> path;
  Text message;
};
BOOST_DESCRIBE_STRUCT(UnionIssue, (), (code, unionErrors, path, message))
struct ZodError {
  std::vector<UnionIssue> issues;
  Text name = "ZodError", message;
};
BOOST_DESCRIBE_STRUCT(ZodError, (), (issues, name, message))
struct Refusal {
  ZodError error;
  Text message;
};
BOOST_DESCRIBE_STRUCT(Refusal, (), (error, message))

schema::Json base_model_refusal(const std::string& name) {
  Issue issue{"invalid_enum_value", "There is no base model '" + name + "'.", {}, {"baseModels"},
              name};
  for (const std::string_view base : models::base_models()) issue.options.emplace_back(base);
  Refusal refusal;
  refusal.message = issue.message;
  refusal.error.issues.push_back(
      {"invalid_union", {{{std::move(issue)}}}, {"baseModels"}, "Invalid input"});
  refusal.error.message = schema::to_json(refusal.error.issues);
  return {schema::to_json(refusal)};
}

std::string first_of(const std::optional<Word>& a, const std::optional<Word>& b) {
  if (a && !a->value.empty()) return a->value;
  return b ? b->value : "";
}

Result<void> add_licence(const ListModels& in, models::Filter& filter) {
  filter.allow_no_credit = in.allowNoCredit;
  filter.allow_derivatives = in.allowDerivatives;
  filter.allow_different_license = in.allowDifferentLicense;
  filter.allow_commercial_use =
      TRY(labelled<models::CommercialUse>(in.allowCommercialUse, "commercial use"));
  if (in.checkpointType && !in.checkpointType->value.empty()) {
    filter.checkpoint_type = schema::from_label<models::CheckpointType>(in.checkpointType->value);
    if (!filter.checkpoint_type) return bad("checkpointType is Trained or Merge.");
  }
  return {};
}

Result<void> add_paging(const ListModels& in, models::Filter& filter) {
  const std::int64_t limit = in.limit ? in.limit->value : limit_default;
  filter.limit = static_cast<int>(std::min<std::int64_t>(limit, limit_max));
  if (in.cursor) filter.cursor = in.cursor->value;
  std::optional<std::int64_t> page;
  if (in.page) page = in.page->value;
  filter.offset = TRY(offset_of(page, !filter.cursor.empty(), filter.limit));
  return {};
}

/// The levels of models and of their images.
std::optional<int> levels_of(const ListModels& in) {
  if (in.browsingLevel) return static_cast<int>(in.browsingLevel->value) & maturity::all;
  return in.nsfw.value_or(false) ? std::nullopt : std::optional<int>(maturity::pg);
}

Result<models::Filter> filter_of(Context& context, const ListModels& in) {
  models::Filter filter;
  TRY(add_paging(in, filter));
  if ((in.favorites || in.hidden) && !context.viewer.signed_in())
    return fail(Fault::unauthenticated, "sign_in_needed", "Unauthorized");
  filter.query = in.query ? std::string(trim(in.query->value)) : "";
  if (in.ids)
    for (const Number id : in.ids->value) filter.ids.push_back({id.value});
  if (in.modelVersionIds)
    for (const Number id : in.modelVersionIds->value) filter.version_ids.push_back({id.value});
  filter.types = TRY(labelled<models::ModelType>(in.types, "model type"));
  filter.base_models = texts(in.baseModels);
  filter.formats = texts(in.fileFormats);
  filter.tag = first_of(in.tag, in.tagname);
  if (const std::string name = first_of(in.username, in.user); !name.empty()) {
    const auto user = TRY(accounts::find_user(context.tx(), name));
    if (!user) return fail(Fault::missing, "user_missing", "No user with username " + name);
    filter.owner = user->id;
  }
  filter.status = models::Status::Published;
  TRY(add_licence(in, filter));
  filter.archived = in.archived;
  const bool sorted = in.sort && !in.sort->value.empty() &&
                      !equal_ignoring_case(in.sort->value, "Relevancy");
  filter.by_relevance = !filter.query.empty() && !sorted;
  filter.sort = in.sort && !in.sort->value.empty() ? TRY(sort_of(in.sort->value))
                                                   : models::Sort::highestRated;
  if (in.period && !in.period->value.empty()) {
    const auto period = schema::from_label<models::Period>(in.period->value);
    if (!period) TRY(bad("There is no period '" + in.period->value + "'."));
    filter.period = *period;
  }
  filter.levels = levels_of(in);  // narrows what the viewer may see, and never widens it
  return filter;
}

std::optional<std::int64_t> page_of(const ListModels& in, const models::Filter& filter) {
  if (!in.page || !filter.cursor.empty()) return std::nullopt;
  return in.page->value;
}

}  // namespace

Result<schema::Json> list_models(Context& context, const ListModels& in) {
  if (const auto name = unknown_base(in.baseModels)) {
    context.reply.status = 400;
    return base_model_refusal(*name);
  }
  const models::Filter filter = TRY(filter_of(context, in));
  const models::Page page = TRY(models::list(context, filter));
  context.depends_on("models");
  context.depends_on("files");
  context.depends_on("users");
  ModelList out;
  const Galleries galleries = TRY(galleries_of(context.tx(), page.models, context.viewer,
                                               filter.levels));
  for (const models::Model& model : page.models)
    out.items.push_back(shown(model, galleries, true, context.request->origin));
  out.metadata = metadata_of(*context.request, page_of(in, filter), filter.limit,
                             page.next_cursor);
  return schema::Json{schema::to_json(out)};
}

Result<Model> get_model(Context& context, const IdPath& in) {
  const auto model = TRY(models::find(context.tx(), ModelId{in.id.value}, context.viewer));
  if (!model)
    return fail(Fault::missing, "model_missing",
                "No model with id " + std::to_string(in.id.value));
  context.depends_on("models", in.id.value);
  context.depends_on("files");
  context.depends_on("users");
  const Galleries galleries = TRY(galleries_of(context.tx(), {*model}, context.viewer, {}));
  return shown(*model, galleries, false, context.request->origin);
}

}  // namespace atelier::civitai_api
