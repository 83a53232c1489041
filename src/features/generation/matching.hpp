#pragma once
#include <optional>
#include <string>

#include "features/generation/piece.hpp"
#include "ports/generator.hpp"

/// Which backend can do which piece of work, and under which names. Pure.
namespace atelier::generation {

/// What a backend calls this model; "" for none that it has. By hash where both sides tell one,
/// else by name without folder and ending.
std::string name_on(const ports::Offer& offer, const PieceModel& model);

/// Why this backend cannot do it, for people; "" = it can. `memory_min` bytes did not suffice.
std::string unfit(const ports::Offer& offer, const Piece& piece, std::int64_t memory_min);

/// The order in this backend's words, without the bytes of pictures. What it cannot do exactly is
/// said in `note`.
struct Translated {
  ports::Order order;
  std::string note;
};
Translated translate(const ports::Offer& offer, const Piece& piece, std::string key);

}  // namespace atelier::generation
