#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "schema/describe.hpp"

namespace atelier::test {

/// One way in which the JSON of a described type can be wrong.
struct Wrong {
  std::string pointer;   ///< of the member
  std::string code;      ///< of the fault it must cause
  std::string json;      ///< stands in place of the member; empty: left out
  bool extra = false;    ///< not a member: an unknown one beside the others
};

/// Every wrong form of a value of `type` that stands at `here`, and of its parts.
std::vector<Wrong> wrongs(const schema::Type& type, const std::string& here, bool refuses_unknown);

/// The smallest valid JSON of the type, except for `wrong` (or null: all is right). Members named
/// in `left_out` are not written.
std::string sample_json(const schema::Type& type, const Wrong* wrong,
                        const std::vector<std::string_view>& left_out = {});
/// A valid text for a path or query.
std::string sample_text(const schema::Type& type);

/// Wrong texts for a path or query: (text, code of the fault).
struct WrongText {
  std::string text;
  std::string code;
};
std::vector<WrongText> wrong_texts(const schema::Type& type);

}  // namespace atelier::test
