#include "engines/native_search/snapshot.hpp"

#include <algorithm>
#include <functional>

#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {

Snapshot::Snapshot(std::vector<Part> seen, const Shape& shape) : parts(std::move(seen)) {
  for (const Part& part : parts) documents += part.segment->documents();
  for (std::uint32_t slot = 0; slot < shape.texts().size(); ++slot) {
    std::uint64_t total = 0;
    for (const Part& part : parts) total += part.segment->total_length(slot);
    const double average =
        std::max(1.0, double(total) / double(std::max<std::uint64_t>(1, documents)));
    FieldNorms& field = fields.emplace_back();
    field.average = float(average);
    field.weight = shape.texts()[slot].weight;
    for (std::size_t code = 0; code < field.of_length.size(); ++code)
      field.of_length[code] = float(field.weight * weighed(1, length_of_code[code], average));
    by_weight.push_back(slot);
  }
  std::ranges::stable_sort(by_weight, std::greater(),
                           [&](std::uint32_t slot) { return fields[slot].weight; });
}

}  // namespace atelier::engines::native_search
