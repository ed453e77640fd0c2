#include "../support/test_types.hpp"

#include "../../messages/json/payload_json.hpp"

#include <doctest/doctest.h>
// CAF 0.17 only; its headers may be installed beside those of a later version.
#if __has_include(<caf/meta/type_name.hpp>) && !__has_include(<caf/anon_mail.hpp>)
#  include <caf/meta/load_callback.hpp>
#  include <caf/meta/type_name.hpp>
#  define HAS_ANNOTATIONS 1
#endif

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Fields without names, as CAF 0.17's inspectors have them.
struct unnamed {
  int32_t a = 0;
  std::string b;
  int loads = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, unnamed& x) {
#ifdef HAS_ANNOTATIONS
  auto loaded = [&x]() -> caf::error {
    ++x.loads;
    return {};
  };
  return f(caf::meta::type_name("unnamed"), x.a, x.b, caf::meta::load_callback(loaded));
#else
  return f(x.a, x.b);
#endif
}

/// The refinements of CAF 1.x inspectors.
struct refined {
  int32_t percent = 0;
  int32_t retries = 0;
  int32_t hidden = 0;
  int32_t loads = 0;
};

template <class Inspector>
bool inspect(Inspector& f, refined& x) {
  auto get = [&x] { return x.hidden * 2; };
  auto set = [&x](int32_t value) {
    x.hidden = value / 2;
    return value % 2 == 0;
  };
  return f.object(x)
    .pretty_name("refined")
    .on_load([&x] {
      ++x.loads;
      return true;
    })
    .fields(f.field("percent", x.percent).invariant([](int32_t value) { return value <= 100; }),
            f.field("retries", x.retries).fallback(3), f.field("hidden", get, set));
}

enum class plain : int8_t { low = -1, high = 1 };

struct tree {
  std::vector<tree> branches;
};

template <class Inspector>
bool inspect(Inspector& f, tree& x) {
  return f.object(x).fields(f.field("branches", x.branches));
}

template <class T>
json to(const T& value) {
  auto result = value_to_json(value);
  REQUIRE(result);
  return *result;
}

template <class T>
T from(const char* text) {
  std::string error;
  auto result = value_from_json<T>(json::parse(text), error);
  REQUIRE_MESSAGE(result, error);
  return *result;
}

template <class T>
std::string wrong(const char* text) {
  std::string error;
  CHECK_FALSE(value_from_json<T>(json::parse(text), error));
  return error;
}

} // namespace

TEST_CASE("json values: numbers that JSON does not have are words") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(to(inf) == "inf");
  CHECK(to(-inf) == "-inf");
  CHECK(to(std::nan("")) == "nan");
  CHECK(from<double>("\"-inf\"") == -inf);
  CHECK(std::isnan(from<float>("\"nan\"")));
  CHECK(from<double>("3") == 3.0);
}

TEST_CASE("json values: base 64") {
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(from_base64("Zm8=") == "fo");
  for (const char* text : {"Zm8", "Z", "Zm8*", "====", "Z===", "Zm=8"})
    CHECK_FALSE(from_base64(text));
}

TEST_CASE("json values: values of standard types") {
  CHECK(to(std::array<int, 2>{1, 2}) == json::parse("[1, 2]"));
  CHECK(wrong<std::array<int, 2>>("[1]") == "expected an array of 2, got [1]");
  CHECK(to(std::tuple<bool, std::string, double>{true, "a", 1}) == json::parse(R"([true, "a", 1.0])"));
  CHECK(from<std::pair<int, bool>>("[3, false]") == std::pair{3, false});
  CHECK(wrong<std::pair<int, bool>>("[3, 4]") == "[1]: expected true or false, got 4");
  CHECK(from<std::vector<bool>>("[true, false]") == std::vector<bool>{true, false});
  CHECK(to(std::vector<bool>{true, false}) == json::parse("[true, false]"));
  CHECK(from<std::vector<std::optional<int>>>("[1, null]") == std::vector<std::optional<int>>{1, std::nullopt});
  CHECK(from<std::unordered_map<std::string, int>>(R"({"a": 1})").at("a") == 1);
  CHECK(to(std::unordered_set<int>{30, 10, 20}) == json::parse("[10, 20, 30]")); // whatever its own order is
  CHECK(to(std::unordered_map<int, bool>{{2, true}, {1, false}}) == json::parse("[[1, false], [2, true]]"));
  CHECK(to(std::map<std::string, int>{{"\xff", 1}}) == json::parse(R"([[{"base64": "/w=="}, 1]])"));
  CHECK(from<std::map<std::string, int>>(R"([[{"base64": "/w=="}, 1]])").at("\xff") == 1);
  CHECK(to(std::multimap<std::string, int>{{"a", 1}, {"a", 2}}) == json::parse(R"([["a", 1], ["a", 2]])"));
  CHECK(wrong<std::chrono::seconds>("1") == "expected nanoseconds, a multiple of 1000000000, got 1");
  CHECK(from<std::chrono::seconds>("-2000000000") == -2s);
  CHECK_FALSE(value_to_json(std::chrono::hours::max()));
}

TEST_CASE("json values: enums with and without words") {
  CHECK(to(plain::low) == -1);
  CHECK(to(outcome::expired) == "expired");
  CHECK(from<plain>("1") == plain::high);
  CHECK(to(static_cast<ticket_kind>(77)) == 77);
  CHECK(from<ticket_kind>("77") == static_cast<ticket_kind>(77));
  CHECK_FALSE(value_to_json(static_cast<colour>(77)));
  CHECK(from<ticket_kind>("\"servicer failure\"") == ticket_kind::servicer_failure);
}

TEST_CASE("json values: fields without names are an array") {
  CHECK(to(unnamed{1, "b", 0}) == json::parse(R"([1, "b"])"));
  CHECK(from<unnamed>(R"([1, "b"])").b == "b");
#ifdef HAS_ANNOTATIONS
  CHECK(from<unnamed>(R"([1, "b"])").loads == 1);
#endif
  CHECK(wrong<unnamed>("[1]") == "expected an array of 2, got [1]");
  CHECK(wrong<unnamed>("[1, 2]").starts_with("[1]: expected a string"));
}

TEST_CASE("json values: what CAF 1.x inspectors offer") {
  CHECK(to(refined{50, 1, 4, 0}) == json::parse(R"({"percent": 50, "retries": 1, "hidden": 8})"));
  auto x = from<refined>(R"({"percent": 50, "hidden": 8, "unknown": []})");
  CHECK(x.retries == 3);
  CHECK(x.hidden == 4);
  CHECK(x.loads == 1);
  CHECK(wrong<refined>(R"({"percent": 101, "hidden": 8})") == "percent: the value 101 is not allowed");
  CHECK(wrong<refined>(R"({"percent": 1, "hidden": 7})") == "hidden: the value 7 is not allowed");
  CHECK(wrong<refined>(R"({"percent": 1})") == "missing field \"hidden\"");
  CHECK(wrong<refined>("[]") == "expected an object, got []");
}

TEST_CASE("json values: types that contain themselves") {
  CHECK(to(tree{{{}, {{tree{}}}}})["branches"][1]["branches"].size() == 1);
  CHECK(from<tree>(R"({"branches": [{"branches": []}]})").branches.size() == 1);
}

TEST_CASE("json values: what can be converted is known when compiling") {
  static_assert(json_convertible<drawing> && json_convertible<person> && json_convertible<plain>);
  static_assert(json_convertible<std::map<std::string, std::vector<std::optional<point>>>>);
  static_assert(!json_convertible<credential> && !json_convertible<std::vector<credential>>);
  static_assert(!json_convertible<caf::actor> && !json_convertible<std::map<int, caf::actor>>);
  static_assert(!json_convertible<int*> && json_convertible<long double>);
}
