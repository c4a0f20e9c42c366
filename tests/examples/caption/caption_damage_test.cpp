// Captions that are damaged, or of no form: what is said of them.
#include "autograd/base/error.h"
#include "examples/caption/data/dataset.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;
using heed::tests::TemporaryDirectory;

namespace {

void refused(const std::string& name, const std::string& bytes, const std::string& place,
             const std::string& problem) {
  const TemporaryDirectory folder;
  folder.write(name, bytes);
  INFO(bytes.substr(0, 300));
  CHECK_THROWS_WITH(Dataset(folder / name), ContainsSubstring(name + place) && ContainsSubstring(problem));
}

void refuse_image(const std::string& image, const std::string& problem) {
  refused("x.json", "{\"images\": [{\"filename\": \"a.jpg\", \"sentences\": [{\"raw\": \"one\"}]},\n" + image + "]}",
          ":2: images[1]", problem);
}

}  // namespace

TEST_CASE("bad captions are named by file and line, whatever their form", "[caption_forms]") {
  refused("x.token", "a.jpg#0\tone\na.jpg#x\ttwo\n", ", line 2", "'x' is not the number of a caption");
  refused("x.token", "a.jpg#0\tone\na.jpg two\n", ", line 2", "were expected, not 'a.jpg two'");
  refused("x.token", "a.jpg#0\tone\nb.jpg#0\tone\na.jpg#0\ttwo\n", ", line 3", "a.jpg has a caption 0 already");
  refused("x.token", "a.jpg#0\tone\na.jpg#1\t\xFF\n", ", line 2", "not valid UTF-8");
  refused("x.token", "a.jpg#0\tone\n../b.jpg#0\ttwo\n", ", line 2", "leads out of the folder");
  refused("x.csv", "image,caption\na.jpg,\"one\ntwo\n", ", line 2", "never closed");
  refused("x.csv", "image,caption\na.jpg,\"one\" two\n", ", line 2", "closed in the midst");
  refused("x.csv", "image,caption\na.jpg,one\n\nb.jpg\n", ", line 4", "1 columns where 2 were expected");
  refused("x.csv", "caption,image\none,two,a.jpg\n", ", line 2", "3 columns where 2 were expected");
  refused("x.csv", "image,caption\n,one\n", ", line 2", "is not the name of a picture");
  refused("x.csv", "image,caption\n/etc/a.jpg,one\n", ", line 2", "is a path from the root");
  refused("x.csv", "image,caption\nx/a.jpg,one\ny/a.jpg,two\n", ", line 3", "told apart by their file names");
  refused("x.csv", "image,caption\n", "", "no picture with a caption");
  refused("x.tsv", "a.jpg\tone\nb.jpg\ttwo\tthree\n", ", line 2", "3 columns where 2 were expected");
  refused("x.tsv", "a.jpg\tone\nb.jpg\n", ", line 2", "1 columns where 2 were expected");
}

TEST_CASE("damaged JSON of Karpathy's is named by file, line and element", "[caption_forms]") {
  refuse_image("{\"sentences\": []}", "there is no \"filename\"");
  refuse_image("{\"filename\": 3, \"sentences\": []}", "\"filename\" is no text");
  refuse_image("{\"filename\": \"b.jpg\"}", "there is no list \"sentences\"");
  refuse_image("{\"filename\": \"b.jpg\", \"sentences\": [{}]}", "there is no \"raw\"");
  refuse_image("{\"filename\": \"b.jpg\", \"sentences\": [5]}", "an object with \"raw\" was expected");
  refuse_image("{\"filename\": \"b.jpg\", \"sentences\": [{\"tokens\": [5]}]}", "a token is no text");
  refuse_image("{\"filename\": \"b.jpg\", \"split\": 5, \"sentences\": []}", "\"split\" is no text");
  refuse_image("{\"filename\": \"a.jpg\", \"sentences\": []}", "there is a picture a.jpg already");
  refuse_image("{\"filename\": \"../a.jpg\", \"sentences\": []}", "leads out of the folder");
  refuse_image("{\"filename\": \"a\\u0000.jpg\", \"sentences\": []}", "characters in it that no name");
  refuse_image("7", "an object with \"filepath\" was expected");
  refused("x.json", "{\"images\": [{\"sentences\": [\n", ":2", "not valid JSON");
  refused("x.json", "{\"images\": [], \"sentences\": 3}", "", "there is nothing in a list \"images\"");
  refused("x.json", "[\"sentences\"]", "", "in a form that heed reads");
  refused("x.json", "{\"images\": [{\"sentences\": " + std::string(100, '['), "", "32 deep");
}

TEST_CASE("damaged captions of COCO are named by file, line and element", "[caption_forms]") {
  const std::string a = "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}],\n\"annotations\": [";
  refused("x.json", a + "{\"caption\": \"one\"}]}", ":2: annotations[0]", "there is no \"image_id\"");
  refused("x.json", a + "{\"image_id\": 1.5, \"caption\": \"one\"}]}", ":2: annotations[0]",
          "neither a whole number");
  refused("x.json", a + "{\"image_id\": 1}]}", ":2: annotations[0]", "there is no \"caption\"");
  refused("x.json", a + "{\"image_id\": 2, \"caption\": \"one\"}]}", ":2: annotations[0]",
          "which is not in \"images\"");
  refused("x.json", a + "]}", "", "there is nothing in a list \"annotations\"");
  refused("x.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}, {\"id\": 1, \"file_name\": \"b.jpg\"}]}",
          ":1: images[1]", "a picture with this id already");
}

TEST_CASE("a split list that does not fit the captions is named by file and line", "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("x.token", "a.jpg#0\tone\nb.jpg#0\ttwo\n");
  folder.write("Flickr_8k.trainImages.txt", "a.jpg\n");
  folder.write("Flickr_8k.devImages.txt", "b.jpg\nd.jpg\n");
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("devImages.txt, line 2: d.jpg has no caption"));
  folder.write("Flickr_8k.devImages.txt", "b.jpg\nb.jpg\n");
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("devImages.txt, line 2: b.jpg stands in line 1"));
  folder.write("other.devImages.txt", "b.jpg\n");
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("both list the pictures of split dev"));
}

TEST_CASE("what is in no form is answered with those that there are", "[caption_forms]") {
  const TemporaryDirectory folder;
  const auto refused = [&](const std::filesystem::path& path) {
    INFO(path);
    CHECK_THROWS_WITH(Dataset(path), ContainsSubstring(path.string() + ": there are no captions") &&
                                         ContainsSubstring("caption show --run RUN --image"));
    for (const CaptionFormChoice& form : caption_forms())
      CHECK_THROWS_WITH(Dataset(path), ContainsSubstring(form.name) && ContainsSubstring(form.help));
  };
  folder.write("images/a.jpg", "a");
  refused(folder.path());
  refused(folder / "images");
  refused(folder / "images/a.jpg");
  refused(folder.write("notes.txt", "a, b\n"));
  refused(folder.write("empty.csv", ""));
  refused(folder.write("x.json", "{\"images\": 3}"));
  folder.write("a.csv", "image,caption\na.jpg,one\n");
  folder.write("b.csv", "image,caption\na.jpg,one\n");
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("several files of captions") &&
                                                ContainsSubstring("a.csv") && ContainsSubstring("b.csv"));
}
