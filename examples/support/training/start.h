// A run that begins with the best model of another one (--start RUN) instead of with random numbers.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/support/training/checkpoint.h"
#include "examples/support/training/train_command.h"

namespace heed::support {

// What stands for the training of a model that is trained already: a tenth of the rate that it began with, constant,
// for three epochs.
TrainingOptions further(TrainingOptions before);
// The rate that this begins with: the optimizer's usual one if none is given.
double first_rate(const TrainingOptions& training);
// Throws WrongUsage, naming them, if those fields whose path begins with one of `parts` differ, unless they choose the
// kind of attention: it may be another one, as long as take_over() loses nothing by it.
void check_same_model(std::vector<Field> before, const std::vector<Field>& now, const std::vector<std::string>& parts,
                      const std::string& start);
// Gives a new model the numbers of the run. What another kind of attention adds keeps those that it has begun with, but
// for the matrices of latent attention: at 0 the mixture over places is soft attention's softmax, and so the model begins
// as what the run was. Tells the user what is new. Throws WrongUsage if a parameter of the run has no place in the model.
void take_over(const std::vector<NamedTensor>& model, const std::vector<NamedTensor>& run, const std::string& start);

// What a recipe (train_command.h) needs to know of the run that it begins with. Options are its RunOptions, with
// `start`, `sampling`, `risk` and `soft_epochs`.
template <class Options>
class Start {
 public:
  // For Recipe::apply_preset: puts the options of that run in the place of a preset's, if there is one.
  bool take(Options& options, const std::string& model) {
    if (options.start.empty()) return false;
    try {
      Options found;
      read_options(RunFolder::open(options.start), fields_of(found), model);
      before_ = found;
    } catch (const Error&) {
      broken_ = std::current_exception();  // told when the command line is known to be right
      return true;
    }
    Options made = *before_;
    made.start = options.start;
    made.sampling = {};
    made.risk = {};
    made.soft_epochs = 0;
    made.training = further(before_->training);
    made.training.threads = options.training.threads;
    options = made;
    return true;
  }
  bool taken() const { return before_.has_value(); }
  // For Recipe::fit: another optimizer has a rate of its own.
  void fit(TrainingOptions& training) const {
    if (!before_ || training.optimizer == before_->training.optimizer) return;
    training.learning_rate = 0;
    training.learning_rate = 0.1 * first_rate(training);
  }
  // For Recipe::check. `parts` are the paths of what makes the model.
  void check(const Options& options, const std::vector<std::string>& parts) const {
    if (broken_) std::rethrow_exception(broken_);
    if (!before_) return;
    Options was = *before_, is = options;
    check_same_model(fields_of(was), fields_of(is), parts, options.start);
  }

 private:
  std::optional<Options> before_;
  std::exception_ptr broken_;  // why its options cannot be read
};

}  // namespace heed::support
