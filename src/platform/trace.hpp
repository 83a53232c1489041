#pragma once
#include <string>
#include <string_view>

namespace atelier::platform {

/// W3C Trace Context level 1: which distributed trace a request belongs to.
struct Trace {
  std::string trace_id;  ///< 32 lower-case hex digits, not all zero
  std::string span_id;   ///< 16: this call
  bool sampled = true;

  /// The header for requests that this call makes.
  std::string traceparent() const;
};

/// Continues the trace of a `traceparent` header, or begins one if it is absent or malformed
/// (unknown versions are read by the rules of version 00). Ids are unique, not secret.
Trace begin_span(std::string_view traceparent);

}  // namespace atelier::platform
