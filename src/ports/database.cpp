#include "ports/database.hpp"

#include <algorithm>
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
  constexpr std::size_t block = 4096;
  if (text.size() > left_) {
    // Twice the last one, up to 64 KiB: a row takes little, and a long result few of them.
    const std::size_t size =
        std::max(block << std::min<std::size_t>(blocks_.size(), 4), text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    free_ = blocks_.back().get();
    left_ = size;
  }
  std::copy(text.begin(), text.end(), free_);
  fields_.push_back({.kind = Field::Kind::text, .text = {free_, text.size()}});
  free_ += text.size();
  left_ -= text.size();
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
