#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/generation/generation.hpp"
#include "platform/viewer.hpp"
#include "ports/database.hpp"
#include "ports/workflow.hpp"
#include "schema/types.hpp"

/// Workflow templates: a ComfyUI graph with named, typed parameters. Values are put in place of
/// whole JSON values, never into texts, so that a value cannot become anything else.
namespace atelier::generation {

using ports::ParameterType;

struct TemplateParameter {
  schema::Text<1, 60> name;
  std::optional<schema::Text<0, 100>> title;
  ParameterType type = ParameterType::text;
  /// JSON Pointers into the graph: "/6/inputs/text". One parameter may drive many inputs. A mask
  /// may have the place of a picture: it takes the place of that picture's transparency.
  schema::List<schema::Text<1, 200>, 50> pointers;
  /// Absent: what the graph says there. Of pictures: the name of a file that the backend has;
  /// absent: one must be given.
  std::optional<schema::Json> fallback;
  std::optional<double> min, max;                  ///< of whole and real
  std::optional<schema::List<schema::Text<0, 300>, 500>> choices;
};
BOOST_DESCRIBE_STRUCT(TemplateParameter, (),
                      (name, title, type, pointers, fallback, min, max, choices))

/// Who sees a template and may use it. Administrators see all.
enum class TemplateAudience : unsigned char { members, administrators };
BOOST_DESCRIBE_ENUM(TemplateAudience, members, administrators)

bool is_picture(const TemplateParameter& parameter);  ///< or a mask: a member gives a file

struct Template {
  TemplateId id;
  std::string name, detail, graph, workflow;
  std::vector<TemplateParameter> parameters;
  TemplateAudience audience = TemplateAudience::members;
  UserId created_by;
  Millis created_at = 0, updated_at = 0;
};

/// Absent also for whom it is not meant.
Result<std::optional<Template>> find_template(sql::Tx& tx, TemplateId id, const Viewer& viewer);
bool may_use(const Template& given, const Viewer& viewer);

/// Faults of a template itself: pointers that lead nowhere, values of another type. As
/// `invalid_request` with every one of them.
Result<void> check_template(const Template& given);

/// The graph with these values (a JSON object) in their places; parameters of type seed that are
/// not given get `seed`. Pictures and masks that are given stay out: the graph gets their names
/// when the backend has them. Every fault at once, under "/parameters".
Result<std::string> fill_template(const Template& given, std::string_view values,
                                  std::string_view seed);

/// The classes of its nodes, each once, in their order.
std::vector<std::string> nodes_of(const Template& given);

}  // namespace atelier::generation
