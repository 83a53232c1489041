#include "platform/gate.hpp"

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::platform {
namespace {

Credential bearer(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (!equal_ignoring_case(header.substr(0, scheme.size()), scheme))
    return {Credential::Kind::broken, ""};
  return {Credential::Kind::key, std::string(trim(header.substr(scheme.size())))};
}

std::string query_token(std::string_view query) {
  if (query.find("token=") == query.npos) return {};
  const auto parameters = schema::parse_query(query);
  if (!parameters) return {};
  for (const schema::Parameter& parameter : *parameters)
    if (parameter.name == "token") return parameter.text;
  return {};
}

std::string_view host_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == origin.npos ? std::string_view{} : origin.substr(scheme + 3);
}

bool is_safe(http::Method method) {
  using enum http::Method;
  return method == get || method == head || method == options;
}

}  // namespace

std::string_view cookie(const http::Request& request, std::string_view name) {
  for (const std::string_view part : split(request.headers.find("cookie"), ';')) {
    const std::string_view pair = trim(part);
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

Credential credential_of(const http::Request& request, schema::Face face) {
  if (const std::string_view header = request.headers.find("authorization"); !header.empty())
    return bearer(header);
  if (face == schema::Face::civitai)
    if (std::string token = query_token(request.query); !token.empty())
      return {Credential::Kind::key, std::move(token)};
  std::string_view token = cookie(request, secure_session_cookie);
  if (token.empty()) token = cookie(request, session_cookie);
  if (token.empty()) return {};
  return {Credential::Kind::session, std::string(token)};
}

Result<Viewer> identify(Services& services, const Credential& credential, schema::Face face) {
  using enum Credential::Kind;
  const bool stranger_is_fine = credential.kind == session || face == schema::Face::civitai;
  Result<Viewer> viewer = Viewer{};
  if (credential.kind == session) viewer = services.identity->by_session(credential.token);
  else if (credential.kind == key) viewer = services.identity->by_key(credential.token);
  else if (credential.kind == broken)
    viewer = fail(Fault::unauthenticated, "bad_credential", "Authorization must be Bearer");
  if (!viewer && viewer.error().fault == Fault::unauthenticated && stranger_is_fine)
    return Viewer{};
  return viewer;
}

bool speaks(const schema::Endpoint& endpoint) {
  const schema::Row& row = endpoint.row;
  return !is_safe(endpoint.method) && endpoint.method != http::Method::del &&
         endpoint.effect != schema::Effect::read && row.scope != schema::Scope::account &&
         row.access != schema::Access::anyone && !row.muted_may;
}

Result<void> authorise(const schema::Endpoint& endpoint, const Viewer& viewer) {
  const schema::Row& row = endpoint.row;
  if (!viewer.at_least(static_cast<Role>(row.access))) {
    if (!viewer.signed_in()) return fail(Fault::unauthenticated, "sign_in", "sign in first");
    return fail(Fault::forbidden, "role_missing",
                std::string("only a ") + schema::label_of(row.access) + " may do this");
  }
  if (viewer.muted && speaks(endpoint))
    return fail(Fault::forbidden, "muted", "you are muted: you may read, but not write here");
  if (!viewer.key || row.scope == schema::Scope::open) return {};
  if (row.scope == schema::Scope::account)
    return fail(Fault::forbidden, "scope_missing", "no key may do this; sign in");
  if ((viewer.scopes & scope_bit(row.scope)) == 0)
    return fail(Fault::forbidden, "scope_missing",
                std::string("this key lacks the scope ") + schema::label_of(row.scope));
  return {};
}

Result<void> refuse_cross_site(const http::Request& request, const Credential& credential,
                               schema::Face face) {
  using enum Credential::Kind;
  if (is_safe(request.method) || credential.kind == key || credential.kind == broken) return {};
  // Civitai's face answers strangers from every page; it only must not lend them a session.
  if (face == schema::Face::civitai && credential.kind != session) return {};
  const auto refused = [] {
    return fail(Fault::forbidden, "cross_site", "the request comes from another site's page");
  };
  const std::string_view site = request.headers.find("sec-fetch-site");
  if (site == "same-origin" || site == "none") return {};
  if (!site.empty()) return refused();
  const std::string_view origin = request.headers.find("origin");
  if (origin.empty()) return {};
  const std::string_view host = host_of(origin);
  if (host.empty() || host != host_of(request.origin)) return refused();
  return {};
}

}  // namespace atelier::platform
