#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ports/embedder.hpp"

namespace atelier::engines::lsa {

struct Model;

/// Vectors from the hub's own texts, without any outside model: latent semantic analysis
/// (Deerwester and others 1990). Words that stand in like company point the same way, so texts
/// about one thing are near each other even where they share few words. What it cannot know is
/// what nobody wrote here. Trained by `train`, in seconds for 100,000 texts; a new text costs
/// microseconds.
class Lsa final : public ports::Embedder {
 public:
  /// The model is kept in `file`. If it is damaged, that is logged and there is none.
  explicit Lsa(std::filesystem::path file);
  ~Lsa() override;

  std::string identity() override;  ///< "lsa-" and a hash of the model
  int dimensions() override;        ///< 128
  Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts) override;

  /// Learns from up to 100,000 of the texts, drawn evenly, and keeps the model; until then the
  /// old one serves. The same texts in the same order give the same model. One call at a time
  /// (the second waits); some 500 MB while it runs. Errors: `texts_too_few` (unavailable: fewer
  /// than 20 with words that come twice), those of the disk.
  Result<void> train(const Texts& next) override;
  bool learns() const override { return true; }

 private:
  std::shared_ptr<const Model> model() const;

  std::filesystem::path file_;
  std::mutex training_;
  mutable std::mutex lock_;
  std::shared_ptr<const Model> model_;
  std::string identity_;
};

}  // namespace atelier::engines::lsa
