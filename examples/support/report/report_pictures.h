// Pictures in a report: what the page's script is given, and what readers without scripts see.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "examples/support/report/report.h"

namespace heed::support {

// Weights of attention as the page shows them: four decimals; more would double its size.
nlohmann::json rounded_weights(const std::vector<std::vector<float>>& weights);

// Throws if weights do not fit their grid or words, or a picture is neither a JPEG nor a PNG file.
nlohmann::json pictures_json(const std::vector<PictureStory>& pictures);

// The captions in words, for readers without scripts.
std::string pictures_html(const std::vector<PictureStory>& pictures);

// RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace heed::support
