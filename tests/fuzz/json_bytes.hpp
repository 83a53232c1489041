#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "schema/json.hpp"
#include "schema/types.hpp"

namespace atelier::fuzz {

enum class Colour : unsigned char { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Leaf {
  schema::Text<1, 8> name;
  Colour colour = Colour::red;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (name, colour))

struct Tree {
  schema::Whole<-5, 1000> whole;
  std::optional<double> real;
  bool flag = false;
  std::optional<schema::Nullable<std::string>> note;
  schema::List<Leaf, 4> leaves;
  std::optional<schema::Time> at;
  std::optional<schema::Json> free;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (whole, real, flag, note, leaves, at, free))

/// Reads the bytes as a request and as a query. A refusal is the client's fault, never ours; what
/// is accepted must be written as JSON that reads back as the same.
inline void read_json_bytes(std::string_view bytes) {
  (void)schema::parse_query(bytes);
  const Result<Tree> tree = schema::from_json<Tree>(bytes);
  if (!tree) {
    CHECK(tree.error().fault == Fault::invalid);
    return;
  }
  const std::string written = schema::to_json(*tree);
  const Result<Tree> again = schema::from_json<Tree>(written);
  CHECK(again.has_value());
  CHECK(schema::to_json(*again) == written);
}

}  // namespace atelier::fuzz
