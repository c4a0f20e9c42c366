// What `translate train` trains.
#pragma once

#include "examples/support/training/start.h"
#include "examples/translate/commands/options.h"

namespace heed::translate {

class TranslationRecipe : public support::Recipe {
 public:
  std::string program() const override { return "translate"; }
  std::string model() const override { return "translator"; }
  support::RunOptions& options() override { return options_; }
  std::vector<support::Field> fields() override { return support::fields_of(options_); }
  void apply_preset() override;  // usually small; with --start, the settings of that run
  void fit() override;
  void check() const override;
  void complete() override;
  std::unique_ptr<support::Task> begin(const std::string& resumed) override;

 private:
  Options options_;
  support::Start<Options> start_;
};

}  // namespace heed::translate
