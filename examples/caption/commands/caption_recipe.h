// What `caption train` trains.
#pragma once

#include "examples/caption/commands/options.h"
#include "examples/support/training/start.h"

namespace heed::caption {

class CaptionRecipe : public support::Recipe {
 public:
  std::string program() const override { return "caption"; }
  std::string model() const override { return "captioner"; }
  support::RunOptions& options() override { return options_; }
  std::vector<support::Field> fields() override { return support::fields_of(options_); }
  // Usually demo for the built-in pictures, else small; with --start, the settings of that run.
  void apply_preset() override;
  void fit() override { start_.fit(options_.training); }
  void check() const override {
    start_.check(options_, {"/data/text_form", "/preset", "/text/", "/model/"});
    check_together(options_);
  }
  void complete() override { caption::complete(options_); }
  std::unique_ptr<support::Task> begin(const std::string& resumed) override;
  std::unique_ptr<support::Task> begin_sample() override {
    options_.data.estimating = true;
    return begin("");
  }

 private:
  Options options_;
  support::Start<Options> start_;
};

}  // namespace heed::caption
