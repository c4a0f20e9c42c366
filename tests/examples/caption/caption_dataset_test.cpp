#include "examples/caption/data/dataset.h"

#include "examples/caption/data/forms/split_lists.h"

#include "autograd/base/error.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

#include <filesystem>

using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;
using heed::support::has_unicode, heed::support::TextForm;
using heed::tests::TemporaryDirectory;
using Strings = std::vector<std::string>;

namespace {

// Two photographs (of which nothing is read here) in split "dev".
struct Folder : TemporaryDirectory {
  Folder() {
    std::filesystem::create_directory(*this / "images");
    write("images/b.jpg", "b");
    write("images/a.jpg", "a");
    write("split.dev.txt", "b.jpg\na.jpg\n");
  }
  void captions(const std::string& rows) const { write("captions.dev.tsv", rows); }
  CaptionedImages load() const { return Dataset(path()).load("dev"); }
};

}  // namespace

TEST_CASE("captions of a split, in the order of its images and of their numbers") {
  const Folder folder;
  folder.captions("a.jpg\t1\tTwo .\nb.jpg\t0\tA  dog .\r\na.jpg\t0\tone\na.jpg\t2\t . \n");
  const CaptionedImages split = folder.load();
  CHECK(split.images == Strings{"b.jpg", "a.jpg"});
  CHECK(split.captions == std::vector<Strings>{{"A  dog ."}, {"one", "Two ."}});
  CHECK(split.dropped == 1);
  CHECK(Dataset(folder.path()).splits() == Strings{"dev"});
  CHECK(Dataset(folder.path()).file_of("b.jpg") == folder / "images/b.jpg");
}

TEST_CASE("captions from another file") {
  const Folder folder;
  folder.write("mine.tsv", "a.jpg\t0\tone\nb.jpg\t0\ttwo\n");
  CHECK_THROWS_WITH(folder.load(), ContainsSubstring("split 'dev' has no captions") &&
                                       ContainsSubstring("captions.dev.tsv") && ContainsSubstring("--captions"));
  CHECK(Dataset(folder.path()).load("dev", folder / "mine.tsv").captions == std::vector<Strings>{{"two"}, {"one"}});
  CHECK_THROWS_WITH(Dataset(folder.path()).load("dev", folder / "none.tsv"),
                    ContainsSubstring("no such file") && ContainsSubstring("none.tsv"));
}

TEST_CASE("bad captions are named by file and line") {
  const Folder folder;
  const std::string good = "a.jpg\t0\tone\nb.jpg\t0\ttwo\n";
  const auto check = [&](const std::string& rows, const std::string& place, const std::string& problem) {
    folder.captions(rows);
    CHECK_THROWS_WITH(folder.load(), ContainsSubstring(place) && ContainsSubstring(problem));
  };
  check(good + "c.jpg\t0\tthree\n", "captions.dev.tsv, line 3", "'c.jpg', which is not in");
  check(good + "a.jpg three\n", "captions.dev.tsv, line 3", "with a tab between");
  check(good + "a.jpg\t1\n", "captions.dev.tsv, line 3", "with a tab between");
  check(good + "a.jpg\t1\tone\ttwo\n", "captions.dev.tsv, line 3", "more than three columns");
  check(good + "a.jpg\t0\tagain\n", "captions.dev.tsv, line 3", "has a caption 0 already");
  for (const char* number : {"", "one", "1x", "-1", "99999999999999999999"}) {
    check(good + "a.jpg\t" + number + "\tone\n", "captions.dev.tsv, line 3", "is not the number of a caption");
  }
  check("a.jpg\t0\tone\nb.jpg\t0\t\xFF\n", "captions.dev.tsv, line 2", "not valid UTF-8");
  check("a.jpg\t0\tone\n", "split.dev.txt, line 1", "b.jpg has no caption");
  check("a.jpg\t0\tone\nb.jpg\t0\t.\n", "split.dev.txt, line 1", "b.jpg has no caption with a word");
  check("", "captions.dev.tsv", "is empty");
}

TEST_CASE("bad splits are named by file and line") {
  const Folder folder;
  const auto check = [&](const std::string& names, const std::string& problem) {
    folder.write("split.dev.txt", names);
    CHECK_THROWS_WITH(Dataset(folder.path()).images("dev"),
                      ContainsSubstring("split.dev.txt") && ContainsSubstring(problem));
  };
  check("a.jpg\n\nb.jpg\n", "line 2: an empty line");
  check("a.jpg\nb.jpg\na.jpg\n", "line 3: a.jpg stands in line 1 already");
  check("../images/a.jpg\n", "line 1: '../images/a.jpg' is not the name of a file");
  check("..\n", "line 1: '..' is not the name of a file");
  CHECK_THROWS_WITH(Dataset(folder.path()).images("test"),
                    ContainsSubstring("no split 'test'") && ContainsSubstring("splits: dev"));
  CHECK_THROWS_WITH(Dataset(folder / "nowhere"), ContainsSubstring("there is no such folder or file"));
}

TEST_CASE("images that are not there") {
  const Folder folder;
  const Dataset data(folder.path());
  CHECK_NOTHROW(data.require_some({"a.jpg", "c.jpg"}));
  CHECK_THROWS_WITH(data.require_some({"c.jpg", "d.jpg"}),
                    ContainsSubstring("none of the 2 pictures is there: looked for c.jpg in") &&
                        ContainsSubstring("images") && ContainsSubstring("--images DIR"));
}

TEST_CASE("the words of a caption") {
  CHECK(caption_tokens("A boy 's T-shirt , wet .") == Strings{"a", "boy", "'s", "t-shirt", "wet"});
  CHECK(caption_tokens("`` Go ! '' Mr. 3 -- ...") == Strings{"go", "mr.", "3"});
  CHECK(caption_tokens(" . ").empty());
  CHECK(caption_tokens("Été –", TextForm::bytes) == Strings{"Été", "–"});  // a run from before there were forms
  if (!has_unicode()) return;
  CHECK(caption_tokens("Ähnliche ÉTÉ « laufen » – 。") == Strings{"ähnliche", "été", "laufen"});
  CHECK(caption_tokens("E\u0301te\u0301 …") == Strings{"été"});
  CHECK(caption_tokens("\uFEFFDas «Haus»") == Strings{"das", "«haus»"});
}

TEST_CASE("Flickr8k") {
  const auto path = heed::tests::find_data("flickr8k");
  if (!path) return;
  const CaptionedImages dev = Dataset(*path).load("dev");
  CHECK(dev.images.size() == 1000);
  CHECK(dev.dropped == 0);
  CHECK(dev.images[0] == "2090545563_a4e66ec76b.jpg");
  CHECK(dev.captions[0][1] == "Two girls play on a skateboard in a courtyard .");
  for (const Strings& captions : dev.captions) CHECK(captions.size() == 5);
  CHECK(Dataset(*path).images("test").size() == 1000);
  CHECK_THROWS_WITH(Dataset(*path).load("test"), ContainsSubstring("split 'test' has no captions"));
}
