#include "features/civitai_api/paging.hpp"

#include "base/text.hpp"

namespace atelier::civitai_api {
namespace {

/// The same address with `cursor` or `page` set anew.
Text next_address(const http::Request& request, const std::string& name, const std::string& value) {
  Text query;
  for (const std::string_view part : split(request.query, '&'))
    if (!part.empty() && !part.starts_with("cursor=") && !part.starts_with("page="))
      query += Text(part) + "&";
  return request.origin + request.path + "?" + query + name + "=" + percent_encode(value);
}

}  // namespace

Result<std::int64_t> offset_of(const std::optional<std::int64_t>& page, bool has_cursor,
                               int limit) {
  if (!page || has_cursor) return 0;
  if (*page < 1) return fail(Fault::invalid, "invalid_request", "Pages count from 1.");
  if (*page * limit > page_reach)
    return fail(Fault::limited, "too_many_pages",
                "You've requested too many pages, please use cursors instead");
  return (*page - 1) * limit;
}

ListMetadata metadata_of(const http::Request& request, const std::optional<std::int64_t>& page,
                         int limit, const std::string& next_cursor) {
  ListMetadata metadata;
  if (page) {
    metadata.currentPage = *page;
    metadata.pageSize = limit;
  }
  if (next_cursor.empty()) return metadata;
  metadata.nextCursor = next_cursor;
  const std::int64_t next = page.value_or(0) + 1;
  metadata.nextPage = page && next * limit <= page_reach
                          ? next_address(request, "page", std::to_string(next))
                          : next_address(request, "cursor", next_cursor);
  return metadata;
}

}  // namespace atelier::civitai_api
