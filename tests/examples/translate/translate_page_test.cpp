// translate page, from outside; what the page computes is of examples/page.
#include "examples/support/text/text.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a page is the engine's with the run in it, or says what is missing", "[translate]") {
  TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("small", {"--epochs", "1"})).code == 0);
  const auto page = [&](const std::string& engine, Words more = {}) {
    Words words{translate, "page", "--run", "small", "--out", "page.html", "--engine", engine};
    words.insert(words.end(), more.begin(), more.end());
    return run(shop, words);
  };
  Outcome missing = page("none.html");
  CHECK(missing.code == 1);
  CHECK_THAT(missing.said, ContainsSubstring("none.html, is not there; ./run page builds it"));
  shop.write("engine.html", "<p>nothing</p>");
  CHECK_THAT(page("engine.html").said, ContainsSubstring("has no place for a run"));
  shop.write("engine.html", R"(<b></b><script type="text/plain" id="run"></script><i></i>)");
  REQUIRE(page("engine.html").code == 0);
  const std::string whole = support::read_bytes(shop / "page.html");
  CHECK_THAT(whole, ContainsSubstring(R"(<b></b><script type="text/plain" id="run">H4sI)"));
  CHECK_THAT(whole, ContainsSubstring("</script><i></i>"));
  REQUIRE(page("engine.html", {"--weights", "f16"}).code == 0);
  CHECK(support::read_bytes(shop / "page.html").size() < whole.size());
}
