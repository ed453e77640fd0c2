/// A line of a trace is JSON in all of its parts, also in those that the parser does not look into.
#include "../support/property.hpp"

#include "../../messages/trace/trace_parser.hpp"

#include <nlohmann/json.hpp>

using namespace tandem;
using namespace tandem_test;

namespace {

std::string line_with(const std::string& payload, const std::string& later) {
  return R"({"record":0,"wall_ns":1,"monotonic_ns":1,"side":"front","link":"l","event":"sent",)"
         R"("direction":"front to back","ticket":{"operation_id":"3f2a91c05d7be644000000000000a100",)"
         R"("sequence_number":1,"kind":"continuation","payload":)"
         + payload + R"(},"payload_size":5,"later":)" + later + "}";
}

std::string with_payload(const std::string& json) {
  return line_with(json, "1");
}

std::string with_unknown(const std::string& json) {
  return line_with("1", json);
}

} // namespace

TEST_CASE("trace line: what it keeps or skips without looking at it has to be JSON too") {
  std::string error;
  for (const auto* x : {"1", "-0.5e+9", "[]", "{ }", R"([[1,{"a":[true,null]}],"\ud83d\ude00\n"])", R"("a\\")",
                        R"("\"]")", R"({"a":{},"b":"]"})"})
    for (const auto& line : {with_payload(x), with_unknown(x)})
      CHECK_MESSAGE(parse_entry(line, error), line);
  CHECK(parse_entry(with_payload("[ 1,2 ]"), error)->payload->json == "[ 1,2 ]");
  for (const auto* x : {"[1,,2]",   "[1 2]",   "[1,]",      R"({"a":tru})", "[01]",        "tru",
                        "nul",      "01",      "1.",        "1e",           "1e5e5",       "-",
                        "1e999",    R"("\q")", R"("\u12")", R"("\ud800")",  R"("\udc00")", R"({"a" 1})",
                        R"({"a"})", "{1:2}",   "{,}",       "[1}",          R"("a":1)",    R"("a":[1],"b")"})
    for (const auto& line : {with_payload(x), with_unknown(x)}) {
      error.clear();
      CHECK_MESSAGE(!parse_entry(line, error), line);
      CHECK_MESSAGE(error == "not JSON", line);
    }
  const auto deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(parse_entry(with_payload(deep), error));
  CHECK_FALSE(parse_entry(with_payload(deep.substr(1) + "]"), error));
}

TEST_CASE("trace line: property: a line is read if, and only if, it is JSON") {
  CHECK(rc::check([] {
    std::vector<std::string> tokens{
      "{", R"("a")", ":", "[",      "1", ",", "-0.25e3", ",", R"("\u00e9\\")", "]", ",",     R"("b")", ":",
      "{", "}",      ",", R"("c")", ":", "[", "]",       ",", R"("d")",        ":", "false", "}"};
    const std::vector<std::string> others{"{",    "}", "[",      "]",       ",",       ":",    R"(")", R"(\)", "0",
                                          "12",   "-", "+",      ".",       "e",       "E",    " ",    "true", "nul",
                                          "null", "x", R"("x")", R"(\u00)", R"(\ud8)", "\x01", "\xff", "1e400"};
    const auto changes = any_below(4);
    for (size_t i = 0; i < changes; ++i) {
      const auto at = tokens.begin() + static_cast<ptrdiff_t>(any_below(tokens.size()));
      switch (any_below(3)) {
        case 0:
          *at = *rc::gen::elementOf(others);
          break;
        case 1:
          tokens.insert(at, *rc::gen::elementOf(others));
          break;
        default:
          tokens.erase(at);
      }
    }
    std::string json;
    for (const auto& x : tokens)
      json += x;
    const auto line = *rc::gen::arbitrary<bool>() ? with_payload(json) : with_unknown(json);
    std::string error;
    RC_ASSERT(parse_entry(line, error).has_value() == nlohmann::json::accept(line));
  }));
}
