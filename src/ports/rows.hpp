#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a statement answers, the same from every engine.
namespace atelier::sql {

/// One value that came back. Text points into its Rows.
struct Field {
  enum class Kind : unsigned char { null, whole, real, text } kind = Kind::null;
  std::int64_t whole = 0;  ///< also booleans: 0 or 1
  double real = 0;
  std::string_view text = {};
};

/// A view of one row; valid as long as its Rows. Columns count from 0. Asking for another kind
/// than the column has is a programmer's error, except that null reads as 0, "" and false.
class Row {
 public:
  explicit Row(std::span<const Field> fields) : fields_(fields) {}
  bool null(std::size_t column) const { return at(column).kind == Field::Kind::null; }
  std::int64_t whole(std::size_t column) const;
  double real(std::size_t column) const;
  bool boolean(std::size_t column) const { return whole(column) != 0; }
  std::string_view text(std::size_t column) const;
  std::string string(std::size_t column) const { return std::string(text(column)); }
  template <class I>
  I id(std::size_t column) const {
    return I{whole(column)};
  }
  std::optional<std::int64_t> maybe_whole(std::size_t column) const;
  std::optional<std::string> maybe_string(std::size_t column) const;
  std::optional<double> maybe_real(std::size_t column) const;

 private:
  const Field& at(std::size_t column) const;
  std::span<const Field> fields_;
};

/// All rows of one result, in memory. Can be moved, not copied: fields point into it.
class Rows {
 public:
  Rows() = default;
  Rows(Rows&&) noexcept = default;
  Rows& operator=(Rows&&) noexcept = default;

  std::size_t size() const { return columns_ == 0 ? 0 : fields_.size() / columns_; }
  bool empty() const { return size() == 0; }
  Row operator[](std::size_t row) const {
    return Row(std::span(fields_).subspan(row * columns_, columns_));
  }
  Row front() const { return (*this)[0]; }
  std::int64_t changed() const { return changed_; }  ///< rows written by INSERT, UPDATE, DELETE

  class Iterator {
   public:
    Iterator(const Rows& rows, std::size_t at) : rows_(&rows), at_(at) {}
    Row operator*() const { return (*rows_)[at_]; }
    Iterator& operator++() { ++at_; return *this; }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const Rows* rows_;
    std::size_t at_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

  // For engines.
  void start(std::size_t columns) {
    columns_ = columns;
    fields_.reserve(columns * 24);
  }
  void add(const Field& field) { fields_.push_back(field); }
  void add_text(std::string_view text);  ///< copies
  void set_changed(std::int64_t changed) { changed_ = changed; }

 private:
  std::size_t columns_ = 0;
  std::int64_t changed_ = 0;
  std::vector<Field> fields_;
  std::vector<std::unique_ptr<char[]>> blocks_;  ///< texts, one behind the other; never move
  char* free_ = nullptr;                         ///< in the last block
  std::size_t left_ = 0;
};

}  // namespace atelier::sql
