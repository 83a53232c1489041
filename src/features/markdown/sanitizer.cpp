#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.hpp"
#include "features/markdown/markdown.hpp"

namespace atelier::markdown {
namespace {

constexpr int depth_max = 100;

constexpr std::array kept = std::to_array<GumboTag>({
    GUMBO_TAG_A, GUMBO_TAG_ABBR, GUMBO_TAG_B, GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_BR, GUMBO_TAG_CODE,
    GUMBO_TAG_DD, GUMBO_TAG_DEL, GUMBO_TAG_DETAILS, GUMBO_TAG_DIV, GUMBO_TAG_DL, GUMBO_TAG_DT,
    GUMBO_TAG_EM, GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3, GUMBO_TAG_H4, GUMBO_TAG_H5,
    GUMBO_TAG_H6, GUMBO_TAG_HR, GUMBO_TAG_I, GUMBO_TAG_IMG, GUMBO_TAG_INPUT, GUMBO_TAG_KBD,
    GUMBO_TAG_LI, GUMBO_TAG_MARK, GUMBO_TAG_OL, GUMBO_TAG_P, GUMBO_TAG_PRE, GUMBO_TAG_Q,
    GUMBO_TAG_S, GUMBO_TAG_SMALL, GUMBO_TAG_SPAN, GUMBO_TAG_STRIKE, GUMBO_TAG_STRONG,
    GUMBO_TAG_SUB, GUMBO_TAG_SUMMARY, GUMBO_TAG_SUP, GUMBO_TAG_TABLE, GUMBO_TAG_TBODY,
    GUMBO_TAG_TD, GUMBO_TAG_TFOOT, GUMBO_TAG_TH, GUMBO_TAG_THEAD, GUMBO_TAG_TR, GUMBO_TAG_U,
    GUMBO_TAG_UL,
});

/// Their text is no text for readers.
constexpr std::array silent = std::to_array<GumboTag>({
    GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE, GUMBO_TAG_TEMPLATE, GUMBO_TAG_IFRAME, GUMBO_TAG_OBJECT,
    GUMBO_TAG_EMBED, GUMBO_TAG_NOSCRIPT, GUMBO_TAG_TEXTAREA, GUMBO_TAG_SELECT, GUMBO_TAG_TITLE,
    GUMBO_TAG_HEAD, GUMBO_TAG_SVG, GUMBO_TAG_MATH, GUMBO_TAG_NOFRAMES, GUMBO_TAG_NOEMBED,
    GUMBO_TAG_XMP, GUMBO_TAG_PLAINTEXT, GUMBO_TAG_AUDIO, GUMBO_TAG_VIDEO, GUMBO_TAG_CANVAS,
});

template <std::size_t N>
bool among(const std::array<GumboTag, N>& tags, GumboTag tag) {
  return std::ranges::find(tags, tag) != tags.end();
}

bool is_void(GumboTag tag) {
  return tag == GUMBO_TAG_BR || tag == GUMBO_TAG_HR || tag == GUMBO_TAG_IMG ||
         tag == GUMBO_TAG_INPUT;
}

void escape(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
}

std::string_view attribute(const GumboElement& element, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
  return found == nullptr ? std::string_view{} : std::string_view(found->value);
}

/// Browsers drop tabs, line ends and leading controls before they look at the scheme, so we do.
bool safe_address(std::string_view address, bool image) {
  std::string plain;
  for (const char c : address)
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) plain += c;
  plain = lower_ascii(plain);
  const auto colon = plain.find_first_of(":/?#");
  const bool has_scheme = colon != plain.npos && plain[colon] == ':';
  if (!has_scheme) return !plain.starts_with("//") && !plain.starts_with("/\\") &&
                          !plain.starts_with("\\");
  if (plain.starts_with("https://") || plain.starts_with("http://")) return true;
  return !image && plain.starts_with("mailto:");
}

void put(std::string& out, const char* name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"";
  escape(out, value);
  out += '"';
}

void put_number(std::string& out, const GumboElement& element, const char* name) {
  const auto number = parse_whole(attribute(element, name));
  if (number && *number >= 0 && *number <= 10'000) put(out, name, std::to_string(*number));
}

void open_tag(std::string& out, const GumboElement& element) {
  out += '<';
  out += gumbo_normalized_tagname(element.tag);
  if (const auto title = attribute(element, "title"); !title.empty()) put(out, "title", title);
  switch (element.tag) {
    case GUMBO_TAG_A:
      if (safe_address(attribute(element, "href"), false)) {
        put(out, "href", attribute(element, "href"));
        put(out, "rel", "nofollow ugc noopener");
      }
      break;
    case GUMBO_TAG_IMG:
      if (safe_address(attribute(element, "src"), true)) put(out, "src", attribute(element, "src"));
      put(out, "alt", attribute(element, "alt"));
      put(out, "loading", "lazy");
      put_number(out, element, "width");
      put_number(out, element, "height");
      break;
    case GUMBO_TAG_OL: put_number(out, element, "start"); break;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
      put_number(out, element, "colspan");
      put_number(out, element, "rowspan");
      if (const auto align = attribute(element, "align");
          align == "left" || align == "right" || align == "center")
        put(out, "align", align);
      break;
    case GUMBO_TAG_INPUT:
      put(out, "type", "checkbox");
      out += " disabled";
      if (gumbo_get_attribute(&element.attributes, "checked") != nullptr) out += " checked";
      break;
    case GUMBO_TAG_CODE:
      if (const auto kind = attribute(element, "class");
          kind.starts_with("language-") &&
          kind.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-+#") == kind.npos)
        put(out, "class", kind);
      break;
    default: break;
  }
  out += '>';
}

enum class Want { html, text };

void walk(std::string& out, const GumboNode* node, Want want, int depth) {
  if (depth > depth_max) return;
  switch (node->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
      if (want == Want::html) escape(out, node->v.text.text);
      else out += node->v.text.text;
      return;
    case GUMBO_NODE_ELEMENT: break;
    default: return;
  }
  const GumboElement& element = node->v.element;
  // Foreign content (SVG, MathML) parses by other rules in browsers: none of it is kept.
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML || among(silent, element.tag)) return;
  const bool checkbox = lower_ascii(attribute(element, "type")) == "checkbox";
  const bool shown = want == Want::html && among(kept, element.tag) &&
                     (element.tag != GUMBO_TAG_INPUT || checkbox);
  if (shown) open_tag(out, element);
  for (unsigned i = 0; i < element.children.length; ++i)
    walk(out, static_cast<const GumboNode*>(element.children.data[i]), want, depth + 1);
  if (shown && !is_void(element.tag))
    out += std::string("</") + gumbo_normalized_tagname(element.tag) + ">";
  if (want == Want::text && (element.tag == GUMBO_TAG_P || element.tag == GUMBO_TAG_BR)) out += ' ';
}

std::string through(std::string_view html, Want want) {
  GumboOptions options = kGumboDefaultOptions;
  options.fragment_context = GUMBO_TAG_DIV;
  options.max_errors = 0;
  GumboOutput* output = gumbo_parse_with_options(&options, html.data(), html.size());
  std::string out;
  const GumboElement& root = output->root->v.element;
  for (unsigned i = 0; i < root.children.length; ++i)
    walk(out, static_cast<const GumboNode*>(root.children.data[i]), want, 0);
  gumbo_destroy_output(&options, output);
  return out;
}

}  // namespace

std::string sanitize(std::string_view html) { return through(html, Want::html); }

std::string to_text(std::string_view html) {
  return std::string(trim(through(html, Want::text)));
}

}  // namespace atelier::markdown
