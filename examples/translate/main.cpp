// translate: trains, judges and uses translators that learn to align.
#include "examples/support/flags.h"
#include "examples/translate/commands.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Translators that learn to align: RNNsearch (Bahdanau, Cho, Bengio 2014) and its relatives.\n"
      "Try:  translate train --data builtin --preset demo --out runs/demo");
  app.require_subcommand(1);
  std::function<int()> chosen;
  const auto offer = [&](const char* name, std::function<int()> command) {
    app.get_subcommand(name)->callback([&chosen, command = std::move(command)] { chosen = command; });
  };
  offer("train", heed::translate::add_train(app, argc, argv));
  offer("eval", heed::translate::add_eval(app));
  offer("text", heed::translate::add_text(app));
  return heed::support::run_program(app, argc, argv, [&] { return chosen(); });
}
