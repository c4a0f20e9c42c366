// What `translate train` trains.
#pragma once

#include "examples/support/training/train_command.h"
#include "examples/translate/commands/options.h"

namespace heed::translate {

class TranslationRecipe : public support::Recipe {
 public:
  std::string program() const override { return "translate"; }
  std::string model() const override { return "translator"; }
  support::RunOptions& options() override { return options_; }
  std::vector<support::Field> fields() override { return support::fields_of(options_); }
  void apply_preset() override;  // usually small
  void fit() override;
  void check() const override { check_together(options_); }
  void complete() override;
  std::unique_ptr<support::Task> begin(const std::string& resumed) override;

 private:
  Options options_;
};

}  // namespace heed::translate
