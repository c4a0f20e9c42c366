// caption page, from outside; what the page computes is of examples/page.
#include "examples/support/images/image_jpeg.h"
#include "tests/examples/caption/caption_files.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

TEST_CASE("a captioner's page is the engine's with run and pictures in it, or says what is missing", "[caption]") {
  TemporaryDirectory shop;
  write_run(shop, "soft", "seeing");
  write_run(shop, "none", "blind");
  shop.write("wide.jpg", support::jpeg_bytes(support::blank_image(300, 100, 200, 30, 30), 90));
  const auto page = [&](const std::string& run, Words more = {}) {
    Words words{HEED_CAPTION, "page", "--run", run, "--out", "page.html", "--engine", "engine.html"};
    words.insert(words.end(), more.begin(), more.end());
    return Running(shop, words).wait();
  };
  CHECK_THAT(page("seeing").said, ContainsSubstring("engine.html, is not there; ./run page builds it"));
  shop.write("engine.html", R"(<b></b><script type="text/plain" id="run"></script><i></i>)");
  CHECK_THAT(page("blind").said, ContainsSubstring("blind has no attention"));
  const Outcome lost = page("seeing", {"--pictures", "lost.jpg"});
  CHECK(lost.code == 1);
  CHECK_THAT(lost.said, ContainsSubstring("lost.jpg"));
  CHECK_FALSE(std::filesystem::exists(shop / "page.html"));
  REQUIRE(page("seeing", {"--pictures", "wide.jpg"}).code == 0);
  const std::string one = bytes_of(shop / "page.html");
  CHECK_THAT(one, ContainsSubstring(R"(<b></b><script type="text/plain" id="run">H4sI)"));
  CHECK_THAT(one, ContainsSubstring("</script><i></i>"));
  REQUIRE(page("seeing", {"--numbers", "f16", "--pictures", "wide.jpg"}).code == 0);
  CHECK(bytes_of(shop / "page.html").size() < one.size());
  REQUIRE(page("seeing").code == 0);  // the drawn pictures that it would have been validated with
  CHECK(bytes_of(shop / "page.html").size() > one.size());
}
