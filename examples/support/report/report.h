// The page of a run: one HTML file that shows how training went and where the model looked. It works
// offline, asks the network for nothing, and carries its data as JSON. The page itself is written in HTML,
// CSS and JavaScript in report/, and becomes part of the program when it is built; report_static.h draws
// what shows without scripts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace heed::support {

// One line of one chart, as in Luong et al. Figure 5; named "chart/series": "loss/train" and "loss/valid" share the
// chart "loss".
struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;  // (epoch, value); values that are not finite leave a gap
};

// One sentence and what the model made of it.
struct Translation {
  std::vector<std::string> source, reference, hypothesis;
  // weights[t][s]: how much target word t looked at source word s, [hypothesis][source]. Empty for a model
  // without attention.
  std::vector<std::vector<float>> weights;
  std::vector<int> unknown_source;  // positions of source words outside the vocabulary
  std::vector<int> replaced;        // positions of hypothesis words that were <unk> and then copied
  std::string note;                 // shown beside the sentence, "BLEU 71.2" for instance
};

// One picture and what the model said about it: one caption, or several that were drawn.
struct PictureStory {
  std::string name;  // of the file, for instance
  std::string file;  // the bytes of a JPEG or PNG file, as it is to be shown
  int width = 0, height = 0;
  std::vector<std::string> references;
  // The weights lie on a grid of side x side cells that divides the picture evenly, whatever its shape:
  // number i stands for row i / side from the top, column i % side from the left.
  int64_t side = 0;
  struct Telling {
    std::string label;  // "sample 2"
    std::vector<std::string> words;
    std::vector<std::vector<float>> weights;  // [words][side * side]; empty for a model without attention
    std::string note;
  };
  std::vector<Telling> tellings;
};

struct Report {
  std::string title, summary;
  std::vector<std::pair<std::string, std::string>> headline;  // the few figures that matter: label, value
  std::vector<std::pair<std::string, std::string>> settings;  // everything else about the run
  std::vector<Curve> curves;
  std::vector<Translation> translations;
  std::vector<PictureStory> pictures;
};

// The whole page, with as much of the report as fits on one (fitting.h). Throws heed::Error when the shape of
// some weights does not fit their sentence or grid.
std::string report_html(const Report& report);

// Writes it with write_file_atomically.
void write_report(const std::filesystem::path& path, const Report& report);

}  // namespace heed::support
