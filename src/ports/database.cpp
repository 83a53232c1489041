#include "ports/database.hpp"

#include <semaphore>

#include "base/check.hpp"

namespace atelier::sql {
namespace {

std::vector<const Statement*>& registry() {
  static std::vector<const Statement*> all;
  return all;
}

}  // namespace

Statement::Statement(const char* name, const char* text, const char* postgres)
    : name_(name), text_(text), postgres_(postgres),
      number_(static_cast<unsigned>(registry().size())) {
  registry().push_back(this);
}

const std::vector<const Statement*>& Statement::all() { return registry(); }

const Field& Row::at(std::size_t column) const {
  CHECK(column < fields_.size());
  return fields_[column];
}

std::int64_t Row::whole(std::size_t column) const {
  const Field& field = at(column);
  CHECK(field.kind == Field::Kind::whole || field.kind == Field::Kind::null);
  return field.whole;
}

double Row::real(std::size_t column) const {
  const Field& field = at(column);
  CHECK(field.kind != Field::Kind::text);
  return field.kind == Field::Kind::whole ? static_cast<double>(field.whole) : field.real;
}

std::string_view Row::text(std::size_t column) const {
  const Field& field = at(column);
  CHECK(field.kind == Field::Kind::text || field.kind == Field::Kind::null);
  return field.text;
}

std::optional<std::int64_t> Row::maybe_whole(std::size_t column) const {
  if (null(column)) return std::nullopt;
  return whole(column);
}

std::optional<std::string> Row::maybe_string(std::size_t column) const {
  if (null(column)) return std::nullopt;
  return string(column);
}

std::optional<double> Row::maybe_real(std::size_t column) const {
  if (null(column)) return std::nullopt;
  return real(column);
}

void Rows::add_text(std::string_view text) {
  const std::string& kept = texts_.emplace_back(text);
  fields_.push_back({.kind = Field::Kind::text, .text = kept});
}

Result<void> Database::write_now(Lane lane, const Body& body) {
  Result<void> outcome;
  std::binary_semaphore finished(0);
  write(lane, body, [&](Result<void> result) {
    outcome = std::move(result);
    finished.release();
  });
  finished.acquire();
  return outcome;
}

}  // namespace atelier::sql
