#include "examples/caption/commands/show_flags.h"

namespace heed::caption {

support::Command add_show_command(support::Program& program, ShowFlags& flags) {
  support::Command command = program.command(
      "show", "Describe pictures, and make a page that shows where the model looked for each word");
  add_describe_flags(command, flags);
  command.texts("--image", flags.images, "JPEG or PNG files").required();
  command.text("--html", flags.html, "the page to write; none: only print the captions");
  command.whole("--samples", flags.samples, -1, 100,
                "captions with drawn places beside the other; -1: two for hard attention, else none");
  return command;
}

}  // namespace heed::caption
