// The index of equations, docs/book/equations.tsv: each equation, figure and table of the three papers has its line
// of code, where it is cited, and its test, or it says why not. No source cites one that is not in the index.
#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/docs/markdown.h"

namespace heed::book {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string item, says, code, line, test, why_not;
};

std::vector<Row> index_of_equations() {
  std::vector<Row> rows;
  std::istringstream lines(docs::contents("docs/book/equations.tsv"));
  std::string line;
  std::getline(lines, line);
  CHECK(line == "item\twhat it says\tcode\tline\ttest\twhy not");
  while (std::getline(lines, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line)
      if (c == '\t') cells.emplace_back();
      else cells.back() += c;
    INFO(line);
    REQUIRE(cells.size() == 6);
    rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]});
  }
  return rows;
}

// What a text cites: of "Xu et al. (8), (9)" it is "Xu (8)" and "Xu (9)".
std::set<std::string> cited(const std::string& text) {
  static const std::string part = R"((?:\(\d\d?\)|[AB3-5](?:\.\d)+|(?:Figure|Table) \d))";
  static const std::regex one(part), all("(Bahdanau|Xu|Luong) et al\\. (" + part + "(?:,? (?:and )?" + part + ")*)");
  std::set<std::string> items;
  for (std::sregex_iterator at(text.begin(), text.end(), all), end; at != end; ++at) {
    const std::string parts = (*at)[2];
    for (std::sregex_iterator p(parts.begin(), parts.end(), one); p != end; ++p)
      items.insert((*at)[1].str() + " " + p->str());
  }
  return items;
}

// What is no numbered equation, as a picture of the page that the papers are often learnt from (Alammar's "Visualizing
// a neural machine translation model", 2018), need not be cited.
bool cites(const Row& row) {
  const bool paper = row.item.rfind("Alammar", 0) != 0;
  std::istringstream lines(docs::contents(row.code));
  for (std::string line; std::getline(lines, line);)
    if (line.find(row.line) != std::string::npos && (!paper || cited(line).count(row.item) == 1)) return true;
  return false;
}

bool tested(const Row& row) {
  const size_t colon = row.test.find(": ");
  if (colon == std::string::npos) return false;
  return docs::contents(row.test.substr(0, colon)).find("\"" + row.test.substr(colon + 2) + "\"") !=
         std::string::npos;
}

}  // namespace

TEST_CASE("each equation has its line of code and its test, or says why not", "[book]") {
  std::set<std::string> seen;
  for (const Row& row : index_of_equations()) {
    INFO(row.item << ": " << row.code << ", '" << row.line << "'; " << row.test);
    CHECK(seen.insert(row.item).second);
    CHECK_FALSE(row.says.empty());
    if (row.code.empty()) {
      CHECK(row.why_not.size() > 20);
      continue;
    }
    CHECK_FALSE(row.line.empty());
    CHECK(cites(row));
    CHECK(tested(row));
  }
  const std::pair<const char*, int> papers[] = {{"Bahdanau", 7}, {"Xu", 14}, {"Luong", 10}};
  for (const auto& [paper, equations] : papers)
    for (int number = 1; number <= equations; ++number)
      CHECK(seen.count(std::string(paper) + " (" + std::to_string(number) + ")") == 1);
}

TEST_CASE("no source cites an equation that is not in the index, or in another form", "[book]") {
  std::set<std::string> known;
  for (const Row& row : index_of_equations()) known.insert(row.item);
  const std::regex other_form(
      R"(\beqs?\. ?\(?\d|)"
      R"((?:Bahdanau|Xu|Luong) et al\.(?: \(?20\d\d\)?)?,? \(?(?:eq|Eq|sec|Sec|fig|app|App|tab)\w*\.? )");
  const fs::path root(HEED_SOURCE_DIR);
  size_t count = 0;
  for (const char* folder : {"autograd", "nn", "optim", "examples"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string kind = entry.path().extension().string();
      if (kind != ".h" && kind != ".cpp") continue;
      const std::string path = fs::relative(entry.path(), root).string(), text = docs::contents(path);
      if (text.find(" et al.") == std::string::npos && text.find("eq.") == std::string::npos &&
          text.find("eqs.") == std::string::npos)
        continue;  // nothing to be found: a quick look
      std::smatch found;
      INFO(path << (std::regex_search(text, found, other_form) ? ": " + found.str() : ""));
      CHECK(found.empty());
      for (const std::string& item : cited(text)) {
        INFO(item);
        CHECK(known.count(item) == 1);
        ++count;
      }
    }
  CHECK(count > 40);  // or nothing is found at all
}

}  // namespace heed::book
