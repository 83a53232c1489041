#pragma once
#include <map>
#include <string>

#include "base/result.hpp"
#include "schema/describe.hpp"

namespace atelier::schema {

/// The named schemas of an OpenAPI document: every struct and enum that was asked for, and what
/// they are made of.
class Components {
 public:
  /// JSON Schema 2020-12 of a type: a reference for structs and enums, else written out.
  std::string schema(const Type& type);
  /// The struct written out in place, without the members for which `skip` holds.
  std::string members(const Type& type, const std::vector<std::string_view>& skip);
  const std::map<std::string, std::string>& all() const { return all_; }
  /// Names that stand for two different things.
  Result<void> clash() const;

 private:
  void add(const Type& type);
  std::map<std::string, std::string> all_;
  std::map<std::string, const Type*> types_;
  std::string clash_;
};

}  // namespace atelier::schema
