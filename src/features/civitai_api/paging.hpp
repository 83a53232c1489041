#pragma once
#include <optional>

#include "features/civitai_api/shapes.hpp"
#include "platform/context.hpp"

/// Pages by number, which end at a thousand rows, and by cursor, which do not (civitai.md §10.1).
namespace atelier::civitai_api {

constexpr std::int64_t page_reach = 1000;  ///< page × limit; beyond it only cursors go

/// How many rows stand before this page; 0 when a cursor is given. `limited` beyond the reach.
Result<std::int64_t> offset_of(const std::optional<std::int64_t>& page, bool has_cursor, int limit);
/// `page` only if it was asked for and no cursor was.
ListMetadata metadata_of(const http::Request& request, const std::optional<std::int64_t>& page,
                         int limit, const std::string& next_cursor);

}  // namespace atelier::civitai_api
