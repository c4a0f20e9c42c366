// The chapters of docs/book: their code is in the sources, their output is what the programs print, each
// exercise has its test, and no term is used before the chapter that defines it.
#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "autograd/base/error.h"
#include "tests/book/output.h"
#include "tests/catch.hpp"
#include "tests/docs/markdown.h"

namespace heed::book {
namespace {

namespace fs = std::filesystem;

// The paths of the book's pages from the root, in their order.
std::vector<std::string> pages() {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(std::string(HEED_SOURCE_DIR) + "/docs/book"))
    if (entry.path().extension() == ".md") found.push_back("docs/book/" + entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

// Those that have a number. The others are appendices.
std::vector<std::string> chapters() {
  std::vector<std::string> found;
  for (const std::string& page : pages())
    if (std::isdigit(static_cast<unsigned char>(fs::path(page).filename().string()[0]))) found.push_back(page);
  REQUIRE(found.size() >= 10);
  return found;
}

// 7 of docs/book/07-remember.md.
size_t number_of(const std::string& chapter) { return std::stoul(fs::path(chapter).filename().string()); }

// What is read as words: without code, links and marks. Lower case, one space between two words.
std::string prose_of(const std::string& markdown) {
  std::string text;
  std::istringstream lines(markdown);
  bool code = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) code = !code;
    else if (!code) text += line + " ";
  }
  text = std::regex_replace(text, std::regex("`[^`]*`|\\]\\([^)]*\\)|[*_\\[\\]]"), " ");
  text = std::regex_replace(text, std::regex("\\s+"), " ");
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Whether a text holds a word, or several, as they stand or in the plural.
bool says(const std::string& text, const std::string& term) {
  const auto letter = [&](size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
  };
  for (size_t at = text.find(term); at != std::string::npos; at = text.find(term, at + 1)) {
    size_t end = at + term.size();
    if (at > 0 && letter(at - 1)) continue;
    if (text.compare(end, 2, "es") == 0 && !letter(end + 2)) return true;
    if (text.compare(end, 1, "s") == 0 && !letter(end + 1)) return true;
    if (!letter(end)) return true;
  }
  return false;
}

struct Term {
  std::string name;
  size_t chapter;
};

// The rows of docs/book/glossary.md: | term | chapter | what it means |
std::vector<Term> terms() {
  std::vector<Term> found;
  const std::string text = docs::contents("docs/book/glossary.md");
  const std::regex row("\n\\| ([^|]+) \\| \\[(\\d+)\\]");
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at)
    found.push_back({(*at)[1], std::stoul((*at)[2])});
  CHECK(found.size() > 20);  // or the table is not found at all
  return found;
}

}  // namespace

TEST_CASE("the code of the book stands in the files that it names", "[book]") {
  size_t count = 0;
  for (const std::string& page : pages())
    for (const docs::Block& block : docs::blocks(docs::contents(page))) {
      if (block.language != "cpp") continue;
      ++count;
      INFO(page << ": this block does not stand in the file that it names, '" << block.of << "':\n" << block.text);
      CHECK(("\n" + docs::contents(block.of)).find("\n" + block.text + "\n") != std::string::npos);
    }
  CHECK(count >= 14);
}

TEST_CASE("what the book says that a program prints, it prints", "[book]") {
  std::map<std::string, std::string> printed;
  for (const std::string& chapter : chapters()) {
    size_t count = 0;
    for (const docs::Block& block : docs::blocks(docs::contents(chapter))) {
      if (block.language != "output") continue;
      ++count;
      if (!printed.count(block.of)) printed[block.of] = output_of(block.of);
      INFO(chapter << ": " << block.of << " does not print\n" << block.text << "\nbut\n" << printed[block.of]);
      CHECK(prints(printed[block.of], block.text));
    }
    INFO(chapter << " shows no output");
    CHECK(count > 0);
  }
  // Each program of the first steps has been run so, and none has failed.
  for (const fs::directory_entry& entry :
       fs::directory_iterator(std::string(HEED_SOURCE_DIR) + "/examples/first_steps"))
    if (entry.path().extension() == ".cpp") {
      INFO(entry.path().stem() << " is in no chapter");
      CHECK(printed.count(entry.path().stem().string()) == 1);
    }
}

TEST_CASE("output is compared to the last place, and no further", "[book]") {
  const std::string table = "x 1.25\ny  4e-11 of 3\n";
  CHECK(prints(table, "x 1.25\ny  4e-11 of 3"));
  CHECK(prints(table, "x 1.27"));
  CHECK(prints(table, "y  9e-11 of 3"));
  CHECK(prints("apart 0e+00", "apart 9e-16"));
  CHECK_FALSE(prints("apart 0e+00", "apart 9e-06"));
  CHECK_FALSE(prints(table, "x 1.28"));
  CHECK_FALSE(prints(table, "x 1.2 "));
  CHECK_FALSE(prints(table, "y  4e-09 of 3"));
  CHECK_FALSE(prints(table, "y  4e-11 of 4"));
  CHECK_FALSE(prints(table, "y 4e-11 of 3"));
  CHECK_FALSE(prints(table, "y  4e-11 of 3\nx 1.25"));
  CHECK_FALSE(prints(table, ""));
  CHECK_THROWS_AS(output_of("no_such_program 2>/dev/null"), Error);
}

TEST_CASE("each exercise of the book has its test, and each chapter two exercises", "[book]") {
  std::string tests, answers;
  const fs::path root = HEED_SOURCE_DIR;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / "tests/book"))
    if (entry.path().extension() == ".cpp") tests += docs::contents(entry.path().lexically_relative(root).string());
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "tests/book/answers"))
    answers += docs::contents(entry.path().lexically_relative(root).string());
  for (const std::string& chapter : chapters()) {
    const std::string text = docs::contents(chapter);
    const std::regex heading("\n\\*\\*Exercise (\\d+\\.\\d+)\\.\\*\\*");
    std::set<std::string> numbers;
    for (std::sregex_iterator at(text.begin(), text.end(), heading), end; at != end; ++at) numbers.insert((*at)[1]);
    const std::string mine = std::to_string(number_of(chapter));
    CHECK(numbers == std::set<std::string>{mine + ".1", mine + ".2"});
    for (const std::string& number : numbers) {
      INFO(chapter << ": exercise " << number << " has no test");
      CHECK(tests.find("TEST_CASE(\"exercise " + number + ": ") != std::string::npos);
      CHECK(answers.find("  // " + number + ": ") != std::string::npos);  // there is room for an answer
    }
  }
}

TEST_CASE("no term of the glossary is used before its chapter, and that chapter defines it", "[book]") {
  struct Read {
    std::string name, prose, lower;
    size_t number;
  };
  std::vector<Read> all;
  for (const std::string& chapter : chapters()) {
    std::string lower = docs::contents(chapter);
    for (char& c : lower) c = c == '\n' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    all.push_back({chapter, prose_of(docs::contents(chapter)), lower, number_of(chapter)});
  }
  for (const Term& term : terms()) {
    bool defined = false;
    for (const Read& chapter : all) {
      INFO("'" << term.name << "', a term of chapter " << term.chapter << ", is used in " << chapter.name);
      if (chapter.number < term.chapter) CHECK_FALSE(says(chapter.prose, term.name));
      if (chapter.number != term.chapter) continue;
      for (const char* ending : {"", "s", "es"})
        defined |= chapter.lower.find("**" + term.name + ending + "**") != std::string::npos;
    }
    INFO("chapter " << term.chapter << " does not define **" << term.name << "**");
    CHECK(defined);
  }
}

TEST_CASE("the book's first page lists its chapters in their order", "[book]") {
  const std::string page = docs::contents("docs/book/README.md");
  size_t at = 0;
  for (const std::string& chapter : chapters()) {
    INFO(chapter << " is not listed, or not in its place");
    const size_t next = page.find("(" + chapter.substr(10) + ")", at);
    CHECK(next != std::string::npos);
    if (next != std::string::npos) at = next;
  }
}

}  // namespace heed::book
