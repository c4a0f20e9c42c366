// What the page asks for and gets, as JSON text. {"do": name, ..} gives an object; {"error": sentence} if it cannot be.
//
//     choices                       tables of rules, orders and scores, with lines of help
//     start    settings             a new model; what came of the settings
//     train    rate, steps          so many steps: losses, right; and the steps made since the start
//     measure                       held-out texts: texts, symbols; steps
//     example  index                a held-out text as it is typed
//     check    fault                the gradients of the model as it is
//     tape     text                 the tape of one step (views/tape_view.h)
//     start contest, train contest, measure contest   attention against a fixed context (contest/contest.h): settings;
//                                   rate, steps; longest, count
//     start pictures, train pictures, measure pictures, look at picture    soft, hard and latent attention side by side
//                                   (pictures/picture_lesson.h): seed; rate, steps; count; index
//     play     text, weights, hidden  a text step by step (views/step_player.h)
#pragma once

#include <string>

namespace heed::page {

// Keeps one model between calls; for one thread.
std::string answer(const std::string& request);

}  // namespace heed::page
