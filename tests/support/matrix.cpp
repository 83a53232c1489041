#include "tests/support/matrix.hpp"

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "base/text.hpp"
#include "platform/router.hpp"
#include "schema/problem.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/stage.hpp"

namespace atelier::test {
namespace {

using http::Method;
using schema::Endpoint;
using schema::Face;
using schema::Field;
using schema::Kind;
using schema::Scope;
using schema::Shape;

bool by_query(const Endpoint& row) {
  return row.method == Method::get || row.method == Method::del;
}
bool has_fields(const Endpoint& row) {
  return row.shape == Shape::call && row.in->kind == Kind::object;
}
bool is_safe(const Endpoint& row) {
  return row.method == Method::get || row.method == Method::head || row.method == Method::options;
}

// Said here once more, so that the gate's own rule is compared with something.
bool must_be_closed_to_muted(const Endpoint& row) {
  return !is_safe(row) && row.method != Method::del && row.effect != schema::Effect::read &&
         row.row.access != schema::Access::anyone && row.row.scope != Scope::account &&
         !row.row.muted_may;
}

const Field* member(const Endpoint& row, std::string_view name) {
  if (!has_fields(row)) return nullptr;
  for (const Field* field = row.in->fields; field != row.in->fields + row.in->field_count; ++field)
    if (name == field->name) return field;
  return nullptr;
}

// The row's path with every name filled; `name` gets `text`.
std::string path_of(const Endpoint& row, std::string_view name = {}, std::string_view text = {}) {
  std::string path;
  for (const std::string_view segment : split(row.row.path.substr(1), '/')) {
    path += '/';
    if (!segment.starts_with('{')) {
      path += segment;
      continue;
    }
    const std::string_view named = platform::path_names(segment)[0];
    const Field* field = member(row, named);
    path += named == name ? percent_encode(text)
                          : percent_encode(field != nullptr ? sample_text(*field->type) : "1");
  }
  return path;
}

std::string query_part(const Field& field, std::string_view text) {
  return std::string(field.name) + "=" + percent_encode(text);
}

bool is_required(const Field& field) {
  return field.type->kind != Kind::optional && field.type->kind != Kind::nullable &&
         field.type->kind != Kind::list;
}

class Generator {
 public:
  explicit Generator(const schema::Routes& routes) : routes_(routes) {}

  std::vector<NegativeCase> run() {
    for (const Endpoint& row : routes_.all) methods_[shape_of(row.row.path)].insert(row.method);
    for (const Endpoint& row : routes_.all) {
      row_ = &row;
      who_may();
      wrong_method();
      if (row.shape == Shape::call) wrong_members();
    }
    return std::move(cases_);
  }

 private:
  static std::string shape_of(std::string_view path) {
    std::string shape;
    for (const std::string_view segment : split(path, '/'))
      shape += segment.starts_with('{') ? "/*" : "/" + std::string(segment);
    return shape;
  }

  bool strict() const { return row_->row.face == Face::native; }

  Viewer sufficient() const {
    Viewer viewer;
    viewer.role = std::max(static_cast<Role>(row_->row.access), Role::member);
    return viewer;
  }

  // A request that is right in everything but the members.
  NegativeCase start(std::string kind, std::string code, int status) const {
    NegativeCase each;
    each.row = row_;
    each.kind = std::move(kind);
    each.code = std::move(code);
    each.status = status;
    each.viewer = sufficient();
    each.request = request(row_->method, path_of(*row_));
    each.request.query = sample_query({});
    if (takes_body()) set_body(each, sample_json(*row_->in, nullptr, names()));
    return each;
  }

  bool takes_body() const { return row_->shape == Shape::call && !by_query(*row_); }
  std::vector<std::string_view> names() const { return platform::path_names(row_->row.path); }
  bool in_path(std::string_view name) const {
    const std::vector<std::string_view> all = names();
    return std::ranges::find(all, name) != all.end();
  }

  static void set_body(NegativeCase& each, std::string body) {
    each.request.body = std::move(body);
    each.request.headers.set("content-type", "application/json");
  }

  // All required members of the query, except `without`.
  std::string sample_query(std::string_view without) const {
    std::string query;
    if (!has_fields(*row_) || !by_query(*row_)) return query;
    for (const Field* field = row_->in->fields; field != row_->in->fields + row_->in->field_count;
         ++field) {
      if (in_path(field->name) || field->name == without || !is_required(*field)) continue;
      query += (query.empty() ? "" : "&") + query_part(*field, sample_text(*field->type));
    }
    return query;
  }

  void who_may() {
    const schema::Row& row = row_->row;
    for (Role role = Role::anonymous; role < static_cast<Role>(row.access);
         role = static_cast<Role>(static_cast<int>(role) + 1)) {
      const bool stranger = role == Role::anonymous;
      NegativeCase each = start(stranger ? "login" : "role", stranger ? "sign_in" : "role_missing",
                                stranger ? 401 : 403);
      each.viewer.role = role;
      cases_.push_back(std::move(each));
    }
    if (row.scope != Scope::open) {
      NegativeCase each = start("scope", "scope_missing", 403);
      each.by_key = true;
      if (row.scope != Scope::account) each.viewer.scopes = all_scopes & ~scope_bit(row.scope);
      cases_.push_back(std::move(each));
    }
    if (must_be_closed_to_muted(*row_)) {
      NegativeCase each = start("muted", "muted", 403);
      each.viewer.muted = true;
      cases_.push_back(std::move(each));
    }
    if (is_safe(*row_)) return;
    NegativeCase each = start("site", "cross_site", 403);
    each.request.headers.set("sec-fetch-site", "cross-site");
    cases_.push_back(std::move(each));
  }

  void wrong_method() {
    const std::set<Method>& known = methods_[shape_of(row_->row.path)];
    for (const Method method : {Method::put, Method::patch, Method::del, Method::post}) {
      if (known.contains(method)) continue;
      NegativeCase each = start("method", "method_not_allowed", 405);
      each.request.method = method;
      cases_.push_back(std::move(each));
      return;
    }
  }

  void add_member(std::string pointer, std::string code, NegativeCase each) {
    each.pointer = std::move(pointer);
    each.code = std::move(code);
    cases_.push_back(std::move(each));
  }
  NegativeCase start_member() const { return start("member", "", strict() ? 422 : 400); }

  void wrong_members() {
    if (has_fields(*row_))
      for (const Field* field = row_->in->fields;
           field != row_->in->fields + row_->in->field_count; ++field) {
        if (in_path(field->name)) wrong_path(*field);
        else if (by_query(*row_)) wrong_query(*field);
      }
    if (by_query(*row_)) {
      if (!strict()) return;
      NegativeCase each = start_member();
      each.request.query += each.request.query.empty() ? "surprise=1" : "&surprise=1";
      add_member("/surprise", "unknown", std::move(each));
      return;
    }
    wrong_body();
  }

  void wrong_path(const Field& field) {
    for (const WrongText& wrong : wrong_texts(*field.type)) {
      NegativeCase each = start_member();
      each.request.path = path_of(*row_, field.name, wrong.text);
      add_member(std::string("/") + field.name, wrong.code, std::move(each));
    }
  }

  void add_query(const Field& field, std::string pointer, std::string code, std::string part) {
    NegativeCase each = start_member();
    each.request.query = sample_query(field.name);
    each.request.query += (each.request.query.empty() ? "" : "&") + part;
    add_member(std::move(pointer), std::move(code), std::move(each));
  }

  void wrong_query(const Field& field) {
    const std::string pointer = std::string("/") + field.name;
    const schema::Type* type = field.type;
    if (type->kind == Kind::optional || type->kind == Kind::nullable) type = type->inner;
    if (type->kind == Kind::list) {
      const std::string item = sample_text(*type->inner);
      std::string items = item;
      for (std::int64_t i = 0; i < type->max; ++i) items += "," + item;
      add_query(field, pointer, "too_many", std::string(field.name) + "=" + items);
      for (const WrongText& wrong : wrong_texts(*type->inner))
        add_query(field, pointer + "/0", wrong.code, query_part(field, wrong.text));
      return;
    }
    for (const WrongText& wrong : wrong_texts(*type))
      add_query(field, pointer, wrong.code, query_part(field, wrong.text));
    const std::string right = query_part(field, sample_text(*type));
    if (strict()) add_query(field, pointer, "duplicate", right + "&" + right);
    if (!is_required(field)) return;
    NegativeCase each = start_member();
    each.request.query = sample_query(field.name);
    add_member(pointer, "required", std::move(each));
  }

  void wrong_body() {
    for (const Wrong& wrong : wrongs(*row_->in, "", strict())) {
      const std::string_view first = std::string_view(wrong.pointer).substr(
          0, wrong.pointer.find('/', 1));
      if (!first.empty() && in_path(first.substr(1))) continue;
      NegativeCase each = start_member();
      set_body(each, sample_json(*row_->in, &wrong, names()));
      add_member(wrong.pointer, wrong.code, std::move(each));
    }
    if (!strict()) return;
    NegativeCase media = start("media", "unsupported_media", 415);
    media.request.headers.set("content-type", "text/plain");
    cases_.push_back(std::move(media));
  }

  const schema::Routes& routes_;
  const Endpoint* row_ = nullptr;
  std::map<std::string, std::set<Method>> methods_;
  std::vector<NegativeCase> cases_;
};

std::string words(const NegativeCase& each) {
  return std::string(each.row->row.id) + " " + each.kind + " " + each.pointer + " " + each.code;
}

http::Response send(Stage& stage, const NegativeCase& each) {
  if (each.row->shape != Shape::upload || each.kind == "method") return stage.send(each.request);
  std::promise<http::Response> promise;
  stage.dispatcher->open_upload(each.request, [&](const auto&, http::Response response) {
    promise.set_value(std::move(response));
  });
  return promise.get_future().get();
}

// A person of their own for each case, so that no case is throttled for another's requests.
NegativeCase with_credential(Stage& stage, NegativeCase each, int number) {
  each.request.peer = "10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250);
  if (each.viewer.role == Role::anonymous) return each;
  const std::string token = "case" + std::to_string(number);
  each.viewer.user = {number + 1};
  if (each.by_key) {
    each.viewer.key = {number + 1};
    stage.people.keys[token] = each.viewer;
    each.request.headers.set("authorization", "Bearer " + token);
  } else {
    each.viewer.session = {number + 1};
    stage.people.sessions[token] = each.viewer;
    each.request.headers.set("cookie", std::string(session_cookie) + "=" + token);
  }
  return each;
}

bool is_refused(const NegativeCase& each, const http::Response& response) {
  if (response.status != each.status) return false;
  if (each.row->row.face == Face::civitai) return true;
  if (each.kind != "member") return code_of(response) == each.code;
  const std::string fault = "{\"path\":\"" + each.pointer + "\",\"code\":\"" + each.code + "\"";
  return body_of(response).find(fault) != std::string::npos;
}

}  // namespace

std::vector<NegativeCase> negative_cases(const schema::Routes& routes) {
  return Generator(routes).run();
}

std::vector<std::string> holes(const schema::Routes& routes,
                               const std::vector<NegativeCase>& cases) {
  std::set<std::string> covered;
  for (const NegativeCase& each : cases) {
    covered.insert(std::string(each.row->row.id) + " " + each.kind);
    covered.insert(std::string(each.row->row.id) + " " + each.pointer.substr(
                                                             0, each.pointer.find('/', 1)));
  }
  std::vector<std::string> missing;
  const auto need = [&](const Endpoint& row, const std::string& what) {
    const std::string key = std::string(row.row.id) + " " + what;
    if (!covered.contains(key)) missing.push_back(key);
  };
  for (const Endpoint& row : routes.all) {
    need(row, "method");
    if (row.row.access != schema::Access::anyone) need(row, "login");
    if (row.row.access > schema::Access::member) need(row, "role");
    if (row.row.scope != Scope::open) need(row, "scope");
    if (must_be_closed_to_muted(row)) need(row, "muted");
    if (!is_safe(row)) need(row, "site");
    if (!has_fields(row)) continue;
    for (std::uint32_t i = 0; i < row.in->field_count; ++i)
      need(row, std::string("/") + row.in->fields[i].name);
    if (row.row.face == Face::native) need(row, "/surprise");
  }
  return missing;
}

std::vector<std::string> run_cases(Stage& stage, const std::vector<NegativeCase>& cases) {
  std::vector<std::string> failed;
  int number = 0;
  for (const NegativeCase& each : cases) {
    const http::Response response = send(stage, with_credential(stage, each, ++number));
    if (is_refused(each, response)) continue;
    failed.push_back(words(each) + ": wanted " + std::to_string(each.status) + ", got " +
                     std::to_string(response.status) + " " + body_of(response).substr(0, 300));
  }
  return failed;
}

}  // namespace atelier::test
