#pragma once
#include <string>

#include "base/result.hpp"
#include "schema/message.hpp"

namespace atelier::schema {

/// The one place that knows status numbers of faults.
int status_of(Fault fault);

/// An RFC 9457 problem document: type, title, status, detail, code, errors[], requestId.
http::Response problem(const Error& error, std::string_view request_id);
/// The same failure in Civitai's shape: {"error","message"}.
http::Response civitai_problem(const Error& error);

}  // namespace atelier::schema
