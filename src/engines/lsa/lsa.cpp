#include "engines/lsa/lsa.hpp"

#include "engines/lsa/model.hpp"
#include "engines/lsa/training.hpp"
#include "platform/log.hpp"

namespace atelier::engines::lsa {

Lsa::Lsa(std::filesystem::path file) : file_(std::move(file)) {
  auto loaded = Model::load(file_);
  if (loaded) {
    identity_ = (*loaded)->identity();
    model_ = std::move(*loaded);
  } else if (loaded.error().code != "file_missing") {
    log::error("embedder.damaged", {{"file", file_.filename().string()},
                                    {"cause", loaded.error().code}});
  }
}

Lsa::~Lsa() = default;

std::shared_ptr<const Model> Lsa::model() const {
  const std::lock_guard held(lock_);
  return model_;
}

std::string Lsa::identity() {
  const std::lock_guard held(lock_);
  return identity_;
}

int Lsa::dimensions() { return static_cast<int>(model_dimensions); }

Result<std::vector<std::vector<float>>> Lsa::embed(std::span<const std::string> texts) {
  const auto known = model();
  if (!known)
    return fail(Fault::unavailable, "embedder_untrained",
                "There is no model of the texts yet.");
  std::vector<std::vector<float>> vectors;
  vectors.reserve(texts.size());
  for (const std::string& text : texts) vectors.push_back(known->embed(text));
  return vectors;
}

Result<void> Lsa::train(const Texts& next) {
  const std::lock_guard training(training_);
  auto learned = learn(next);
  if (!learned)
    return fail(Fault::unavailable, "texts_too_few", "There are too few texts to learn from.");
  TRY(learned->save(file_));
  std::string identity = learned->identity();
  const std::lock_guard held(lock_);
  model_ = std::move(learned);
  identity_ = std::move(identity);
  return {};
}

}  // namespace atelier::engines::lsa
