#pragma once
#include <boost/describe.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/ids.hpp"
#include "schema/types.hpp"

/// Constant tables about described types. Plain code in schema/*.cpp walks them to read and write
/// JSON, fill structs from paths and queries, and print OpenAPI; no template per struct and
/// purpose, because that triples the compile time.
namespace atelier::schema {

enum class Kind : std::uint8_t {
  boolean, whole, id, real, text, time, json, enumeration, optional, nullable, list, object,
};

struct Type;

struct Field {
  const char* name;
  std::uint32_t offset;
  std::uint32_t name_size;
  const Type* type;
};

/// One type. Which members mean something depends on `kind`.
struct Type {
  Kind kind;
  std::uint32_t size = 0;         ///< bytes of the value; of optional, nullable, list: of one item
  std::int64_t min = 0, max = 0;  ///< bounds: value, code points, or items
  const char* name = nullptr;     ///< name of a struct or enum in OpenAPI
  const Type* inner = nullptr;    ///< of optional, nullable, list
  const Field* fields = nullptr;
  std::uint32_t field_count = 0;
  const char* const* labels = nullptr;  ///< of an enum: null-terminated, value = index
  void* (*emplace)(void*) = nullptr;    ///< optional, nullable: makes the value, returns it
  void* (*resize)(void*, std::size_t) = nullptr;  ///< list: makes n items, returns the first
  std::span<const std::byte> (*view)(const void*) = nullptr;  ///< optional, nullable, list
};

template <class T>
struct TypeOf;

/// The table of T. Lives as long as the program.
template <class T>
constexpr const Type& type_of() {
  return TypeOf<T>::value;
}

template <> struct TypeOf<bool> {
  static constexpr Type value{Kind::boolean, sizeof(bool)};
};
template <> struct TypeOf<double> {
  static constexpr Type value{Kind::real, sizeof(double), INT64_MIN, INT64_MAX};
};
template <> struct TypeOf<std::int64_t> {
  static constexpr Type value{Kind::whole, 8, INT64_MIN, INT64_MAX};
};
template <> struct TypeOf<std::string> {
  static constexpr Type value{Kind::text, sizeof(std::string), 0, 1 << 20};
};
template <> struct TypeOf<Time> {
  static constexpr Type value{Kind::time, sizeof(Time)};
};
template <> struct TypeOf<Json> {
  static constexpr Type value{Kind::json, sizeof(Json)};
};
template <> struct TypeOf<Nothing> {
  static constexpr Type value{.kind = Kind::object, .size = sizeof(Nothing), .name = "Nothing"};
};
template <int Min, int Max> struct TypeOf<Text<Min, Max>> {
  static constexpr Type value{Kind::text, sizeof(std::string), Min, Max};
};
template <std::int64_t Min, std::int64_t Max> struct TypeOf<Whole<Min, Max>> {
  static constexpr Type value{Kind::whole, 8, Min, Max};
};
template <std::int64_t Min, std::int64_t Max> struct TypeOf<Real<Min, Max>> {
  static constexpr Type value{Kind::real, 8, Min, Max};
};
template <class Tag> struct TypeOf<Id<Tag>> {
  static constexpr Type value{Kind::id, 8, 1, 2147483647};
};

template <class T, int Max>
struct TypeOfList {
  static_assert(!std::is_same_v<T, bool>, "vector<bool> has no addressable items");
  static void* resize(void* list, std::size_t count) {
    auto& items = *static_cast<std::vector<T>*>(list);
    items = std::vector<T>(count);
    return items.data();
  }
  static std::span<const std::byte> view(const void* list) {
    return std::as_bytes(std::span(*static_cast<const std::vector<T>*>(list)));
  }
  static constexpr Type value{.kind = Kind::list, .size = sizeof(T), .min = 0, .max = Max,
                              .inner = &type_of<T>(), .resize = resize, .view = view};
};
template <class T> struct TypeOf<std::vector<T>> : TypeOfList<T, 10'000> {};
template <class T, int Max> struct TypeOf<List<T, Max>> : TypeOfList<T, Max> {};

template <class T, Kind K>
struct TypeOfMaybe {
  static void* emplace(void* maybe) { return &static_cast<std::optional<T>*>(maybe)->emplace(); }
  static std::span<const std::byte> view(const void* maybe) {
    const auto& held = *static_cast<const std::optional<T>*>(maybe);
    return held ? std::as_bytes(std::span(&*held, 1)) : std::span<const std::byte>{};
  }
  static constexpr Type value{.kind = K, .size = sizeof(T), .inner = &type_of<T>(),
                              .emplace = emplace, .view = view};
};
template <class T> struct TypeOf<std::optional<T>> : TypeOfMaybe<T, Kind::optional> {};
template <class T> struct TypeOf<Nullable<T>> : TypeOfMaybe<T, Kind::nullable> {};

/// Offset of a data member (Itanium C++ ABI §2.3: a pointer to data member is its offset).
template <class C, class M>
std::uint32_t offset_of(M C::*member) {
  std::ptrdiff_t offset = 0;
  static_assert(sizeof offset == sizeof member);
  std::memcpy(&offset, &member, sizeof offset);
  return static_cast<std::uint32_t>(offset);
}
template <class C, class M>
M member_type(M C::*);

template <std::size_t N>
struct Name {
  char text[N];
};

/// The name of T without namespaces, taken from the compiler's own words.
template <class T>
consteval auto bare_name() {
  constexpr std::string_view whole = __PRETTY_FUNCTION__;
  constexpr std::size_t start = whole.find("T = ") + 4;
  constexpr std::string_view full = whole.substr(start, whole.find_first_of(";]", start) - start);
  constexpr std::string_view bare = full.substr(full.rfind(':') + 1);
  Name<bare.size() + 1> name{};
  for (std::size_t i = 0; i < bare.size(); ++i) name.text[i] = bare[i];
  return name;
}
template <class T>
inline constexpr auto name_of = bare_name<T>();

template <class T>
  requires std::is_enum_v<T>
struct TypeOf<T> {
  static_assert(boost::describe::has_describe_enumerators<T>::value, "describe this enum");
  static_assert(sizeof(T) == 1 || sizeof(T) == 4);
  template <class> struct Labels;
  template <template <class...> class L, class... D>
  struct Labels<L<D...>> {
    static constexpr const char* names[] = {D::name..., nullptr};
    static constexpr bool dense = [] {
      std::int64_t next = 0;
      return (... && (static_cast<std::int64_t>(D::value) == next++));
    }();
  };
  using All = Labels<boost::describe::describe_enumerators<T>>;
  static_assert(All::dense, "the values of a described enum count from 0");
  static constexpr Type value{.kind = Kind::enumeration, .size = sizeof(T),
                              .name = name_of<T>.text, .labels = All::names};
};

template <class T>
  requires boost::describe::has_describe_members<T>::value
struct TypeOf<T> {
  template <class> struct Fields;
  template <template <class...> class L, class... D>
  struct Fields<L<D...>> {
    static inline const Field list[] = {
        {D::name, offset_of(D::pointer), std::char_traits<char>::length(D::name),
         &type_of<decltype(member_type(D::pointer))>()}...,
        {nullptr, 0, 0, nullptr}};
    static constexpr std::uint32_t count = sizeof...(D);
  };
  using All = Fields<boost::describe::describe_members<
      T, boost::describe::mod_public | boost::describe::mod_inherited>>;
  static_assert(All::count <= 40, "split this struct");
  static inline const Type value{.kind = Kind::object, .size = sizeof(T),
                                 .name = name_of<T>.text, .fields = All::list,
                                 .field_count = All::count};
};

/// The label of an enum value ("dangerous"), and back; an unknown label → nullopt.
template <class E>
const char* label_of(E value) {
  return TypeOf<E>::All::names[static_cast<std::size_t>(value)];
}
template <class E>
std::optional<E> from_label(std::string_view label) {
  const auto& names = TypeOf<E>::All::names;
  for (std::size_t i = 0; names[i] != nullptr; ++i)
    if (label == names[i]) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace atelier::schema
