#include "platform/route_check.hpp"

#include <algorithm>
#include <set>

#include "platform/router.hpp"

namespace atelier::platform {
namespace {

using schema::Access;
using schema::Effect;
using schema::Endpoint;
using schema::Field;
using schema::Kind;
using schema::Scope;
using schema::Shape;
using schema::Type;

bool is_scalar(const Type& type) {
  return type.kind != Kind::json && type.kind != Kind::list && type.kind != Kind::object &&
         type.kind != Kind::optional && type.kind != Kind::nullable;
}

// What a query can say: a scalar, a list of them, or one that may be absent.
bool is_parameter(const Type& type) {
  if (type.kind == Kind::list) return is_scalar(*type.inner);
  if (type.kind == Kind::optional)
    return is_scalar(*type.inner) || (type.inner->kind == Kind::list && is_parameter(*type.inner));
  return is_scalar(type);
}

const Field* member(const Type& type, std::string_view name) {
  const Field* const end = type.fields + type.field_count;
  const Field* const found =
      std::find_if(type.fields, end, [&](const Field& field) { return name == field.name; });
  return found == end ? nullptr : found;
}

std::string wrong_input(const Endpoint& endpoint) {
  for (const std::string_view name : path_names(endpoint.row.path)) {
    const Field* field = member(*endpoint.in, name);
    if (field == nullptr) return "no member for {" + std::string(name) + "}";
    if (!is_scalar(*field->type)) return "the member " + std::string(name) + " is not a scalar";
  }
  if (endpoint.method != http::Method::get) return {};
  if (endpoint.in->kind != Kind::object) return "a GET reads a struct";
  for (std::uint32_t i = 0; i < endpoint.in->field_count; ++i)
    if (!is_parameter(*endpoint.in->fields[i].type))
      return std::string("a query cannot say the member ") + endpoint.in->fields[i].name;
  return {};
}

std::string wrong_call(const Endpoint& endpoint) {
  const bool get = endpoint.method == http::Method::get;
  if (endpoint.method == http::Method::head || endpoint.method == http::Method::options)
    return "HEAD and OPTIONS are answered from the other rows";
  if (endpoint.in == nullptr || endpoint.out == nullptr || !endpoint.make_in || !endpoint.call)
    return "nothing is bound";
  if (get && endpoint.effect == Effect::write) return "a GET must not write";
  if (endpoint.row.cheap && endpoint.effect != Effect::read) return "only reads can be cheap";
  if (endpoint.row.cache_s > 0 && (!get || endpoint.effect != Effect::read))
    return "only reads by GET can be kept";
  return wrong_input(endpoint);
}

std::string wrong_row(const Endpoint& endpoint) {
  const schema::Row& row = endpoint.row;
  if (!row.path.starts_with('/')) return "the path must begin with /";
  if (row.summary.empty() && !row.hidden) return "the summary is missing";
  if (row.access != Access::anyone && row.scope == Scope::open)
    return "a row that needs a login must name a scope";
  if (row.access != Access::anyone && row.cache_s > 0) return "only open answers can be kept";
  if (row.creates && endpoint.method == http::Method::get) return "a GET creates nothing";
  if (row.access >= Access::moderator && endpoint.method != http::Method::get &&
      endpoint.effect != Effect::write)
    return "what moderators do must be a write, so that the audit log has it";
  if (row.body_max <= 0) return "body_max must be positive";
  switch (endpoint.shape) {
    case Shape::call: return wrong_call(endpoint);
    case Shape::raw: return endpoint.raw ? "" : "nothing is bound";
    case Shape::upload:
      if (endpoint.method == http::Method::get) return "a GET uploads nothing";
      return endpoint.upload ? "" : "nothing is bound";
  }
  return {};
}

}  // namespace

Result<void> check_row(const Endpoint& endpoint) {
  const std::string wrong = wrong_row(endpoint);
  if (wrong.empty()) return {};
  return fail(Fault::internal, "bad_route",
              std::string(endpoint.row.id) + " (" + http::name_of(endpoint.method) + " " +
                  std::string(endpoint.row.path) + "): " + wrong);
}

Result<void> check_routes(const schema::Routes& routes) {
  std::set<std::string_view> ids;
  for (const Endpoint& endpoint : routes.all) {
    TRY(check_row(endpoint));
    if (endpoint.row.id.empty() || !ids.insert(endpoint.row.id).second)
      return fail(Fault::internal, "bad_route",
                  "the id \"" + std::string(endpoint.row.id) + "\" is empty or stands twice");
  }
  return {};
}

}  // namespace atelier::platform
