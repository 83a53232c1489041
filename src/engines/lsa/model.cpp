#include "engines/lsa/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/text.hpp"
#include "engines/disk/checked_file.hpp"
#include "engines/native_search/analysis.hpp"

namespace atelier::engines::lsa {
namespace {

constexpr std::array<char, 8> magic{'a', 't', 'l', 's', 'a', '0', '0', '1'};
constexpr std::uint64_t words_limit = 1'000'000;

std::uint64_t hash(std::uint64_t value, std::string_view bytes) {
  for (const char c : bytes) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}
constexpr std::uint64_t hash_start = 0xcbf29ce484222325;

std::uint64_t word_hash(std::string_view word) {
  std::uint64_t value = hash(hash_start, word);
  value ^= value >> 32;
  return value * 0x9e3779b97f4a7c15;
}

template <class T>
std::string_view chars(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

Bag bag_of(std::string_view text) {
  using namespace native_search;
  thread_local std::vector<Term> terms;
  analyse(text, ports::search::Analysis::prose, terms);
  Bag bag;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    // The last spelling of a position is the most general.
    if (i + 1 < terms.size() && terms[i + 1].position == terms[i].position) continue;
    const std::string_view term = terms[i].text;
    bag.emplace_back(word_hash(term[0] == stem_mark ? term.substr(1) : term), 1);
  }
  std::ranges::sort(bag);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < bag.size(); ++i)
    if (kept > 0 && bag[kept - 1].first == bag[i].first) ++bag[kept - 1].second;
    else bag[kept++] = bag[i];
  bag.resize(kept);
  return bag;
}

float weight(std::uint32_t times, float rarity) {
  return (1 + std::log(static_cast<float>(times))) * rarity;
}

std::vector<float> Model::embed(std::string_view text) const {
  std::vector<float> sum(model_dimensions, 0);
  auto from = words.begin();
  for (const auto& [word, times] : bag_of(text)) {
    from = std::lower_bound(from, words.end(), word);
    if (from == words.end()) break;
    if (*from != word) continue;
    const auto at = static_cast<std::size_t>(from - words.begin());
    const float scale = weight(times, rarities[at]) * factors[at];
    const std::int8_t* direction = directions.data() + at * model_dimensions;
    for (std::size_t i = 0; i < model_dimensions; ++i) sum[i] += scale * direction[i];
  }
  double squares = 0;
  for (const float x : sum) squares += double{x} * x;
  if (squares < 1e-20) return {};
  const auto scale = static_cast<float>(1 / std::sqrt(squares));
  for (float& x : sum) x *= scale;
  return sum;
}

std::string Model::identity() const {
  std::uint64_t value = hash(hash_start, {magic.data(), magic.size()});
  for (const std::string_view part :
       {chars(words), chars(rarities), chars(factors), chars(directions)})
    value = hash(value, part);
  std::array<std::byte, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(value >> (8 * i));
  return "lsa-" + hex(bytes);
}

Result<void> Model::save(const std::filesystem::path& path) const {
  auto out = TRY(disk::CheckedWriter::create(path));
  out.put(magic);
  out.put(std::uint64_t{words.size()});
  out.put_all(std::span(words));
  out.put_all(std::span(rarities));
  out.put_all(std::span(factors));
  out.put_all(std::span(directions));
  return out.finish();
}

Result<std::shared_ptr<const Model>> Model::load(const std::filesystem::path& path) {
  auto in = TRY(disk::CheckedReader::open(path));
  const auto model = std::make_shared<Model>();
  std::array<char, 8> mark{};
  std::uint64_t count = 0;
  const auto damaged = fail(Fault::internal, "file_damaged", "The model of texts is damaged.");
  if (!in.get(mark) || mark != magic || !in.get(count) || count > words_limit) return damaged;
  model->words.resize(count);
  model->rarities.resize(count);
  model->factors.resize(count);
  model->directions.resize(count * model_dimensions);
  if (!in.get_all(std::span(model->words)) || !in.get_all(std::span(model->rarities)) ||
      !in.get_all(std::span(model->factors)) || !in.get_all(std::span(model->directions)) ||
      in.left() != 0 || !std::ranges::is_sorted(model->words))
    return damaged;
  return model;
}

}  // namespace atelier::engines::lsa
