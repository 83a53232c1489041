#include "features/generation/delivery.hpp"

#include "base/text.hpp"
#include "features/generation/orchestrator.hpp"
#include "ports/blobs.hpp"
#include "ports/digest.hpp"
#include "ports/imaging.hpp"

namespace atelier::generation {
namespace {

constexpr int quality = 92;

ports::Medium medium_of(OutputFormat format) {
  switch (format) {
    case OutputFormat::png: return ports::Medium::png;
    case OutputFormat::jpeg: return ports::Medium::jpeg;
    case OutputFormat::webp: return ports::Medium::webp;
  }
  return ports::Medium::png;
}

/// The bytes in the form that was asked for, with what is known of their making inside.
Result<std::string> dressed(Services& services, const Making& making,
                            const ports::MadePicture& made) {
  const ports::Medium wanted = medium_of(making.step.piece.format);
  const auto probe = services.imaging->probe(bytes_of(made.bytes));
  if (!probe) return std::unexpected(probe.error());
  // ComfyUI's own documents are in what it sends; they stay, whatever the form.
  const recipes::Reading own = recipes::read(bytes_of(made.bytes));
  std::vector<ports::Variant> other;
  if (probe->medium != wanted) {
    const ports::VariantWish wish{.medium = wanted, .quality = quality};
    other = TRY(services.imaging->variants(bytes_of(made.bytes), std::span(&wish, 1)));
  }
  const std::string& bytes = other.empty() ? made.bytes : other.front().bytes;
  recipes::Embedding embedding;
  const recipes::Recipe recipe = recipe_of(making, made.seed);
  embedding.parameters = recipes::write_a1111(recipe);
  embedding.digitalSourceType = recipe.digitalSourceType;
  embedding.graph = own.graph;
  embedding.workflow = own.workflow;
  auto embedded = recipes::embed(bytes_of(bytes), embedding);
  if (!embedded && embedded.error().code == "metadata_too_large") {
    embedding.graph.clear();  // JPEG has little room: the recipe itself is what matters
    embedding.workflow.clear();
    embedded = recipes::embed(bytes_of(bytes), embedding);
  }
  return embedded;
}

std::string name_of(const Making& making, std::uint64_t seed, OutputFormat format) {
  std::string name = slug(making.step.piece.prompt).substr(0, 60);
  if (name.empty()) name = schema::label_of(making.generation.workflow);
  return name + "-" + std::to_string(seed) + "." + schema::label_of(format);
}

}  // namespace

Result<std::vector<PreparedPicture>> prepare_pictures(Services& services, const Making& making,
                                                      const ports::Outcome& outcome) {
  std::vector<PreparedPicture> out;
  for (const ports::MadePicture& made : outcome.pictures) {
    const std::string bytes = TRY(dressed(services, making, made));
    PreparedPicture picture;
    picture.seed = made.seed;
    picture.file = {making.step.owner, name_of(making, made.seed, making.step.piece.format),
                    static_cast<std::int64_t>(bytes.size()), {}};
    Result<std::shared_ptr<const images::ReadPicture>> read;
    TRY(services.blobs->put(bytes_of(bytes), [&] {
      read = images::read_ahead(services, bytes_of(bytes));
      const auto digest = services.digests->start();
      digest->update(bytes_of(bytes));
      picture.file.hashes = digest->hashes();
      return picture.file.hashes.sha256;
    }));
    picture.read = TRY(std::move(read));
    out.push_back(std::move(picture));
  }
  return out;
}

Result<void> deliver(Services& services, sql::Tx& tx, const store::Attempt& known,
                     const std::vector<PreparedPicture>& pictures, std::string_view note) {
  const Millis now = services.clock->now();
  auto attempt = TRY(store::known_attempt(tx, known));
  if (!attempt) return {};
  const auto step = TRY(store::step(tx, attempt->step));
  if (attempt->state == AttemptState::canceling || !step || is_final(step->status)) {
    return attempt_failed(services, tx, std::move(*attempt), ports::Trouble::canceled, "", false);
  }
  const auto generation = TRY(store::generation(tx, step->generation));
  std::int64_t position = 0;
  for (const PreparedPicture& picture : pictures) {
    images::NewImage image;
    image.owner = step->owner;
    image.file = TRY(files::add_stored(services, tx, picture.file));
    image.remix_of = generation ? generation->remix_of : std::nullopt;
    store::Artifact artifact{step->id, position, attempt->id, {}, std::to_string(picture.seed),
                             now};
    artifact.image = TRY(images::add_read(services, tx, image, *picture.read));
    if (!TRY(store::insert_artifact(tx, artifact)))
      return fail(Fault::conflict, "delivered", "This step was delivered before.");
    if (position < step->piece.count)
      TRY(ledger().settle(tx, now, hold_of(step->generation),
                          "step:" + std::to_string(step->id.value) + ":" +
                              std::to_string(position),
                          step->price));
    ++position;
  }
  attempt->note += note;
  return attempt_succeeded(services, tx, std::move(*attempt), *step);
}

}  // namespace atelier::generation
