// Captions on pages: those of a run's report.html, and those of `caption show`.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "examples/caption/commands/options.h"
#include "examples/caption/data/corpus.h"
#include "examples/caption/model/decode.h"
#include "examples/support/report/report.h"

namespace heed::caption {

// A picture as the page shows it, made smaller if it is large, without captions yet.
support::PictureStory picture_story(const std::string& name, const support::Image& picture, int64_t side);

// A caption with where each word looked, after Xu et al. Figure 2, Figure 3; </s> is left out. `label` tells captions
// of one picture apart.
support::PictureStory::Telling telling(const std::string& label, const Caption& caption);

// The page of a training run: its curves, and some pictures of `valid` with their captions. `captions` are
// those of all its pictures, in order. Pictures whose files are gone are left out.
support::Report make_report(const Options& options, const std::vector<nlohmann::json>& metrics,
                            const CaptionSet& valid, const std::vector<Caption>& captions);

}  // namespace heed::caption
