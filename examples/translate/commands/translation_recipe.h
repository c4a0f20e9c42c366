// What `translate train` trains.
#pragma once

#include <exception>
#include <optional>

#include "examples/support/training/train_command.h"
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
  void take_settings_of_start();
  Options options_;
  std::optional<Options> started_;  // with --start: the options of that run
  std::exception_ptr broken_;       // or why they cannot be read
};

}  // namespace heed::translate
