#pragma once
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "schema/json.hpp"

/// What must hold for any bytes given to the readers of JSON and of queries. Shared by the fuzzer
/// and by the unit test that replays its corpus.
namespace atelier::fuzz {

enum class Colour : unsigned char { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Leaf {
  schema::Text<1, 5> name;
  schema::Whole<1, 5> stars;
  schema::Real<0, 1> weight;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (name, stars, weight))

struct Tree {
  std::optional<bool> flag;
  std::optional<std::int64_t> whole;
  std::optional<double> real;
  std::optional<std::string> text;
  std::optional<schema::Time> at;
  std::optional<schema::Json> any;
  std::optional<Colour> colour;
  std::optional<schema::Nullable<ModelId>> id;
  std::optional<schema::List<Leaf, 3>> leaves;
  std::vector<std::string> words;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (flag, whole, real, text, at, any, colour, id, leaves, words))

/// What is read is written in a form that reads back to the same.
template <class T>
bool survives(const T& value) {
  const std::string text = schema::to_json(value);
  const Result<T> again = schema::from_json<T>(text);
  return again && schema::to_json(*again) == text;
}

template <class T>
bool reads(std::string_view bytes, schema::Members members) {
  T value{};
  const Result<void> read = schema::read_json(bytes, schema::type_of<T>(), &value, members);
  // Where members may be missing, the rest are defaults, which need not be within their bounds.
  const bool complete = members == schema::Members::exact || members == schema::Members::superset;
  if (read) return !complete || survives(value);
  const Error& error = read.error();
  return error.fault == Fault::invalid && (error.code == "bad_json") == error.fields.empty();
}

inline bool all_readers_hold(std::string_view bytes) {
  if (!reads<schema::Json>(bytes, schema::Members::exact)) return false;
  for (const auto members : {schema::Members::exact, schema::Members::superset,
                             schema::Members::tolerant, schema::Members::changes})
    if (!reads<Tree>(bytes, members)) return false;
  const auto parameters = schema::parse_query(bytes);
  if (!parameters) return parameters.error().code == "bad_query";
  for (const bool strict : {true, false}) {
    Tree tree;
    if (schema::read_parameters(*parameters, schema::type_of<Tree>(), &tree, strict) &&
        !survives(tree))
      return false;
  }
  return true;
}

inline void read_json_bytes(std::string_view bytes) { CHECK(all_readers_hold(bytes)); }

}  // namespace atelier::fuzz
