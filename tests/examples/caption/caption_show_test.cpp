// The command caption show from outside, with a captioner that has learnt nothing.
#include <nlohmann/json.hpp>

#include <sstream>

#include "examples/support/images/image_jpeg.h"
#include "tests/examples/caption/caption_files.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

// A run folder with a model for built-in pictures, as training would leave it.
struct Gallery : TemporaryDirectory {
  explicit Gallery(const std::string& attention) {
    write_run(*this, attention);
    write("wide.jpg", support::jpeg_bytes(support::blank_image(300, 100, 200, 30, 30), 90));
    write("<b>.png", support::png_bytes(support::blank_image(64, 64, 0, 0, 90)));
  }
  Outcome show(Words more) const {
    Words words = {HEED_CAPTION, "show", "--run", "run", "--threads", "1", "--max-length", "5"};
    words.insert(words.end(), more.begin(), more.end());
    return Running(*this, words).wait();
  }
};

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("caption show prints a caption for each picture and writes a page") {
  const Gallery gallery("hard");
  const Outcome shown = gallery.show({"--image", "wide.jpg", "<b>.png", "--html", "out.html"});
  INFO(shown.said);
  REQUIRE(shown.code == 0);
  CHECK_THAT(shown.said, ContainsSubstring("wide.jpg\t") && ContainsSubstring("<b>.png\t"));
  const std::string page = bytes_of(gallery / "out.html");
  CHECK(count(page, "data:image/jpeg;base64") == 1);
  CHECK(count(page, "data:image/png;base64") == 1);
  CHECK(count(page, "\"label\":\"places drawn, ") == 4);  // two samples for each
  CHECK_THAT(page, ContainsSubstring("\"name\":\"\\u003cb\\u003e.png\""));
  CHECK(count(page, "<b>.png") == 0);
}

TEST_CASE("caption show --json has an object for each caption") {
  const Gallery gallery("hard");
  std::istringstream lines(gallery.show({"--image", "wide.jpg", "<b>.png", "--json", "--samples", "1"}).said);
  int number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    const auto object = nlohmann::json::parse(line);
    CHECK(object.at("image") == (number % 2 ? "<b>.png" : "wide.jpg"));
    CHECK(object.at("drawn") == number / 2);
    CHECK_THAT(object.at("label").get<std::string>(),
               ContainsSubstring(number / 2 ? "places drawn, 1" : "hard attention"));
    std::string text;
    for (const auto& word : object.at("words")) text += (text.empty() ? "" : " ") + word.get<std::string>();
    CHECK(object.at("caption") == text);
    CHECK(object.at("log_probability") < 0);
  }
  CHECK(number == 4);
}

TEST_CASE("caption show makes no samples of other attention unless asked") {
  const Gallery soft("soft");
  REQUIRE(soft.show({"--image", "wide.jpg", "--html", "out.html"}).code == 0);
  CHECK(count(bytes_of(soft / "out.html"), "places drawn") == 0);
  REQUIRE(soft.show({"--image", "wide.jpg", "--html", "out.html", "--samples", "3"}).code == 0);
  CHECK(count(bytes_of(soft / "out.html"), "\"label\":\"places drawn") == 3);
  const Gallery none("none");
  REQUIRE(none.show({"--image", "wide.jpg", "--html", "out.html", "--samples", "3"}).code == 0);
  CHECK(count(bytes_of(none / "out.html"), "places drawn") == 0);
  CHECK_THAT(bytes_of(none / "out.html"), ContainsSubstring("\"weights\":[]"));
}

TEST_CASE("caption show reads latent attention from all places, from one, and from drawn ones", "[latent]") {
  const Gallery latent("latent");
  for (const char* reading : {"expectation", "argmax", "place"}) {
    REQUIRE(latent.show({"--image", "wide.jpg", "--html", "out.html", "--samples", "1", "--reading", reading}).code ==
            0);
    CHECK_THAT(bytes_of(latent / "out.html"), ContainsSubstring("latent attention, read by " + std::string(reading)));
    CHECK(count(bytes_of(latent / "out.html"), "\"label\":\"places drawn") == 1);
  }
}

TEST_CASE("caption show describes all pictures of a folder") {
  const Gallery gallery("soft");
  gallery.write("album/notes.txt", "no picture");
  CHECK_THAT(gallery.show({"--image", "album"}).said, ContainsSubstring("album: there is no JPEG or PNG file"));
  gallery.write("album/2.JPG", bytes_of(gallery / "wide.jpg"));
  gallery.write("album/1.png", bytes_of(gallery / "<b>.png"));
  const Outcome shown = gallery.show({"--image", "album", "wide.jpg"});
  INFO(shown.said);
  CHECK(shown.code == 0);
  CHECK(shown.said.find("album/1.png\t") < shown.said.find("album/2.JPG\t"));
  CHECK(shown.said.find("album/2.JPG\t") < shown.said.find("wide.jpg\t"));
  CHECK(count(shown.said, "\t") == 3);
}

TEST_CASE("caption show names what it cannot read") {
  const Gallery gallery("soft");
  gallery.write("cut.jpg", bytes_of(gallery / "wide.jpg").substr(0, 300));
  const Outcome cut = gallery.show({"--image", "wide.jpg", "cut.jpg"});
  CHECK(cut.code == 1);
  CHECK_THAT(cut.said, ContainsSubstring("cut.jpg: the JPEG picture is damaged or cut"));
  const Outcome skipped = gallery.show({"--image", "cut.jpg", "wide.jpg", "--skip-broken"});
  CHECK(skipped.code == 0);
  CHECK_THAT(skipped.said, ContainsSubstring("left out: cut.jpg") && ContainsSubstring("wide.jpg\t"));
  CHECK_THAT(gallery.show({"--image", "cut.jpg", "--skip-broken"}).said, ContainsSubstring("none of 1 pictures"));
  CHECK(gallery.show({}).code == 2);
  CHECK_THAT(gallery.show({"--image", "none.png"}).said, ContainsSubstring("none.png"));
}
