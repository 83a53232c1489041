#pragma once
#include <string>
#include <string_view>

/// Text that people write, made safe to show. Markdown is GitHub's flavour (cmark-gfm: tables,
/// strikethrough, autolinks, task lists); what comes out of it, and HTML that comes from imports,
/// passes one allow-list on the parsed tree (gumbo), so nothing reaches a page by being oddly
/// spelled. Links get rel="nofollow ugc noopener", images load lazily.
namespace atelier::markdown {

/// Well-formed UTF-8 in; safe HTML out.
std::string to_html(std::string_view markdown);
/// Keeps allowed elements and attributes, drops the rest, keeps the text of unknown elements.
std::string sanitize(std::string_view html);
/// The visible text of HTML, for titles and searching.
std::string to_text(std::string_view html);

}  // namespace atelier::markdown
