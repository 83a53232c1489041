#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.hpp"
#include "engines/sketch/scene.hpp"
#include "engines/sketch/words.hpp"

namespace atelier::engines::sketch {
namespace {

/// Letters and digits, in lower case, one space between words, commas kept as words: they end
/// what a colour belongs to. `<lora:…>` goes whole, `(cat:1.3)` leaves its word.
std::string plain_words(std::string_view prompt) {
  std::string out = " ";
  bool tag = false;
  for (const char letter : prompt) {
    if (letter == '<') tag = true;
    if (!tag) {
      if (std::isalnum(static_cast<unsigned char>(letter)))
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
      else if (letter == ',' || letter == '.' || letter == ';') out += " , ";
      else if (out.back() != ' ') out += ' ';
    }
    if (letter == '>') tag = false;
  }
  return out + ' ';
}

const Word* find(std::string_view text) {
  for (const Word& row : words())
    for (const std::string_view name : split(row.names, '|'))
      if (name == text) return &row;
  return nullptr;
}

/// Also of plurals: "cats", "foxes", "butterflies", "wolves".
const Word* find_any_form(const std::string& word) {
  if (const Word* row = find(word)) return row;
  const auto ends = [&](std::string_view end) { return word.ends_with(end) && word.size() > 3; };
  if (ends("ies"))
    if (const Word* row = find(word.substr(0, word.size() - 3) + 'y')) return row;
  if (ends("es"))
    if (const Word* row = find(word.substr(0, word.size() - 2))) return row;
  if (ends("s")) return find(word.substr(0, word.size() - 1));
  if (ends("y")) return find(word.substr(0, word.size() - 1));  // misty, rainy, snowy
  return nullptr;
}

/// What was read on the way to the next thing.
struct Reading {
  Scene scene;
  bool hour = false, weather = false, season = false;
  std::optional<Colour> colour;
  int count = 1;
  bool just_added = false;  ///< a figure, by the last word: it describes one that follows at once

  void add(const Word& word) {
    const bool described = std::exchange(just_added, false);
    switch (word.kind) {
      case Kind::backdrop:
        scene.understood = true;
        if (scene.backdrop == Backdrop::none) scene.backdrop = Backdrop(word.value);
        break;
      case Kind::subject:
        scene.understood = true;
        if (described) drop_description(Subject(word.value));
        add_figure(Subject(word.value));
        break;
      case Kind::sky: add_sky(word.value); break;
      case Kind::hour: scene.hour = Hour(word.value); hour = true; break;
      case Kind::weather: scene.weather = Weather(word.value); weather = true; break;
      case Kind::season: scene.season = Season(word.value); season = true; break;
      case Kind::style: scene.style = Style(word.value); break;
      case Kind::colour:
        colour = rgb(static_cast<std::uint32_t>(word.value));
        if (!scene.tone) scene.tone = colour;
        break;
      case Kind::count: count = word.value; break;
      case Kind::comma: colour.reset(); count = 1; break;
    }
  }

 private:
  /// "House cat", "apple tree": the last of them is meant. Not so of a portrait, which has what
  /// is named before it.
  void drop_description(Subject meant) {
    if (meant == Subject::portrait) return;
    colour = scene.figures.back().colour;
    count = scene.figures.back().count;
    scene.figures.pop_back();
  }

  void add_figure(Subject subject) {
    for (Figure& figure : scene.figures)
      if (figure.subject == subject) {
        if (colour && !figure.colour) figure.colour = colour;
        return;
      }
    just_added = scene.figures.size() < figures_max;
    if (just_added) scene.figures.push_back({subject, count, colour});
    if (colour && scene.tone == colour) scene.tone.reset();  // it is the figure's
    colour.reset();
    count = 1;
  }

  void add_sky(int what) {
    scene.understood = true;
    switch (what) {
      case sky_sun: scene.sun = true; break;
      case sky_moon: scene.moon = true; break;
      case sky_stars: scene.stars = true; break;
      default: scene.rainbow = true; break;
    }
    if ((what == sky_moon || what == sky_stars) && !hour) scene.hour = Hour::night;
  }

  static constexpr std::size_t figures_max = 5;
};

Reading read(std::string_view prompt) {
  Reading reading;
  const std::string text = plain_words(prompt);
  std::vector<std::string> all;
  for (const std::string_view word : split(text, ' '))
    if (!word.empty()) all.emplace_back(word);
  for (std::size_t i = 0; i < all.size();) {
    const Word* row = nullptr;
    std::size_t length = std::min<std::size_t>(3, all.size() - i);
    for (; length > 0 && row == nullptr; --length) {
      std::string phrase = all[i];
      for (std::size_t k = 1; k < length; ++k) phrase += ' ' + all[i + k];
      row = find_any_form(phrase);
      if (row != nullptr) break;
    }
    if (row != nullptr) reading.add(*row);
    else reading.just_added = false;
    i += std::max<std::size_t>(length, 1);
  }
  return reading;
}

void remove(Reading& wanted, const Reading& unwanted) {
  Scene& scene = wanted.scene;
  const Scene& no = unwanted.scene;
  std::erase_if(scene.figures, [&](const Figure& figure) {
    return std::ranges::any_of(no.figures,
                               [&](const Figure& f) { return f.subject == figure.subject; });
  });
  if (no.backdrop != Backdrop::none && scene.backdrop == no.backdrop)
    scene.backdrop = scene.figures.empty() ? Backdrop::meadow : Backdrop::plain;
  if (no.sun) scene.sun = false;
  if (no.moon) scene.moon = false;
  if (no.stars) scene.stars = false;
  if (no.rainbow) scene.rainbow = false;
  for (Figure& figure : scene.figures)
    if (no.tone && figure.colour == no.tone) figure.colour.reset();
  if (no.tone && scene.tone == no.tone) scene.tone.reset();
  if (unwanted.hour && scene.hour == no.hour) scene.hour = Hour::day;
  if (unwanted.weather && scene.weather == no.weather) scene.weather = Weather::clear;
  if (unwanted.season && scene.season == no.season) scene.season = Season::summer;
  if (scene.style == no.style) scene.style = Style::plain;
}

/// "Portrait of a woman" is one figure, not two; that of a cat is a cat.
void join_portrait(Scene& scene) {
  const auto of = [&](Subject subject) {
    return std::ranges::find(scene.figures, subject, &Figure::subject);
  };
  const auto portrait = of(Subject::portrait), person = of(Subject::person);
  if (portrait == scene.figures.end() || scene.figures.size() == 1) return;
  if (person == scene.figures.end()) {
    scene.figures.erase(portrait);
    if (scene.backdrop == Backdrop::none) scene.backdrop = Backdrop::plain;
    return;
  }
  if (!portrait->colour) portrait->colour = person->colour;
  scene.figures.erase(person);
}

Backdrop usual_place(const Scene& scene) {
  if (scene.figures.empty())
    return scene.sun || scene.rainbow || scene.moon ? Backdrop::sea
           : scene.stars                            ? Backdrop::mountains
                                                    : Backdrop::abstract;
  switch (scene.figures.front().subject) {
    using enum Subject;
    case fish: return Backdrop::underwater;
    case boat: case lighthouse: return Backdrop::sea;
    case car: return Backdrop::road;
    case portrait: return Backdrop::plain;
    case cat: case cup: case fruit: return Backdrop::room;
    case robot: return Backdrop::city;
    case rocket: return Backdrop::space;
    case mushroom: return Backdrop::forest;
    case castle: case balloon: case dragon: case airplane: return Backdrop::mountains;
    case fox: case bear: return Backdrop::forest;
    default: return Backdrop::meadow;
  }
}

}  // namespace

Scene read_prompt(std::string_view prompt, std::string_view negative) {
  Reading wanted = read(prompt);
  remove(wanted, read(negative));
  Scene& scene = wanted.scene;
  join_portrait(scene);
  if (scene.backdrop == Backdrop::none) scene.backdrop = usual_place(scene);
  if (scene.weather == Weather::snow && !wanted.season) scene.season = Season::winter;
  return scene;
}

}  // namespace atelier::engines::sketch
