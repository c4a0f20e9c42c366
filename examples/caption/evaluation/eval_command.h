// caption eval: describes the pictures of a split and compares with what people wrote.
#pragma once

#include <string>

#include "examples/caption/commands/describe_flags.h"

namespace heed::caption {

struct EvalFlags : DescribeFlags {
  std::string data, folder, cache, split = "dev", captions, output, bins, against;
  bool skip_broken = false, by_length = false, json = false;

  void fields(auto& visit) {
    DescribeFlags::fields(visit);
    visit("data", data, "as caption train takes it; that of the training unless given");
    visit("folder", folder, "of the photographs; that of the training, or looked for in other data",
          {.flag = "--images"});
    visit("cache", cache, "file of the encoder's features; that of the training unless given");
    visit("split", split, "dev, test, ..");
    visit("captions", captions,
          "other captions to compare with, rows of image, number and caption; those of the data unless given");
    visit("by_length", by_length,
          "BLEU and chrF by the length of a picture's references in the mean, with bands of 95 %");
    visit("bins", bins, "where they end, such as 10,20,30; unless given, as fits the split");
    visit("against", against, "folder of another run: how much better this one is, and how sure that is");
    visit("output", output, "write the captions to this file: image, number and caption, tabs between");
    visit("skip_broken", skip_broken, "leave out pictures that cannot be read, and name them");
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code.
int evaluate(const EvalFlags& flags);

}  // namespace heed::caption
