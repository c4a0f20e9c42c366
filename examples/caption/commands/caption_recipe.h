// What `caption train` trains.
#pragma once

#include "examples/caption/commands/options.h"
#include "examples/support/training/train_command.h"

namespace heed::caption {

class CaptionRecipe : public support::Recipe {
 public:
  std::string program() const override { return "caption"; }
  std::string model() const override { return "captioner"; }
  support::RunOptions& options() override { return options_; }
  std::vector<support::Field> fields() override { return support::fields_of(options_); }
  void apply_preset() override;  // usually demo for the built-in pictures, else small
  void check() const override { check_together(options_); }
  void complete() override { caption::complete(options_); }
  std::unique_ptr<support::Task> begin(const std::string& resumed) override;

 private:
  Options options_;
};

}  // namespace heed::caption
