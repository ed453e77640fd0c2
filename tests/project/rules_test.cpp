/// The rules of messages/PROTOCOL.md are numbered so that code and tests can cite them; this test sees to it that they
/// do, and that they cite no rule that is not there.
#include "../support/source_files.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <map>
#include <set>

using namespace tandem_test;

namespace {

/// The ids in a text, such as the one of a rule about ends: "S", a word in capitals, a number, with dashes between.
std::set<std::string> ids_in(const std::string& text) {
  std::set<std::string> result;
  for (size_t at = text.find("S-"); at != std::string::npos; at = text.find("S-", at + 1)) {
    if (at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])))
      continue;
    size_t end = at + 2;
    while (end < text.size() && std::isupper(static_cast<unsigned char>(text[end])))
      ++end;
    if (end == at + 2 || end == text.size() || text[end] != '-')
      continue;
    const size_t digits = ++end;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])))
      ++end;
    if (end > digits)
      result.insert(text.substr(at, end - at));
  }
  return result;
}

/// The ids in string literals that begin with one: names of test cases, and the "rules" of conformance scenarios.
std::set<std::string> ids_in_names(const std::string& text) {
  std::set<std::string> result;
  for (size_t at = text.find("\"S-"); at != std::string::npos; at = text.find("\"S-", at + 1))
    result.merge(ids_in(text.substr(at, text.find('"', at + 1) - at)));
  return result;
}

/// Which file cites a rule, for each rule that is cited.
using citations = std::map<std::string, std::string>;

citations cited_by_code() {
  citations result;
  for (const auto* folder : {"actors", "messages"})
    for (const auto& file : files_of(folder, {".cpp", ".hpp"}))
      for (const auto& id : ids_in(file.content))
        result.emplace(id, file.path);
  return result;
}

citations cited_by_tests() {
  citations result;
  for (const auto& file : files_of("tests", {".cpp", ".json"}))
    for (const auto& id : ids_in_names(file.content))
      result.emplace(id, file.path);
  return result;
}

std::set<std::string> rules() {
  return ids_in(content_of("messages/PROTOCOL.md"));
}

/// Models say in comments which rule each of their parts is.
citations cited_by_models() {
  citations result;
  for (const auto& file : files_of("tests", {".pml"}))
    for (const auto& id : ids_in(file.content))
      result.emplace(id, file.path);
  return result;
}

std::string joined(const std::set<std::string>& ids) {
  std::string result;
  for (const auto& id : ids)
    result += (result.empty() ? "" : ", ") + id;
  return result;
}

std::set<std::string> missing_in(const citations& all) {
  std::set<std::string> result;
  for (const auto& id : rules())
    if (!all.contains(id))
      result.insert(id);
  return result;
}

} // namespace

TEST_CASE("rules: messages/PROTOCOL.md has numbered rules") {
  CHECK(rules().size() > 30);
}

TEST_CASE("rules: every rule is cited by code under actors/ or messages/") {
  CHECK(joined(missing_in(cited_by_code())) == "");
}

TEST_CASE("rules: every rule is cited by the name of a test or by a conformance scenario") {
  CHECK(joined(missing_in(cited_by_tests())) == "");
}

TEST_CASE("rules: nothing cites a rule that does not exist") {
  const auto known = rules();
  for (const auto& all : {cited_by_code(), cited_by_tests(), cited_by_models()})
    for (const auto& cited : all)
      CHECK_MESSAGE(known.contains(cited.first), cited.second << " cites " << cited.first);
}
