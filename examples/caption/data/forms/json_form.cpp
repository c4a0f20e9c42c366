#include "examples/caption/data/forms/json_form.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::caption {

void read_json_lists(const std::filesystem::path& file, const std::string& wanted,
                     const std::function<void(const support::JsonItem&)>& take) {
  constexpr size_t largest = size_t{1} << 30;  // COCO's is 144 MB in Karpathy's form
  bool found = false;
  support::parse_json_lists(support::read_bytes(file), file.string(), {.bytes = largest},
                            [&](const support::JsonItem& item) {
                              found |= item.list == wanted;
                              take(item);
                            });
  if (!found) throw Error("{}: there is nothing in a list \"{}\"", file.string(), wanted);
}

std::string text_of(const support::JsonItem& item, const nlohmann::json& object, const char* name) {
  if (!object.is_object()) throw Error("{}: an object with \"{}\" was expected", item.where(), name);
  const auto found = object.find(name);
  if (found == object.end()) throw Error("{}: there is no \"{}\"", item.where(), name);
  if (!found->is_string()) throw Error("{}: \"{}\" is no text", item.where(), name);
  return found->get<std::string>();
}

std::string text_of(const support::JsonItem& item, const nlohmann::json& object, const char* name,
                    const std::string& usual) {
  return object.is_object() && !object.contains(name) ? usual : text_of(item, object, name);
}

}  // namespace heed::caption
