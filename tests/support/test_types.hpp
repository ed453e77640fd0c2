/// Types that a customer could have, registered with CAF and, but for one, for JSON. Including this header makes them
/// and Tandem's own known before main().
#pragma once

#include "../../actors/system.hpp"
#include "../../messages/caf/inspect.hpp"
#include "../../messages/type_ids.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem_test {

struct point {
  int32_t x = 0;
  int32_t y = 0;

  friend bool operator==(const point&, const point&) = default;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, point& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("x", x.x), g.field("y", x.y));
}

enum class colour : uint8_t { red = 1, green = 2 };

inline std::string to_string(colour value) {
  return value == colour::red ? "red" : value == colour::green ? "green" : "no colour";
}

inline bool from_string(std::string_view text, colour& value) {
  value = text == "red" ? colour::red : colour::green;
  return text == "red" || text == "green";
}

inline bool from_integer(uint8_t number, colour& value) {
  value = static_cast<colour>(number);
  return number == 1 || number == 2;
}

template <tandem::compat::enum_inspector Inspector>
bool inspect(Inspector& f, colour& x) {
  return tandem::compat::inspect_enum(f, x);
}

struct drawing {
  std::string title;
  std::vector<point> points;
  std::map<std::string, colour> colours;
  std::map<int32_t, std::vector<std::string>> notes;
  std::optional<double> scale;
  std::optional<point> centre;
  std::chrono::milliseconds shown{};
  tandem::payload attachment;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, drawing& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("title", x.title), g.field("points", x.points), g.field("colours", x.colours),
                            g.field("notes", x.notes), g.field("scale", x.scale), g.field("centre", x.centre),
                            g.field("shown", x.shown), g.field("attachment", x.attachment));
}

/// Has nlohmann's functions, which go before its `inspect`.
struct person {
  std::string name;
  int32_t age = 0;

  friend bool operator==(const person&, const person&) = default;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, person& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("name", x.name), g.field("age", x.age));
}

inline void to_json(nlohmann::json& json, const person& x) {
  json = {{"called", x.name}, {"years", x.age}};
}

inline void from_json(const nlohmann::json& json, person& x) {
  json.at("called").get_to(x.name);
  json.at("years").get_to(x.age);
}

/// Known to CAF, not to JSON.
struct credential {
  std::string user;
  std::string password;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, credential& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("user", x.user), g.field("password", x.password));
}

/// Has JSON by its own type, but not for what is in it.
struct login {
  std::string host;
  credential as;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, login& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("host", x.host), g.field("as", x.as));
}

/// Its JSON looks like that of a value without JSON.
struct box {
  uint64_t size = 0;

  friend bool operator==(const box&, const box&) = default;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, box& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("size", x.size));
}

/// Its `inspect` throws, and no std::exception.
struct thorny {
  bool pricks = false;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, thorny& x) {
  if (x.pricks)
    throw 42;
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("pricks", x.pricks));
}

/// Reading one calls this, if there is something to call: an `inspect` that throws where a value arrives.
inline std::function<void()> when_read;

struct barbed {
  int32_t depth = 0;
};

template <class Inspector>
constexpr bool reads() {
  if constexpr (requires { Inspector::is_loading; })
    return Inspector::is_loading;
  else
    return Inspector::writes_state;
}

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, barbed& x) {
  if (reads<Inspector>() && when_read)
    when_read();
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("depth", x.depth));
}

} // namespace tandem_test

template <>
inline constexpr bool tandem::hidden_from_json<tandem_test::credential> = true;

CAF_BEGIN_TYPE_ID_BLOCK(tandem_test, caf::first_custom_type_id + 1200)

  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::point))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::colour))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::drawing))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::person))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::credential))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::login))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::box))
  CAF_ADD_TYPE_ID(tandem_test, (std::vector<tandem_test::point>))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::thorny))
  CAF_ADD_TYPE_ID(tandem_test, (tandem_test::barbed))

CAF_END_TYPE_ID_BLOCK(tandem_test)

namespace tandem_test {

/// Tells CAF and JSON of them, however often it is called.
bool know_test_types();

/// Runs before main(), since CAF 1.x wants to know all types before the first actor system begins.
inline const bool types_are_known = know_test_types();

} // namespace tandem_test
