#include "engines/sketch/words.hpp"

#include "engines/sketch/scene.hpp"

namespace atelier::engines::sketch {
namespace {

constexpr Word of(std::string_view names, Backdrop value) {
  return {names, Kind::backdrop, static_cast<int>(value)};
}
constexpr Word of(std::string_view names, Subject value) {
  return {names, Kind::subject, static_cast<int>(value)};
}
constexpr Word of(std::string_view names, Hour value) {
  return {names, Kind::hour, static_cast<int>(value)};
}
constexpr Word of(std::string_view names, Weather value) {
  return {names, Kind::weather, static_cast<int>(value)};
}
constexpr Word of(std::string_view names, Season value) {
  return {names, Kind::season, static_cast<int>(value)};
}
constexpr Word of(std::string_view names, Style value) {
  return {names, Kind::style, static_cast<int>(value)};
}
constexpr Word colour(std::string_view names, int hex) { return {names, Kind::colour, hex}; }

constexpr Word all[] = {
    of("mountain|alp|hill|peak|valley|cliff|volcano|landscape|canyon", Backdrop::mountains),
    of("sea|ocean|beach|coast|seascape|shore|lake|bay|island|river|harbor|harbour|wave",
       Backdrop::sea),
    of("forest|wood|jungle|woodland|grove|rainforest|swamp", Backdrop::forest),
    of("desert|dune|sahara|wasteland|mars", Backdrop::desert),
    of("city|skyline|cityscape|city skyline|town|downtown|metropolis|street|urban|skyscraper|"
       "cyberpunk city|building",
       Backdrop::city),
    of("meadow|field|garden|park|grass|prairie|countryside|farm|lawn|pasture|village",
       Backdrop::meadow),
    of("space|galaxy|nebula|outer space|cosmos|universe|planet", Backdrop::space),
    of("underwater|under water|aquarium|reef|coral|coral reef|deep sea", Backdrop::underwater),
    of("room|interior|kitchen|table|indoor|bedroom|cafe|library", Backdrop::room),
    of("road|highway|racetrack", Backdrop::road),
    of("studio|white background|plain background|simple background|backdrop", Backdrop::plain),
    of("abstract|pattern|geometric|shape|composition|texture|fractal|mandala",
       Backdrop::abstract),

    of("house|cottage|cabin|home|hut|barn|villa|farmhouse", Subject::house),
    of("castle|fortress|palace|tower", Subject::castle),
    of("lighthouse|beacon", Subject::lighthouse),
    of("tree|oak|pine|birch|willow|fir|palm", Subject::tree),
    of("flower|rose|tulip|daisy|sunflower|poppy|blossom|bouquet|lily|orchid|lotus",
       Subject::flower),
    of("cat|kitten|kitty|feline|tabby|tiger|leopard|lynx", Subject::cat),
    of("dog|puppy|hound|canine|corgi|wolf|wolve|retriever|poodle|husky", Subject::dog),
    of("bird|eagle|sparrow|robin|parrot|owl|raven|crow|seagull|hummingbird|swallow",
       Subject::bird),
    of("fish|goldfish|shark|whale|koi|salmon|trout|dolphin|clownfish", Subject::fish),
    of("boat|ship|sailboat|sailing boat|yacht|vessel|sail|galleon", Subject::boat),
    of("car|automobile|truck|van|taxi|sports car|vehicle|racecar", Subject::car),
    of("person|man|woman|girl|boy|child|people|figure|warrior|knight|samurai|wizard|witch|"
       "astronaut|dancer|traveler|traveller|hero|couple|princess|monk|hiker|children|men|women",
       Subject::person),
    of("portrait|face|headshot|head|selfie|close up|closeup|bust|girl portrait|woman portrait",
       Subject::portrait),
    of("mushroom|toadstool|fungus|fungi", Subject::mushroom),
    of("cup|mug|coffee|tea|teacup|coffee cup|cup of coffee|cup of tea|teapot", Subject::cup),
    of("still life|fruit|apple|pear|bowl|bowl of fruit|grape|vase|orange fruit|lemon",
       Subject::fruit),
    of("butterfly|moth", Subject::butterfly),
    of("robot|android|cyborg|mecha|droid", Subject::robot),
    of("balloon|hot air balloon|airship|zeppelin", Subject::balloon),
    of("rocket|spaceship|spacecraft|starship|space shuttle", Subject::rocket),
    of("fox|vixen", Subject::fox),
    of("lion", Subject::lion),
    of("horse|pony|stallion|mare|foal", Subject::horse),
    of("unicorn", Subject::unicorn),
    of("rabbit|bunny|hare", Subject::rabbit),
    of("bear|teddy|teddy bear|grizzly", Subject::bear),
    of("elephant|mammoth", Subject::elephant),
    of("dragon|wyvern|drake", Subject::dragon),
    of("airplane|aeroplane|plane|aircraft|jet plane|fighter jet|airliner", Subject::airplane),
    of("train|locomotive|steam engine|railway", Subject::train),

    {"sun|sunshine", Kind::sky, sky_sun},
    {"moon|full moon|crescent|moonlight", Kind::sky, sky_moon},
    {"star|starry|stars|constellation|milky way|starry sky", Kind::sky, sky_stars},
    {"rainbow", Kind::sky, sky_rainbow},

    of("dawn|sunrise|morning|daybreak", Hour::dawn),
    of("day|noon|midday|daylight|daytime|sunny|afternoon", Hour::day),
    of("sunset|dusk|evening|golden hour|twilight|sundown", Hour::sunset),
    of("night|midnight|nighttime|nocturnal|at night|dark", Hour::night),

    of("clear|clear sky|cloudless", Weather::clear),
    of("cloud|cloudy|overcast", Weather::clouds),
    of("rain|raining|rainy|drizzle|downpour", Weather::rain),
    of("snow|snowing|snowy|blizzard|snowfall", Weather::snow),
    of("fog|foggy|mist|misty|haze|hazy", Weather::fog),
    of("storm|stormy|thunderstorm|lightning|thunder", Weather::storm),

    of("summer", Season::summer),
    of("spring|springtime|cherry blossom", Season::spring),
    of("autumn|fall leaves|autumnal|fall foliage", Season::autumn),
    of("winter|wintry|ice|frozen|christmas|icy", Season::winter),

    of("watercolor|watercolour|aquarelle|water color", Style::watercolor),
    of("pixel art|pixel|8 bit|16 bit|pixelated|pixelart", Style::pixel),
    of("line art|lineart|ink drawing|pencil|drawing|sketch|line drawing|coloring book|etching",
       Style::line),
    of("noir|black and white|monochrome|film noir|grayscale|greyscale|charcoal", Style::noir),
    of("oil painting|oil|impressionist|impressionism|van gogh|brush stroke|acrylic", Style::oil),
    of("neon|cyberpunk|synthwave|vaporwave|glowing", Style::neon),
    of("sepia|vintage|old photo|antique|retro", Style::sepia),
    of("pastel|soft color|kawaii", Style::pastel),
    of("cartoon|comic|anime|manga|cel shaded|storybook", Style::cartoon),

    colour("red|crimson|scarlet", 0xd0342c), colour("orange", 0xee8426),
    colour("yellow|golden|gold|blond|blonde", 0xf2c230), colour("green|emerald", 0x3f9a4c),
    colour("blue|azure|navy", 0x2f6fd0), colour("teal|turquoise|cyan", 0x23a6a6),
    colour("purple|violet|lavender", 0x7e4fb8), colour("pink|magenta", 0xec6fa3),
    colour("brown|chestnut|ginger", 0x8a5a34), colour("black", 0x2b2b31),
    colour("white", 0xf4f1ea), colour("grey|gray|silver", 0x9a9ca3),

    {"two|couple|pair", Kind::count, 2}, {"three", Kind::count, 3},
    {"four|several|some|few", Kind::count, 4}, {"five|many|flock|group", Kind::count, 5},
    {"six|seven|eight|crowd|herd|swarm|lots", Kind::count, 7}, {",", Kind::comma, 0},
};

}  // namespace

std::span<const Word> words() { return all; }

}  // namespace atelier::engines::sketch
