#include <array>

#include "features/leaderboards/leaderboards.hpp"

// The boards. To add one, add it here; its scores begin with the days that were counted so far.
namespace atelier::leaderboards {
namespace {

using platform::Metric;
using platform::SubjectKind;

constexpr std::array image_terms = {Term{SubjectKind::image, Metric::like},
                                    Term{SubjectKind::image, Metric::heart},
                                    Term{SubjectKind::image, Metric::laugh},
                                    Term{SubjectKind::image, Metric::cry}};
constexpr std::array download_terms = {Term{SubjectKind::model, Metric::download}};
constexpr std::array review_terms = {Term{SubjectKind::model, Metric::thumbs_up},
                                     Term{SubjectKind::model, Metric::thumbs_down, -1}};
constexpr std::array collect_terms = {Term{SubjectKind::model, Metric::collect},
                                      Term{SubjectKind::image, Metric::collect},
                                      Term{SubjectKind::post, Metric::collect}};
constexpr std::array help_terms = {Term{SubjectKind::comment, Metric::like},
                                   Term{SubjectKind::comment, Metric::heart},
                                   Term{SubjectKind::review, Metric::like},
                                   Term{SubjectKind::review, Metric::heart}};
constexpr std::array all_terms = {
    Term{SubjectKind::image, Metric::like},     Term{SubjectKind::image, Metric::heart},
    Term{SubjectKind::model, Metric::download}, Term{SubjectKind::model, Metric::thumbs_up, 10},
    Term{SubjectKind::model, Metric::collect, 5}, Term{SubjectKind::image, Metric::collect, 5},
    Term{SubjectKind::comment, Metric::like},   Term{SubjectKind::user, Metric::follow, 20}};

constexpr std::array all_boards = {
    Board{"creators", "Creators", "Everything together, over a year.", 365, all_terms},
    Board{"images", "Images", "Reactions to images, over 30 days.", 30, image_terms},
    Board{"downloads", "Downloads", "Downloads of models, over 30 days.", 30, download_terms},
    Board{"reviews", "Recommended", "Recommendations less rejections, over 30 days.", 30,
          review_terms},
    Board{"collected", "Collected", "Kept in collections, over 30 days.", 30, collect_terms},
    Board{"helpers", "Helpers", "Likes of comments and reviews, over 30 days.", 30, help_terms},
};

}  // namespace

std::span<const Board> boards() { return all_boards; }

}  // namespace atelier::leaderboards
