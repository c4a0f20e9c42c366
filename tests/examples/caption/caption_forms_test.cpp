// The forms in which people have captioned photographs: what each gives, and what is wrong with a broken one.
#include <algorithm>

#include "autograd/base/error.h"
#include "examples/caption/data/dataset.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"
#include "tests/examples/program.h"

using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;
using heed::tests::bytes_of, heed::tests::TemporaryDirectory;
using Strings = std::vector<std::string>;

namespace {

// All captions of a data set, "split name caption", sorted.
Strings everything(const Dataset& data) {
  Strings all;
  for (const std::string& split : data.splits()) {
    const CaptionedImages read = data.load(split);
    for (size_t i = 0; i < read.images.size(); ++i)
      for (const std::string& caption : read.captions[i]) all.push_back(split + " " + read.images[i] + " " + caption);
  }
  std::sort(all.begin(), all.end());
  return all;
}

// What every form below says.
const Strings five = {"dev b.jpg A cat , \"big\"", "dev b.jpg a cat", "test c.jpg a sun", "train a.jpg A dog .",
                      "train a.jpg two"};

void write_lists(const TemporaryDirectory& folder) {
  folder.write("Flickr_8k.trainImages.txt", "a.jpg\r\n");
  folder.write("Flickr_8k.devImages.txt", "b.jpg\n");
  folder.write("Flickr_8k.testImages.txt", "c.jpg\n");
}

const std::string token_file =
    "a.jpg#1\ttwo\nb.jpg#0\tA cat , \"big\"\na.jpg#0\tA dog .\nb.jpg#1\ta cat\nc.jpg#0\ta sun\n";
const std::string karpathy_file = R"({"images": [
  {"filename": "a.jpg", "split": "restval", "sentences": [{"raw": "A dog ."}, {"tokens": ["two"]}], "imgid": 0},
  {"filename": "b.jpg", "split": "val", "sentences": [{"raw": "A cat , \"big\""}, {"raw": "a cat"}]},
  {"filepath": "val2014", "filename": "c.jpg", "split": "test", "sentences": [{"raw": "a sun"}]}],
  "dataset": "flickr8k"})";

}  // namespace

TEST_CASE("Flickr8k's token file with its split lists", "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("Flickr8k.token.txt", token_file + "d.jpg#0\tin no list\ne.jpg.1#0\tnone\ne.jpg.1#1\tnone\n");
  folder.write("Flickr8k.lemma.token.txt", "a.jpg#0\tA dog lemma\n");
  folder.write("readme.txt", "Flickr8k\n");
  folder.write("CrowdFlowerAnnotations.txt", "a.jpg\tb.jpg#2\t0\t0\t3\n");
  write_lists(folder);
  for (const auto& path : {folder.path(), folder / "Flickr8k.token.txt"}) {
    const Dataset data(path);
    CHECK(everything(data) == five);
    CHECK(data.splits() == Strings{"train", "dev", "test"});
    CHECK(data.load("train").captions[0] == Strings{"A dog .", "two"});  // by their numbers
    CHECK_THAT(data.taken(),
               ContainsSubstring("Flickr8k.token.txt: Flickr8k's token file: 1 / 1 / 1 pictures (train / "
                                 "dev / test), 5 captions") &&
                   ContainsSubstring("not the name of a JPEG or PNG file: e.jpg.1") &&
                   ContainsSubstring("1 picture is in no split list and left out"));
  }
}

TEST_CASE("tables of captions", "[caption_forms]") {
  const auto taken = [](const char* name, const std::string& bytes) {
    const TemporaryDirectory folder;
    folder.write(name, bytes);
    write_lists(folder);
    INFO(bytes);
    CHECK(everything(Dataset(folder.path())) == five);
    CHECK(everything(Dataset(folder / name)) == five);
    return Dataset(folder.path()).taken();
  };
  const std::string rows =
      "a.jpg,A dog .\r\na.jpg,two\r\nb.jpg,\"A cat , \"\"big\"\"\"\r\n\r\nb.jpg,a "
      "cat\r\nc.jpg,\"a\r\nsun\"\r\n";
  CHECK_THAT(taken("captions.txt", "image,caption\r\n" + rows), ContainsSubstring("captions.txt: csv: 1 / 1 / 1"));
  taken("captions.csv", rows);  // no header
  taken("x.csv", "\xEF\xBB\xBF\"Image Name\",\"Caption\"\n" + rows);
  taken("x.csv",
        ",caption,file_name\n0,A dog .,a.jpg\n1,two,a.jpg\n2,\"A cat , \"\"big\"\"\",b.jpg\n3,a cat,b.jpg\n"
        "4,a sun,c.jpg\n");
  taken("results.csv",
        "image_name| comment_number| comment\na.jpg| 0|A dog .\na.jpg| 1|two\n"
        "b.jpg| 0|A cat , \"big\"\nb.jpg| 1|a cat\nc.jpg| 0|a sun\n");
  CHECK_THAT(taken("captions.txt",
                   "image,caption\na.jpg,A dog .\na.jpg,two\nb.jpg,A cat , \"big\"\nb.jpg,a cat\n"
                   "c.jpg,a sun\n"),
             ContainsSubstring("a caption with a ',' that is not in quotes"));
  const std::string tabs = "a.jpg\tA dog .\na.jpg\ttwo\nb.jpg\tA cat , \"big\"\nb.jpg\ta cat\n\nc.jpg\ta sun\n";
  CHECK_THAT(taken("mine.tsv", tabs), ContainsSubstring("mine.tsv: tsv: 1 / 1 / 1"));
  taken("mine.tsv", "image\tcaption\n" + tabs);
  taken("mine.txt",
        "a.jpg\t0\tA dog .\na.jpg\t1\ttwo\nb.jpg\t0\tA cat , \"big\"\nb.jpg\t1\ta cat\nc.jpg\t0\ta sun\n");
}

TEST_CASE("Karpathy's JSON", "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("dataset_flickr8k.json", karpathy_file);
  const auto picture = folder.write("val2014/c.jpg", "c");
  folder.write("images/c.jpg", "another");
  for (const auto& path : {folder.path(), folder / "dataset_flickr8k.json"}) {
    const Dataset data(path);
    CHECK(everything(data) == five);
    CHECK_THAT(data.taken(), ContainsSubstring("dataset_flickr8k.json: Karpathy's JSON: 1 / 1 / 1 pictures"));
    CHECK(data.file_of("c.jpg") == picture);
  }
}

TEST_CASE("COCO's captions", "[caption_forms]") {
  const TemporaryDirectory folder;
  const auto train = folder.write("annotations/captions_train2014.json", R"({"annotations": [
    {"image_id": 7, "id": 1, "caption": "A dog ."}, {"image_id": 7, "id": 2, "caption": "two"}],
    "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "d.jpg"}], "info": {"year": 2014}})");
  const auto dev = folder.write("annotations/captions_val2014.json", R"({"images": [{"id": 7, "file_name": "b.jpg"}],
    "annotations": [{"image_id": 7, "caption": "A cat , \"big\""}, {"image_id": 7, "caption": "a cat"}]})");
  folder.write("annotations/instances_val2014.json", R"({"images": [{"id": 7, "file_name": "b.jpg"}]})");
  folder.write("train2014/a.jpg", "a");
  folder.write("val2014/b.jpg", "b");
  for (const auto& path : {folder.path(), folder / "annotations", train, dev}) {
    const Dataset data(path);
    INFO(path);
    CHECK(everything(data) == Strings{five[0], five[1], five[3], five[4]});
    CHECK_THAT(data.taken(),
               ContainsSubstring("captions_train2014.json, captions_val2014.json: COCO's captions: 1 / 1 "
                                 "pictures (train / dev), 4 captions; 1 without captions is left out"));
    CHECK(std::filesystem::equivalent(data.file_of("a.jpg"), folder / "train2014/a.jpg"));
    CHECK(std::filesystem::equivalent(data.file_of("b.jpg"), folder / "val2014/b.jpg"));
  }
  folder.write("annotations/captions_train2017.json", bytes_of(train));
  folder.write("annotations/captions_val2017.json", bytes_of(dev));
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("several files") && ContainsSubstring("2017.json") &&
                                                ContainsSubstring("--data FILE"));
  CHECK(everything(Dataset(train)).size() == 4);
  std::filesystem::remove(dev);  // the only one of its year is cut by a hash
  CHECK_THAT(Dataset(train).taken(), ContainsSubstring("fewer than 3"));
}

TEST_CASE("files whose names say their splits belong together", "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("train.csv", "image,caption\na.jpg,A dog .\na.jpg,two\n");
  folder.write("valid.csv", "image,caption\nb.jpg,\"A cat , \"\"big\"\"\"\nb.jpg,a cat\n");
  folder.write("test.csv", "image,caption\nc.jpg,a sun\n");
  CHECK(everything(Dataset(folder.path())) == five);
  CHECK(everything(Dataset(folder / "valid.csv")) == five);
  folder.write("test.csv", "image,caption\na.jpg,a sun\n");
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("a.jpg is in split"));
}

TEST_CASE("without split lists a picture's split is decided by its name alone", "[caption_forms]") {
  const TemporaryDirectory folder;
  const auto read = [&](int from, int to) {
    std::string rows = "image,caption\n";
    for (int i = from; i < to; ++i) rows += fmt::format("{}.jpg,a dog\n", i);
    return Dataset(folder.write("captions.csv", rows));
  };
  const Dataset all = read(0, 1000), some = read(300, 1000);
  CHECK_THAT(all.taken(), ContainsSubstring("split by a hash of their names"));
  for (const char* split : {"dev", "test"}) {
    Strings names = all.images(split);
    CHECK(names.size() > 70);
    CHECK(names.size() < 130);
    std::erase_if(names, [](const std::string& name) { return std::stoi(name) < 300; });
    CHECK(some.images(split) == names);
  }
  for (int count = 3; count < 40; ++count) {
    const Dataset few = read(0, count);
    CHECK(few.splits() == Strings{"train", "dev", "test"});
    CHECK(few.images("train").size() + few.images("dev").size() + few.images("test").size() ==
          static_cast<size_t>(count));
  }
  CHECK_THROWS_WITH(read(0, 2).images("dev"),
                    ContainsSubstring("captions.csv") && ContainsSubstring("no split 'dev'; splits: train"));
}

TEST_CASE("a test set whose captions are kept back is left out, and that is told", "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("Flickr8k.token.txt", token_file);
  write_lists(folder);
  folder.write("Flickr_8k.testImages.txt", "secret.jpg\n");
  const Dataset data(folder.path());
  CHECK(data.splits() == Strings{"train", "dev"});
  CHECK_THAT(data.taken(), ContainsSubstring("no picture of split test has a caption, so it is left out"));
  folder.write("Flickr_8k.testImages.txt", "c.jpg\nsecret.jpg\n");
  CHECK_THROWS_WITH(Dataset(folder.path()), ContainsSubstring("testImages.txt, line 2: secret.jpg has no caption"));
}

TEST_CASE("captions without a word are left out, and pictures without a caption, and both are told",
          "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("captions.csv", "image,caption\na.jpg,A dog .\na.jpg,.\nb.jpg,\"\"\n");
  const CaptionedImages read = Dataset(folder.path()).load("train");
  CHECK(read.images == Strings{"a.jpg"});
  CHECK(read.dropped == 2);
  CHECK(read.left_out == Strings{"b.jpg has no caption with a word in it"});
  folder.write("captions.csv", "image,caption\na.jpg,.\n");
  CHECK_THROWS_WITH(Dataset(folder.path()).load("train"), ContainsSubstring("no picture with a caption"));
}

TEST_CASE("other captions for the pictures of a split", "[caption_forms]") {
  const TemporaryDirectory folder;
  folder.write("x.token", token_file);
  write_lists(folder);
  const auto mine = folder.write("mine/references.tsv", "c.jpg\t0\tthe sun\n");
  CHECK(Dataset(folder.path()).load("test", mine).captions == std::vector<Strings>{{"the sun"}});
  CHECK_THROWS_WITH(Dataset(folder.path()).load("dev", mine),
                    ContainsSubstring("'c.jpg', which is not in split dev"));
}

TEST_CASE("where the pictures lie", "[caption_forms]") {
  for (const char* place : {"", "images/", "Images/", "Images/Images/", "Flicker8k_Dataset/", "other/"}) {
    const TemporaryDirectory folder;
    folder.write("text/x.token", token_file);
    folder.write("elsewhere/deep/a.jpg", "a");
    const auto picture = folder.write(std::string(place) + "a.jpg", "a");
    INFO(place);
    const Dataset data(folder.path());
    CHECK(data.file_of("a.jpg") == picture);
    CHECK_FALSE(std::filesystem::exists(data.file_of("b.jpg")));
    CHECK_NOTHROW(data.require_some({"a.jpg", "b.jpg"}));
    CHECK_THROWS_WITH(data.require_some({"b.jpg"}),
                      ContainsSubstring("none of the 1 pictures is there: looked for b.jpg"));
    CHECK(Dataset(folder.path(), folder / "elsewhere/deep").file_of("a.jpg") == folder / "elsewhere/deep/a.jpg");
    CHECK_THROWS_WITH(Dataset(folder.path(), folder / "nowhere"), ContainsSubstring("there is no such folder"));
  }
  const TemporaryDirectory folder;  // as Flickr8k is unpacked: two folders side by side
  const auto file = folder.write("Flickr8k_text/Flickr8k.token.txt", token_file);
  const auto picture = folder.write("Flicker8k_Dataset/a.jpg", "a");
  CHECK(std::filesystem::equivalent(Dataset(file).file_of("a.jpg"), picture));
}

TEST_CASE("the documents have a table of all forms", "[caption_forms]") {
  const std::string page = bytes_of(std::filesystem::path(HEED_SOURCE_DIR) / "docs/captions.md");
  for (const CaptionFormChoice& form : caption_forms())
    CHECK_THAT(page, ContainsSubstring("| " + std::string(form.name) + " |"));
}
