#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engines/lsa/model.hpp"

namespace atelier::engines::lsa {

/// An even sample of texts (Vitter's reservoir), their words weighed by TF-IDF, and the
/// directions in which they differ most (randomised SVD: Halko, Martinsson, Tropp 2011; 16 more
/// directions and two power iterations): 128, or an eighth of the texts or words if that is less;
/// the other dimensions are zero. Null if there is too little to learn from.
std::shared_ptr<const Model> learn(const std::function<std::optional<std::string>()>& next);

}  // namespace atelier::engines::lsa
