#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

/// BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, §3.5–3.6): frequencies
/// are weighed by field and set against the field's length first, then saturate together.
namespace atelier::engines::native_search {

constexpr float saturation = 1.2f;     ///< k1
constexpr float length_share = 0.75f;  ///< b
constexpr float exact_weight = 1.0f;
constexpr float variant_weight = 0.4f;  ///< a stem, or the word without its accents

inline float inverse_frequency(std::int64_t documents_with, std::int64_t documents) {
  const double with = double(std::min(documents_with, documents));
  return float(std::log(1 + (double(documents) - with + 0.5) / (with + 0.5)));
}

/// A frequency in a field that is `length` words long, where the average is `average`.
inline double weighed(double frequency, double length, double average) {
  return frequency / (1 - length_share + length_share * length / average);
}

inline float saturated(float weighed_frequency) {
  return weighed_frequency * (saturation + 1) / (saturation + weighed_frequency);
}

/// What a score is multiplied by.
inline float popular(float weight, std::int64_t value) {
  return 1 + weight * std::log2(1 + float(std::max<std::int64_t>(value, 0)));
}

}  // namespace atelier::engines::native_search
