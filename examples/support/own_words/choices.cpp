#include "examples/support/own_words/choices.h"

#include "examples/support/program/command_line.h"

namespace heed::support {

void check_own_words(const SamplingOptions& sampling, const RiskOptions& risk, const std::string& start, bool hard) {
  if (risk.wanted() && start.empty())
    throw WrongUsage("--finetune mrt makes a trained model better; give the folder of its run: --start RUN");
  if (hard && (risk.wanted() || sampling.share > 0))
    throw WrongUsage("{} is not for --attention hard, whose estimators go with the right words",
                     risk.wanted() ? "--finetune mrt" : "--sampling");
}

}  // namespace heed::support
