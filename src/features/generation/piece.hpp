#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "features/generation/request.hpp"
#include "ports/generator.hpp"

/// A step's order as it is stored: whole but for bytes, which are named by their SHA-256, and for
/// the names of models, which differ from backend to backend.
namespace atelier::generation {

/// A model and by what a backend may know it.
struct PieceModel {
  std::string kind;                  ///< as OfferedModel::kind: checkpoint, lora, vae …
  std::string name;                  ///< for people, and for backends that know it by this
  std::vector<std::string> files;    ///< names of its files
  std::vector<std::string> hashes;   ///< lower-case hex of any kind
  std::optional<VersionId> version;  ///< absent: not of the catalogue
  double strength = 1;
};
BOOST_DESCRIBE_STRUCT(PieceModel, (), (kind, name, files, hashes, version, strength))

struct PieceControl {
  std::string kind;
  std::vector<PieceModel> model;     ///< none or one
  std::string picture;               ///< SHA-256
  double weight = 1, start = 0, end = 1;
};
BOOST_DESCRIBE_STRUCT(PieceControl, (), (kind, model, picture, weight, start, end))

/// A picture that belongs into a graph.
struct PiecePicture {
  std::vector<std::string> pointers; ///< JSON Pointers into the graph
  std::string picture;               ///< SHA-256
  bool mask = false;
};
BOOST_DESCRIBE_STRUCT(PiecePicture, (), (pointers, picture, mask))

struct Piece {
  ports::GenerationTask task = ports::GenerationTask::txt2img;
  std::vector<PieceModel> model;     ///< none: whatever a backend has
  std::vector<PieceModel> resources;
  std::vector<PieceControl> controls;
  std::string baseModel;             ///< "" = not known
  std::string prompt, negative;
  std::int64_t width = 512, height = 512;
  std::string sampler, scheduler;    ///< canonical
  std::int64_t steps = 20;
  double guidance = 7;
  std::int64_t clipSkip = 1;
  std::string seed = "0";            ///< decimal, of the first picture
  std::int64_t count = 1;
  double denoise = 1;
  std::int64_t firstWidth = 0, firstHeight = 0;
  std::string source, mask;          ///< SHA-256; "" = none
  std::string graph, workflow;
  std::vector<PiecePicture> pictures; ///< of the graph
  std::vector<std::string> nodes;    ///< classes that the graph needs
  OutputFormat format = OutputFormat::png;
};
BOOST_DESCRIBE_STRUCT(Piece, (), (task, model, resources, controls, baseModel, prompt, negative,
                                  width, height, sampler, scheduler, steps, guidance, clipSkip,
                                  seed, count, denoise, firstWidth, firstHeight, source, mask,
                                  graph, workflow, pictures, nodes, format))

/// Megapixels through sampling steps, of all its pictures: what its time grows with.
double units_of(const Piece& piece);
/// Doublings of the pixels of one picture: speeds are learned apart for each.
int size_class_of(const Piece& piece);
/// What must be in memory for it: the main model's name; "" = nothing in particular.
std::string resident_of(const Piece& piece);

std::uint64_t seed_number(const std::string& seed);

}  // namespace atelier::generation
