/// The inspectors that turn types with an `inspect` into JSON and back. With both CAF versions they have the functions
/// of CAF 1.x inspectors: object(x).fields(field(name, value)...), pretty_name, on_load, on_save, fallback, invariant,
/// fields with a getter and a setter, enumeration, apply; and the call operator of CAF 0.17's inspectors,
/// f(caf::meta::type_name("point"), x, y), which has no names for its fields and becomes an array.
///
/// A field that is missing is an error unless it is a std::optional or has a fallback; fields that the type does not
/// have are skipped.
#pragma once

#include "fields.hpp"

#include <string_view>
#include <type_traits>
#include <utility>

namespace tandem {

namespace detail {

/// The functions that both inspectors have. `Self` has value(x), begin_object, apply_field, refused and values(xs...).
template <class Self>
class json_inspector_base {
public:
  using has_named_fields = void; ///< makes compat::adapt hand this inspector through on CAF 0.17
  using result_type = bool;

  static constexpr bool has_human_readable_format() {
    return true;
  }

  template <class T>
  json_object<Self> object(T&) {
    return {self()};
  }
  template <class T>
  static json_field<T> field(std::string_view name, T& x) {
    return {name, x};
  }
  template <class Get, class Set>
  static json_virtual_field<Get, Set> field(std::string_view name, Get get, Set set) {
    return {name, std::move(get), std::move(set)};
  }
  template <class IsPresent, class Get, class Reset, class Set>
  static json_virtual_field<Get, Set, IsPresent, Reset> field(std::string_view name, IsPresent is_present, Get get,
                                                              Reset reset, Set set) {
    return {name, std::move(get), std::move(set), std::move(is_present), std::move(reset)};
  }

  template <class Enum>
  bool enumeration(Enum& x) {
    return self().value(x);
  }
  template <class T>
  bool apply(T& x) {
    return self().value(x);
  }

  template <class... Ts>
  bool operator()(Ts&&... xs) {
    return self().values(xs...);
  }

  /// Inspect functions for CAF 1.x say by these why they return false; Tandem's own messages are clear enough.
  template <class... Ts>
  void emplace_error(Ts&&...) {
    self().refused();
  }
  template <class Error>
  void set_error(Error&&) {
    self().refused();
  }

private:
  Self& self() {
    return static_cast<Self&>(*this);
  }
};

} // namespace detail

class json_writer : public detail::json_inspector_base<json_writer> {
public:
  static constexpr bool is_loading = false;
  static constexpr bool reads_state = true;
  static constexpr bool writes_state = false;

  explicit json_writer(nlohmann::json& out) : out_(out) {
  }

  using json_inspector_base::apply;
  template <class Get, class Set>
  bool apply(Get get, Set&&) {
    return value(get());
  }

  template <class T>
  bool value(const T& x) {
    return write_json(x, out_);
  }

  bool begin_object() {
    out_ = nlohmann::json::object();
    return true;
  }
  template <class Field>
  bool apply_field(Field& field) {
    return field.write(out_);
  }
  static bool refused() {
    return false;
  }

  template <class... Ts>
  bool values(Ts&... xs) {
    out_ = nlohmann::json::array();
    return (element(xs) && ...);
  }

private:
  template <class T>
  bool element(T& x) {
    if constexpr (compat::is_annotation<T>)
      return compat::run_annotation<false>(x);
    else
      return write_json(x, out_.emplace_back());
  }

  nlohmann::json& out_;
};

class json_reader : public detail::json_inspector_base<json_reader> {
public:
  static constexpr bool is_loading = true;
  static constexpr bool reads_state = false;
  static constexpr bool writes_state = true;

  json_reader(const nlohmann::json& in, json_reading& reading) : in_(in), reading_(reading) {
  }

  using json_inspector_base::apply;
  template <class Get, class Set>
  bool apply(Get get, Set set) {
    std::decay_t<decltype(get())> x{};
    return value(x) && (detail::succeeds(set, std::move(x)) || refused());
  }

  template <class T>
  bool value(T& x) {
    return read_json(in_, x, reading_);
  }

  bool begin_object() {
    return in_.is_object() || reading_.expected("an object", in_);
  }
  template <class Field>
  bool apply_field(Field& field) {
    return field.read(in_, reading_);
  }
  /// Always false; the problem of a nested value goes first.
  bool refused() {
    return reading_.problem.empty() ? reading_.fail("the value " + excerpt(in_) + " is not allowed") : false;
  }

  template <class... Ts>
  bool values(Ts&... xs) {
    constexpr size_t count = (size_t{!compat::is_annotation<Ts>} + ... + 0);
    if (!in_.is_array() || in_.size() != count)
      return reading_.expected("an array of " + std::to_string(count), in_);
    next_ = 0;
    return (element(xs) && ...);
  }

private:
  template <class T>
  bool element(T& x) {
    if constexpr (compat::is_annotation<T>) {
      return compat::run_annotation<true>(x);
    } else {
      const size_t index = next_++;
      return read_json(in_[index], x, reading_) || reading_.in_element(index);
    }
  }

  const nlohmann::json& in_;
  json_reading& reading_;
  size_t next_ = 0;
};

/// `inspect` takes its argument by reference, also where it only reads it.
template <class T>
struct json_conversion<T, json_form::inspected> {
  static bool write(const T& x, nlohmann::json& out) {
    json_writer writer{out};
    return inspect(writer, const_cast<T&>(x));
  }
  static bool read(const nlohmann::json& in, T& x, json_reading& reading) {
    json_reader reader{in, reading};
    return inspect(reader, x) || reader.refused();
  }
};

} // namespace tandem
