#include "examples/support/report/report.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "autograd/base/error.h"
#include "examples/support/report/fitting.h"
#include "examples/support/report/report_pictures.h"
#include "examples/support/report/report_static.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

// Weights that lean to the diagonal; each row sums to 1.
std::vector<std::vector<float>> leaning(size_t targets, size_t sources) {
  std::vector<std::vector<float>> weights(targets, std::vector<float>(sources));
  for (size_t t = 0; t < targets; ++t) {
    float sum = 0;
    for (size_t s = 0; s < sources; ++s) {
      const double distance = static_cast<double>(t) / targets - static_cast<double>(s) / sources;
      sum += weights[t][s] = static_cast<float>(std::exp(-60 * distance * distance));
    }
    for (float& weight : weights[t]) weight /= sum;
  }
  return weights;
}

Translation translation(std::vector<std::string> source, std::vector<std::string> hypothesis) {
  Translation item;
  item.source = std::move(source);
  item.reference = item.hypothesis = std::move(hypothesis);
  item.weights = leaning(item.hypothesis.size(), item.source.size());
  return item;
}

// A map of weights for each word, over 5 x 5 cells, with its peak somewhere else each time.
std::vector<std::vector<float>> peaks(size_t words, size_t side) {
  std::vector<std::vector<float>> weights(words, std::vector<float>(side * side, 0.01f));
  for (size_t t = 0; t < words; ++t) weights[t][(7 * t + 3) % (side * side)] = 0.5f;
  return weights;
}

// A PNG file of 1 x 1 pixel: what is shown stretched to any size.
const unsigned char dot[] = {0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,   'I',  'H',
                             'D',  'R',  0,    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,
                             0,    0x3a, 0x7e, 0x9b, 0x55, 0,    0,    0,    10,   'I',  'D',  'A',  'T',  0x78,
                             0x9c, 0x63, 0xf8, 0x0f, 0,    1,    1,    1,    0,    0xb1, 0x38, 0xf6, 0x14, 0,
                             0,    0,    0,    'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82};

PictureStory story(const std::vector<std::string>& words, int width, int height) {
  PictureStory item;
  item.name = "<img src=x onerror=window.hostile=1>.jpg";
  item.file.assign(reinterpret_cast<const char*>(dot), sizeof dot);
  item.width = width;
  item.height = height;
  item.side = 5;
  item.references = words;
  item.tellings = {{"soft", words, peaks(words.size(), 5), ""}};
  return item;
}

// Words that would run, break out, turn around or overflow, were they ever taken for more than text.
std::vector<std::string> hostile_words() {
  return {"<img src=x onerror=\"window.hostile=1\">",
          "</script><script>window.hostile=1</script>",
          "<!--",
          "<script>",
          "{{data}}",
          "&lt;b&gt;",
          "\u2028",
          "a\u2029b",
          "שלום",
          "مرحبا\u202E",
          "👩‍👩‍👧‍👦",
          "'\"`${window.hostile=1}",
          "\xff\xfe",
          "]]>",
          "\\u003c",
          std::string(10000, 'w'),
          "</noscript><b>",
          "javascript:alert(1)",
          "\t",
          "é"};
}

Report hostile_report() {
  const std::vector<std::string> words = hostile_words();
  Report report;
  report.title = "<b>hostile</b> & \"quoted\" {{data}}";
  report.summary = "</title><script>window.hostile=1</script>";
  report.headline = {{"<i>BLEU</i>", "</dl>35.1"}};
  report.settings = {{"data", "</table><img src=x onerror=window.hostile=1>"}};
  report.curves = {{"loss/train", {{1, 3.0}, {2, 2.0}, {3, std::numeric_limits<double>::quiet_NaN()}}},
                   {"loss/valid", {{1, 3.2}, {2, 2.5}, {3, 2.4}}},
                   {"<img src=x onerror=window.hostile=1>/</svg>", {{1, 1}}},
                   {"empty/none", {}}};
  report.translations = {translation(words, {words.rbegin(), words.rend()}), translation({"a", "b"}, {"c"}),
                         translation(std::vector<std::string>(60, "long"), std::vector<std::string>(55, "länger"))};
  report.translations[0].unknown_source = {0, 3};
  report.translations[0].replaced = {1};
  report.translations.push_back({{"no"}, {}, {"attention"}, {}, {}, {}, "</script>"});
  report.translations.push_back({});
  report.pictures = {story(words, 40, 30), story({"a", "dog"}, 64, 64), story({}, 3, 500)};
  report.pictures[1].tellings.push_back({"sample </script>", words, peaks(words.size(), 5), ""});
  report.pictures[2].tellings = {{"no attention", {"a", "<b>"}, {}, "<i>"}, {}};
  return report;
}

std::string find_browser() {
  for (const char* name : {"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"}) {
    if (std::system(("command -v " + std::string(name) + " >/dev/null 2>&1").c_str()) == 0) return name;
  }
  return "";
}

// The page as the browser sees it once its own checks have run, at a width of `columns` pixels.
std::string dom_after_selftest(const std::string& browser, const fs::path& page, int columns) {
  const std::string command =
      browser +
      " --no-sandbox --headless --disable-gpu --virtual-time-budget=2000 --window-size=" + std::to_string(columns) +
      ",900 --dump-dom 'file://" + page.string() + "#selftest' 2>/dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe);
  std::string dom;
  char block[4096];
  while (const size_t got = std::fread(block, 1, sizeof(block), pipe)) dom.append(block, got);
  ::pclose(pipe);
  return dom;
}

struct File {
  explicit File(const std::string& name) : path(fs::temp_directory_path() / (name + std::to_string(::getpid()))) {
    path += ".html";
  }
  ~File() { fs::remove(path); }
  fs::path path;
};

size_t occurrences(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("hostile words stay text in the file", "[report]") {
  const std::string html = report_html(hostile_report());
  CHECK(occurrences(html, "<img") == 0);
  CHECK(occurrences(html, "<script>window") == 0);
  CHECK(occurrences(html, "</script>") == 3);
  CHECK(occurrences(html, "</noscript>") == 1);
  const size_t data = html.find("id=\"data\">");
  REQUIRE(data != std::string::npos);
  const std::string json = html.substr(data + 10, html.find("</script>", data) - data - 10);
  for (const char* harmful : {"<", ">", "&", "\u2028", "\u2029"}) CHECK(occurrences(json, harmful) == 0);
  CHECK_THAT(json, ContainsSubstring("\\u2028"));
  CHECK_THAT(html, ContainsSubstring("\\u003cimg src=x onerror="));
  CHECK_THAT(html, ContainsSubstring("<title>&lt;b&gt;hostile&lt;/b&gt; &amp; &quot;quoted&quot; {{data}}</title>"));
}

TEST_CASE("the page asks the network for nothing", "[report]") {
  const std::string html = report_html(hostile_report());
  CHECK_THAT(html, ContainsSubstring("default-src 'none'"));
  CHECK(occurrences(html, "src=\"http") == 0);
  CHECK(occurrences(html, "href=\"http") == 0);
  CHECK(occurrences(html, "sourceMappingURL") == 0);
}

TEST_CASE("weights of another shape are refused", "[report]") {
  Report report;
  report.translations = {translation({"a", "b"}, {"c", "d"})};
  report.translations[0].weights[1].pop_back();
  CHECK_THROWS_WITH(report_html(report), ContainsSubstring("translation 0") && ContainsSubstring("[source 2]"));
  report.translations[0].weights.pop_back();
  CHECK_THROWS_AS(report_html(report), heed::Error);
  report.translations[0].weights.clear();
  CHECK_NOTHROW(report_html(report));
}

TEST_CASE("a picture's weights and file must be right", "[report]") {
  Report report;
  report.pictures = {story({"a", "dog"}, 4, 3)};
  const std::string html = report_html(report);
  CHECK_THAT(html, ContainsSubstring("\"url\":\"data:image/png;base64,iVBORw0KGgo"));
  CHECK_THAT(html, ContainsSubstring("\"side\":5") && ContainsSubstring("\"width\":4"));
  report.pictures[0].tellings[0].weights[1].push_back(0);
  CHECK_NOTHROW(pictures_html(report.pictures));
  CHECK_THROWS_WITH(report_html(report), ContainsSubstring("[words 2][cells 25]"));
  report.pictures = {story({"a", "dog"}, 4, 3)};
  report.pictures[0].tellings[0].weights.pop_back();
  CHECK_THROWS_AS(report_html(report), heed::Error);
  report.pictures = {story({"a", "dog"}, 4, 3)};
  report.pictures[0].file = "GIF89a";
  CHECK_THROWS_WITH(report_html(report), ContainsSubstring("neither a JPEG nor a PNG"));
}

// 5,000 words made a page of 366 MB.
TEST_CASE("a page stays small, whatever is on it", "[report]") {
  Report report;
  report.summary = "Summary.";
  const std::vector<std::string> long_words(3000, "word");
  for (int i = 0; i < 3; ++i) report.translations.push_back(translation(long_words, long_words));
  report.translations[0].unknown_source = {3, 2000};
  report.translations[0].source[1] = std::string(1000000, 'x');
  for (int i = 0; i < 5000; ++i) report.translations.push_back(translation({"a", "b", "c"}, {"d", "e"}));
  report.curves.push_back({"loss/train", {}});
  for (int i = 0; i < 300000; ++i) report.curves[0].points.emplace_back(i, i);
  PictureStory picture = story({"a"}, 10, 10);
  picture.tellings[0].words = long_words;
  picture.tellings[0].weights = peaks(long_words.size(), 5);
  picture.references = {join_words(long_words)};
  report.pictures.push_back(picture);
  const std::string page = report_html(report);
  CHECK(page.size() < 6'000'000);

  const Report shown = fitting(report);
  CHECK(shown.translations[0].source.size() == most_shown_words);
  CHECK(shown.translations[0].weights.size() == most_shown_words);
  CHECK(shown.translations[0].weights[99].size() == most_shown_words);
  CHECK(shown.translations[0].weights[99][99] == report.translations[0].weights[99][99]);
  CHECK(shown.translations[0].unknown_source == std::vector<int>{3});
  CHECK_THAT(shown.translations[0].note, ContainsSubstring("cut after 100 of up to 3000 words"));
  CHECK(shown.translations[3].note.empty());
  CHECK(shown.curves[0].points.back() == report.curves[0].points.back());
  CHECK(shown.pictures[0].tellings[0].weights.size() == most_shown_words);
  const std::vector<std::string> cut_words(most_shown_words + 1, "word");
  report.translations.assign(60, translation(cut_words, cut_words));
  CHECK_THAT(fitting(report).summary, ContainsSubstring("Summary. These are the first"));
}

TEST_CASE("bytes in base 64", "[report]") {
  const std::pair<const char*, const char*> pairs[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xff\xfe\xfd", "//79"}};
  for (const auto& [bytes, text] : pairs) CHECK(base64(bytes) == text);
}

TEST_CASE("without scripts there are curves, settings and tables of weights", "[report]") {
  const std::string curves = curves_html(hostile_report().curves);
  CHECK(occurrences(curves, "<figure") == 3);
  CHECK(occurrences(curves, "<polyline") == 3);
  CHECK_THAT(curves, ContainsSubstring("2 to 3.2, epochs 1 to 3") && ContainsSubstring("no values yet"));
  CHECK(occurrences(curves, "nan") == 0);
  const std::string table = translations_html({translation({"a", "b"}, {"<c>"})});
  CHECK_THAT(table, ContainsSubstring("&lt;c&gt;") && ContainsSubstring("--w:"));
  CHECK(settings_html({{"a&b", "1<2"}}) == "<tr><th scope=\"row\">a&amp;b</th><td>1&lt;2</td></tr>\n");
}

TEST_CASE("the page passes its own checks in a browser, wide and narrow", "[report][browser][slow]") {
  const std::string browser = find_browser();
  if (browser.empty()) {
    WARN("skipped: no chromium-headless-shell, chromium or google-chrome on this machine");
    return;
  }
  File file("heed-report-");
  for (const Report& report : {hostile_report(), Report{"empty", "", {}, {}, {}, {}, {}}}) {
    write_report(file.path, report);
    for (int columns : {1200, 320}) {
      const std::string dom = dom_after_selftest(browser, file.path, columns);
      const size_t verdict = dom.find("<output id=\"selftest\">");
      INFO(columns << " pixels: " << (verdict == std::string::npos ? "no verdict" : dom.substr(verdict, 600)));
      CHECK_THAT(dom, ContainsSubstring("<output id=\"selftest\">PASS "));
    }
  }
}
