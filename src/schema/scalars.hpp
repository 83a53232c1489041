#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "schema/describe.hpp"
#include "schema/json.hpp"

/// What the readers of JSON and of parameters share: the list of faults, and the checks of single
/// values against the constraints of their type.
namespace atelier::schema {

/// Faults in the order they were met, and where the reader stands (a JSON Pointer, RFC 6901).
class Faults {
 public:
  static constexpr std::size_t kept_max = 100;

  void add(std::string_view code, std::string_view detail);
  void add_at(std::string path, std::string_view code, std::string_view detail);
  bool empty() const { return list_.empty(); }
  /// Code `invalid_request`, or success if there was none.
  Result<void> result();

  /// Appends one token while it lives.
  class Step {
   public:
    Step(Faults& faults, std::string_view token);
    Step(Faults& faults, std::size_t index);
    Step(const Step&) = delete;
    ~Step() { faults_.path_.resize(length_); }

   private:
    Faults& faults_;
    std::size_t length_;
  };

 private:
  std::string path_;
  std::vector<FieldFault> list_;
};

/// `~` and `/` escaped (RFC 6901 §3).
std::string pointer_token(std::string_view name);

// Each stores the value, or adds a fault and leaves it.
void store_whole(const Type& type, std::int64_t number, void* value, Faults& faults);
void store_real(const Type& type, double number, void* value, Faults& faults);
void store_text(const Type& type, std::string_view text, void* value, Faults& faults);
void store_time(std::string_view text, void* value, Faults& faults);
void store_label(const Type& type, std::string_view label, void* value, Faults& faults);
bool list_fits(const Type& type, std::size_t count, Faults& faults);

/// Fills members by name; the faults of `read_parameters` except missing members.
void fill_members(const std::vector<Parameter>& parameters, const Type& type, void* value,
                  bool strict, Faults& faults);

}  // namespace atelier::schema
