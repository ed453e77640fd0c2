#include "../support/property.hpp"
#include "../support/random_tickets.hpp"
#include "../support/test_types.hpp"

#include "../../messages/json/payload_json.hpp"

#include <caf/message_builder.hpp>

#include <set>
#include <thread>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

payload round_trip(const payload& content) {
  std::string error;
  auto result = payload_from_json(payload_to_json(content), error);
  REQUIRE_MESSAGE(result, error);
  return *result;
}

std::string error_of(const char* text) {
  std::string error;
  CHECK_FALSE(payload_from_json(json::parse(text), error));
  return error;
}

} // namespace

TEST_CASE("payload json: a single string is a string") {
  CHECK(payload_to_json(make_payload(std::string{"grüße"})) == json("grüße"));
  std::string error;
  CHECK(*payload_as<std::string>(*payload_from_json("hi", error)) == "hi");
  const std::string nul{"a\0b", 3};
  CHECK(*payload_as<std::string>(round_trip(make_payload(nul))) == nul);
}

TEST_CASE("payload json: bytes that are not UTF-8 survive") {
  for (std::string bytes : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ab\x80", "\xe2\x82", "\xf0\x9f"}) {
    auto content = make_payload(bytes);
    CHECK(payload_to_json(content) == json{{"type", "string"}, {"value", {{"base64", to_base64(bytes)}}}});
    CHECK(*payload_as<std::string>(round_trip(content)) == bytes);
  }
  for (std::string text : {"", "a", "\xc2\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\xf0\x9f\x98\x80"})
    CHECK(is_utf8(text));
}

TEST_CASE("payload json: built-in types have names of our own") {
  CHECK(payload_to_json(make_payload(int32_t{-5})) == json::parse(R"({"type": "int32", "value": -5})"));
  CHECK(payload_to_json(make_payload(UINT64_MAX)) == json{{"type", "uint64"}, {"value", UINT64_MAX}});
  CHECK(payload_to_json(make_payload(true)) == json::parse(R"({"type": "bool", "value": true})"));
  CHECK(payload_to_json(make_payload(duration{1500})) == json::parse(R"({"type": "duration", "value": 1500})"));
  CHECK(payload_to_json(make_payload(1.5f, std::string{"x"}))
        == json::parse(R"({"types": ["float", "string"], "values": [1.5, "x"]})"));
  CHECK(payload_to_json(payload{}) == json::parse(R"({"types": [], "values": []})"));
  CHECK(round_trip(payload{}).size() == 0);
  CHECK(payload_to_json(make_payload(std::set<std::string>{"b", "a"}))
        == json::parse(R"({"type": "std::set<std::string>", "value": ["a", "b"]})"));
}

TEST_CASE("payload json: numbers are exact") {
  CHECK(*payload_as<int64_t>(round_trip(make_payload(INT64_MIN))) == INT64_MIN);
  CHECK(*payload_as<uint64_t>(round_trip(make_payload(UINT64_MAX))) == UINT64_MAX);
  for (double x : {0.1, 1e308, 5e-324, -0.0}) {
    auto content = json::parse(to_line(payload_to_json(make_payload(x))));
    std::string error;
    CHECK(*payload_as<double>(*payload_from_json(content, error)) == x);
  }
}

TEST_CASE("payload json: customers' types") {
  auto content = make_payload(point{1, -2});
  CHECK(payload_to_json(content) == json::parse(R"({"type": "tandem_test::point", "value": {"x": 1, "y": -2}})"));
  CHECK(*payload_as<point>(round_trip(content)) == point{1, -2});
  CHECK(payload_to_json(make_payload(person{"Ada", 36}))["value"] == json::parse(R"({"called": "Ada", "years": 36})"));
  CHECK(*payload_as<person>(round_trip(make_payload(person{"Ada", 36}))) == person{"Ada", 36});
  CHECK(payload_to_json(make_payload(colour::green)) == json{{"type", "tandem_test::colour"}, {"value", "green"}});
  CHECK(*payload_as<colour>(round_trip(make_payload(colour::red))) == colour::red);
  CHECK(*payload_as<std::vector<point>>(round_trip(make_payload(std::vector<point>{{1, 2}, {3, 4}})))
        == std::vector<point>{{1, 2}, {3, 4}});
}

TEST_CASE("payload json: nested containers, optional fields and payloads within payloads") {
  drawing x{.title = "\xff",
            .points = {{1, 2}},
            .colours = {{"sky", colour::green}},
            .notes = {{4, {"a", "b"}}},
            .scale = std::nullopt,
            .centre = point{5, 6},
            .shown = 20ms,
            .attachment = make_payload(point{7, 8}, std::string{"deep"})};
  auto content = make_payload(x);
  CHECK(payload_to_json(content)["value"] == json::parse(R"({
    "title": {"base64": "/w=="}, "points": [{"x": 1, "y": 2}], "colours": {"sky": "green"}, "notes": [[4, ["a", "b"]]],
    "centre": {"x": 5, "y": 6}, "shown": 20000000,
    "attachment": {"types": ["tandem_test::point", "string"], "values": [{"x": 7, "y": 8}, "deep"]}})"));
  const auto copy = round_trip(content);
  CHECK(equal(copy, content));
  CHECK(payload_as<drawing>(copy)->title == "\xff");
  CHECK(payload_as<drawing>(copy)->attachment.get_as<std::string>(1) == "deep");
}

TEST_CASE("payload json: a payload is an element of a payload") {
  caf::message_builder builder;
  builder.append(make_payload(int8_t{3}));
  const auto content = builder.to_message();
  const auto expected = json::parse(R"({"type": "message", "value": {"type": "int8", "value": 3}})");
  CHECK(payload_to_json(content) == expected);
  CHECK(payload_to_json(round_trip(content)) == expected);
}

TEST_CASE("payload json: Tandem's own types") {
  const auto content = make_payload(operation_id{1, 2}, consume{make_payload(1.5)}, stats{});
  CHECK(equal(round_trip(content), content));
  CHECK(payload_to_json(content)["values"][1] == json::parse(R"({"payload": {"type": "double", "value": 1.5}})"));
}

TEST_CASE("payload json: a type that is not registered is shown by name and size") {
  const auto shown = payload_to_json(make_payload(credential{"ada", "secret"}));
  CHECK(shown["type"] == "tandem_test::credential");
  CHECK(shown["size"] == 11);
  CHECK(shown.size() == 2);
  const auto copy = round_trip(make_payload(credential{"ada", "secret"}));
  CHECK(*payload_as<opaque_payload>(copy) == opaque_payload{"tandem_test::credential", 11});
  CHECK(payload_to_json(copy) == shown);
  CHECK(payload_to_json(make_payload(login{"host", {"ada", "secret"}}))["type"] == "tandem_test::login");
  CHECK(to_line(payload_to_json(make_payload(login{"host", {"ada", "secret"}}))).find("secret") == std::string::npos);
}

TEST_CASE("payload json: a value without JSON is not mistaken for a struct that looks like it") {
  const auto content = make_payload(box{7}, credential{"", ""}, box{8});
  const auto shown = payload_to_json(content);
  CHECK(shown["values"] == json::parse(R"([{"size": 7}, {"size": 2}, {"size": 8}])"));
  CHECK(shown["opaque"] == json::parse("[1]"));
  const auto copy = round_trip(content);
  CHECK(copy.get_as<box>(2) == box{8});
  CHECK(copy.get_as<opaque_payload>(1).size == 2);
  CHECK(payload_to_json(copy) == shown);
  CHECK(*payload_as<box>(round_trip(make_payload(box{7}))) == box{7});
}

TEST_CASE("payload json: an actor's handle has no JSON, and harms nothing") {
  const auto shown = payload_to_json(make_payload(service_request{"echo", std::nullopt, {}}, caf::actor{}));
  CHECK(shown["types"][0] == "tandem::service_request");
  CHECK(shown["opaque"] == json::parse("[0, 1]"));
}

TEST_CASE("payload json: types that this process does not know") {
  const auto in = json::parse(R"({"types": ["a::b", "int8"], "values": [{"c": 1}, 2]})");
  std::string error;
  CHECK_FALSE(payload_from_json(in, error));
  CHECK(error == "values[0]: the type \"a::b\" is not registered for JSON here");
  auto content = payload_from_json(in, error, unknown_types::opaque);
  REQUIRE(content);
  CHECK(content->get_as<opaque_payload>(0) == opaque_payload{"a::b", 0});
  CHECK(content->get_as<int8_t>(1) == 2);
}

TEST_CASE("payload json: errors name the place and what would be right") {
  CHECK(error_of("7") == "expected a payload: a string, or an object with \"type\" or \"types\", got 7");
  CHECK(error_of(R"({"type": 7, "value": 1})") == "type: expected the name of a type, got 7");
  CHECK(error_of(R"({"type": "int8"})") == "missing field \"value\" (or \"size\")");
  CHECK(error_of(R"({"type": "int8", "value": 128})") == "value: expected an integer from -128 to 127, got 128");
  CHECK(error_of(R"({"type": "uint8", "value": -1})") == "value: expected an integer from 0 to 255, got -1");
  CHECK(error_of(R"({"type": "int64", "value": 1.0})").find("expected an integer") != std::string::npos);
  CHECK(error_of(R"({"type": "float", "value": 1e300})")
        == "value: expected a number in the range of float, got 1e+300");
  CHECK(error_of(R"({"type": "string", "value": {"base64": "?"}})") == "value.base64: expected base 64, got \"?\"");
  CHECK(error_of(R"({"type": "tandem_test::point", "value": {"x": 1}})") == "value: missing field \"y\"");
  CHECK(error_of(R"({"type": "tandem_test::colour", "value": "blue"})")
        == "value: expected the name of an enumerator, got \"blue\"");
  CHECK(error_of(R"({"type": "tandem_test::colour", "value": 9})")
        == "value: expected the number of an enumerator, got 9");
  CHECK(error_of(R"({"type": "tandem_test::person", "value": {}})").find("called") != std::string::npos);
  CHECK(error_of(R"({"types": ["int8"], "values": []})")
        == "expected \"types\" and \"values\" to be arrays of the same size");
  CHECK(error_of(R"({"types": ["int8", "std::set<std::string>"], "values": [1, ["a", 2]]})")
        == "values[1][1]: expected a string, or {\"base64\": ...}, got 2");
  CHECK(error_of(R"({"types": ["int8"], "values": [{}], "opaque": [1]})").starts_with("opaque: expected indices"));
  CHECK(error_of(R"({"types": ["int8"], "values": [{}], "opaque": [0]})") == "values[0]: missing field \"size\"");
}

TEST_CASE("payload json: hostile nesting is refused") {
  json in = "core";
  for (int i = 0; i < 10'000; ++i)
    in = json{{"type", "message"}, {"value", std::move(in)}};
  std::string error;
  CHECK_FALSE(payload_from_json(in, error));
  CHECK(error.find("nested too deeply") != std::string::npos);
  const auto deep = json::parse(std::string(300'000, '[') + std::string(300'000, ']'));
  CHECK_FALSE(payload_from_json(deep, error));
  CHECK(error.ends_with("got [[[[[...]]]]]"));
}

TEST_CASE("payload json: registering while others convert") {
  const auto content = make_payload(point{1, 2}, std::string{"x"});
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&content, i] {
      for (int k = 0; k < 200; ++k) {
        if (i == 0)
          register_json_types<caf::id_block::tandem_test>();
        payload_to_json(content);
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(payload_to_json(content)["values"][1] == "x");
}

TEST_CASE("payload json: property: every payload reads back as its JSON says, also through text") {
  CHECK(rc::check("payload to JSON and back", [] {
    const auto content = random_payload();
    const auto shown = payload_to_json(content);
    const auto parsed = json::parse(to_line(shown));
    RC_ASSERT(parsed == shown);
    std::string error;
    const auto copy = payload_from_json(parsed, error);
    RC_LOG() << error;
    RC_ASSERT(copy.has_value());
    RC_ASSERT(copy->size() == content.size());
    RC_ASSERT(equal(*copy, content));
  }));
}

TEST_CASE("payload json: property: reading damaged JSON never crashes") {
  CHECK(rc::check("damaged JSON", [] {
    const std::vector<json> odd{nullptr, -1, 1e99, "x", json::array(), json::object(), UINT64_MAX};
    auto damaged = payload_to_json(random_payload()).flatten();
    if (!damaged.empty()) {
      auto place = std::next(damaged.begin(), static_cast<ptrdiff_t>(any_below(damaged.size())));
      *place = odd[any_below(odd.size())];
    }
    std::string error;
    try {
      damaged = damaged.unflatten();
    } catch (const json::exception&) {
      return; // a replaced container cannot be unflattened
    }
    const auto content = payload_from_json(damaged, error, unknown_types::opaque);
    RC_ASSERT(content.has_value() == error.empty());
  }));
}
