#include "engines/lsa/training.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/SparseCore>

#include <algorithm>
#include <cmath>
#include <random>
#include <unordered_map>

namespace atelier::engines::lsa {
namespace {

constexpr std::size_t texts_max = 100'000, texts_min = 20;
constexpr std::size_t words_max = 200'000, words_min = 20;
constexpr Eigen::Index more_directions = 16;
constexpr int power_iterations = 2;

using Dense = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Sparse = Eigen::SparseMatrix<float, Eigen::RowMajor>;

std::vector<Bag> sample(const std::function<std::optional<std::string>()>& next) {
  std::vector<Bag> bags;
  std::mt19937_64 random(20'221'122);
  std::uint64_t seen = 0;
  while (const auto text = next()) {
    ++seen;
    if (bags.size() < texts_max) {
      bags.push_back(bag_of(*text));
    } else if (const std::uint64_t place = random() % seen; place < texts_max) {
      bags[place] = bag_of(*text);
    }
  }
  std::erase_if(bags, [](const Bag& bag) { return bag.empty(); });
  return bags;
}

/// Words that tell texts apart: neither in one text only nor in a fifth of all.
void choose_words(const std::vector<Bag>& bags, Model& model) {
  std::unordered_map<std::uint64_t, std::uint32_t> counts;
  for (const Bag& bag : bags)
    for (const auto& [word, times] : bag) ++counts[word];
  const std::size_t least = bags.size() >= 10'000 ? 5 : bags.size() >= 1000 ? 3 : 2;
  const std::size_t most = std::max<std::size_t>(bags.size() / 5, 10);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> chosen;
  for (const auto& [word, count] : counts)
    if (count >= least && count <= most) chosen.emplace_back(count, word);
  std::ranges::sort(chosen, std::greater<>());
  if (chosen.size() > words_max) chosen.resize(words_max);
  std::ranges::sort(chosen, {}, &std::pair<std::uint32_t, std::uint64_t>::second);
  for (const auto& [count, word] : chosen) {
    model.words.push_back(word);
    model.rarities.push_back(
        std::log(static_cast<float>(bags.size()) / static_cast<float>(count)));
  }
}

Sparse weigh(const std::vector<Bag>& bags, const Model& model) {
  std::vector<Eigen::Triplet<float>> cells;
  for (std::size_t text = 0; text < bags.size(); ++text) {
    const std::size_t first = cells.size();
    float squares = 0;
    auto from = model.words.begin();
    for (const auto& [word, times] : bags[text]) {
      from = std::lower_bound(from, model.words.end(), word);
      if (from == model.words.end()) break;
      if (*from != word) continue;
      const auto at = from - model.words.begin();
      const float value = weight(times, model.rarities[static_cast<std::size_t>(at)]);
      squares += value * value;
      cells.emplace_back(static_cast<int>(text), static_cast<int>(at), value);
    }
    for (std::size_t i = first; i < cells.size(); ++i)
      cells[i] = {cells[i].row(), cells[i].col(), cells[i].value() / std::sqrt(squares)};
  }
  Sparse matrix(static_cast<Eigen::Index>(bags.size()),
                static_cast<Eigen::Index>(model.words.size()));
  matrix.setFromTriplets(cells.begin(), cells.end());
  return matrix;
}

/// Columns become orthonormal, as far as they are independent.
void straighten(Dense& columns) {
  Eigen::MatrixXd products = (columns.transpose() * columns).cast<double>();
  products += (1e-7 * products.trace() + 1e-30) *
              Eigen::MatrixXd::Identity(products.rows(), products.cols());
  const Eigen::MatrixXd back =
      Eigen::LLT<Eigen::MatrixXd>(products)
          .matrixU()
          .solve(Eigen::MatrixXd::Identity(products.rows(), products.cols()));
  columns = (columns * back.cast<float>()).eval();
}

/// Right singular vectors of `matrix`, the strongest first; missing ones are zero.
Dense directions_of(const Sparse& matrix) {
  const Sparse turned = matrix.transpose();
  // All directions of a small set would tell words apart again, instead of joining them.
  const Eigen::Index smaller = std::min(matrix.rows(), matrix.cols());
  const Eigen::Index wanted =
      std::clamp<Eigen::Index>(smaller / 8, 2, static_cast<Eigen::Index>(model_dimensions));
  const Eigen::Index width = std::min(wanted + more_directions, smaller);
  Dense start(matrix.cols(), width);
  std::mt19937 random(1);
  for (Eigen::Index i = 0; i < start.size(); ++i)
    start.data()[i] = static_cast<float>(random()) / 2147483648.0f - 1;
  Dense texts = matrix * start;
  for (int i = 0; i < power_iterations; ++i) {
    straighten(texts);
    Dense words = turned * texts;
    straighten(words);
    texts = matrix * words;
  }
  straighten(texts);
  const Dense words = turned * texts;
  const Eigen::MatrixXd products = (words.transpose() * words).cast<double>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(products);
  Dense found = Dense::Zero(matrix.cols(), static_cast<Eigen::Index>(model_dimensions));
  for (Eigen::Index i = 0; i < std::min(wanted, width); ++i) {
    const Eigen::Index from = width - 1 - i;  // they rise
    const double strength = solved.eigenvalues()(from);
    if (strength < 1e-9 * solved.eigenvalues()(width - 1) || strength <= 0) break;
    found.col(i) =
        words * (solved.eigenvectors().col(from) / std::sqrt(strength)).cast<float>();
  }
  return found;
}

void pack(const Dense& directions, Model& model) {
  model.factors.reserve(model.words.size());
  model.directions.reserve(model.words.size() * model_dimensions);
  for (Eigen::Index word = 0; word < directions.rows(); ++word) {
    const float greatest = directions.row(word).cwiseAbs().maxCoeff();
    model.factors.push_back(greatest / 127);
    for (Eigen::Index i = 0; i < directions.cols(); ++i)
      model.directions.push_back(
          greatest > 0 ? static_cast<std::int8_t>(
                             std::round(directions(word, i) / greatest * 127))
                       : std::int8_t{0});
  }
}

}  // namespace

std::shared_ptr<const Model> learn(const std::function<std::optional<std::string>()>& next) {
  const std::vector<Bag> bags = sample(next);
  const auto model = std::make_shared<Model>();
  if (bags.size() < texts_min) return nullptr;
  choose_words(bags, *model);
  if (model->words.size() < words_min) return nullptr;
  pack(directions_of(weigh(bags, *model)), *model);
  return model;
}

}  // namespace atelier::engines::lsa
