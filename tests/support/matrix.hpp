#pragma once
#include <string>
#include <vector>

#include "platform/viewer.hpp"
#include "schema/endpoint.hpp"

namespace atelier::test {

class Stage;

/// A request that a row must refuse before its function runs, made from the row alone.
struct NegativeCase {
  const schema::Endpoint* row = nullptr;
  /// "login", "role", "muted", "scope", "site", "method", "media", "member"
  std::string kind;
  std::string pointer;  ///< of a "member" case: the member that is wrong
  std::string code;     ///< the problem's code, or the member's
  int status = 0;
  Viewer viewer;
  bool by_key = false;
  http::Request request;
};

/// Every refusal the rows promise: no login, each lower role, a mute, a key without the scope,
/// another site's page, another method, another media type; each member with every bound just
/// outside, another kind, an unknown label, missing, twice, and with an unknown neighbour.
/// The cases point into `routes`.
std::vector<NegativeCase> negative_cases(const schema::Routes& routes);

/// What no case covers, in words: rows, promises of a row, members. Must be empty.
std::vector<std::string> holes(const schema::Routes& routes,
                               const std::vector<NegativeCase>& cases);

/// Sends them all; returns those that were not refused as they must be, in words.
std::vector<std::string> run_cases(Stage& stage, const std::vector<NegativeCase>& cases);

}  // namespace atelier::test
