#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Which piece of work goes to which backend now. Pure: the state in, the decision out.
///
/// Work is ordered by start tags in virtual device-seconds (start-time fair queueing: Goyal, Vin,
/// Cheng 1996), so that members share device time by weight, however much one of them asks for.
/// A short line, all of it within the quantum of its first, is planned at once (`assignment.hpp`);
/// what each station begins with is given away, what it has the model of first. Of a longer line,
/// each piece goes where it is predicted to end first, counting what a backend is busy with and
/// the loading of models; it may wait for a fast backend while a slow one stands idle. What needs
/// no loading may overtake, and then what needs a model that nobody has, but only work that begins
/// within the quantum of the first in line; where that one would need a model to be loaded, also
/// what begins before the last of its own member's, who waits for that anyway. A model is loaded
/// rather where none is lost that is soon asked for.
namespace atelier::generation {

/// A backend as one of those that could do a piece of work.
struct Choice {
  std::size_t station = 0;  ///< index
  double work_ms = 0;       ///< predicted, without loading
  double load_ms = 0;       ///< if its model is not resident
};

struct Waiting {
  double tag = 0;           ///< device-seconds
  std::string model;        ///< what must be resident; the same text on all stations
  std::vector<Choice> choices;
  std::int64_t owner = 0;   ///< whose it is
};

struct Station {
  int free = 0;             ///< pieces it takes at once, less those it has
  double busy_ms = 0;       ///< predicted, until the first of them ends; of a free one 0
  std::string resident;     ///< as `Waiting::model`
  double worth = 0;         ///< how likely the resident model is asked for soon, from 0 to 1
};

struct Policy {
  double quantum = 240;  ///< device-seconds by which others may overtake
};

struct Binding {
  std::size_t waiting = 0, station = 0;  ///< indexes
  double predicted_ms = 0;               ///< from now to its end
  bool swaps = false;
};

/// At most what is free. `waiting` is ordered by tag.
std::vector<Binding> decide(std::span<const Waiting> waiting,
                            const std::vector<Station>& stations, const Policy& policy = {});

/// When work that comes behind all of `waiting` would begin and end (milliseconds from now), if
/// nothing else came. Negative if no station could do it.
struct Forecast {
  double start_ms = -1, finish_ms = -1;
};
Forecast forecast(std::span<const Waiting> waiting, std::vector<Station> stations,
                  const Waiting& work);

}  // namespace atelier::generation
