/// One way to write `inspect` for both CAF versions: the 1.x way, with named fields.
///
///     template <class Inspector>
///     tandem::compat::inspect_result<Inspector> inspect(Inspector& f, point& x) {
///       decltype(auto) g = tandem::compat::adapt(f);
///       return g.object(x).fields(g.field("x", x.x), g.field("y", x.y));
///     }
///
/// The same function serves CAF's serializers and Tandem's JSON (messages/json/payload_json.hpp). Enums:
///
///     template <tandem::compat::enum_inspector Inspector>
///     bool inspect(Inspector& f, colour& x) { return tandem::compat::inspect_enum(f, x); }
///
/// with `to_string`, `from_string` and `from_integer` found by argument-dependent look-up, as CAF 1.x wants them.
#pragma once

#include "version.hpp"

#include <caf/message.hpp>
#include <caf/type_id.hpp>

#include <optional>
#include <type_traits>
#include <utility>
#if TANDEM_CAF_17
#  include <caf/error.hpp>
#  include <caf/meta/type_name.hpp>
#  include <caf/sec.hpp>
#else
#  include <caf/default_enum_inspect.hpp>
#endif

namespace tandem::compat {

/// True for inspectors that have object(), field() and enumeration() themselves: those of CAF 1.x, and ours.
template <class Inspector>
concept field_inspector =
#if TANDEM_CAF_17
  requires {
  typename Inspector::has_named_fields;
};
#else
  true;
#endif

#if TANDEM_CAF_17

namespace detail {

/// CAF 0.17 knows no std::optional: a bool, then the value if there is one.
template <class T>
struct optional_proxy {
  std::optional<T>& value;
};

/// CAF 0.17 loses the load error of a nested message: its free serialize() returns nothing, so a cut payload would
/// read as an empty one. Loading by hand keeps the error. It makes an error of an exception, too: customers' values are
/// in there, and what leaves an `inspect` in CAF's network thread ends its broker.
struct message_proxy {
  caf::message& value;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, message_proxy& x) {
  if constexpr (std::is_void_v<typename Inspector::result_type>)
    f(x.value);
  else if constexpr (Inspector::writes_state)
    try {
      return x.value.load(f);
    } catch (...) {
      return caf::make_error(caf::sec::runtime_error, "an exception of the inspect of a value in a message");
    }
  else
    return x.value.save(f);
}

template <class T>
T& by_proxy(T& x) {
  return x;
}

template <class T>
optional_proxy<T> by_proxy(std::optional<T>& x) {
  return {x};
}

inline message_proxy by_proxy(caf::message& x) {
  return {x};
}

/// Whether there is a value, and then what `inspect_value` makes of it. `inspect_value` is not called where people are
/// to read the result.
template <class Inspector, class T, class Function>
typename Inspector::result_type inspect_optional(Inspector& f, std::optional<T>& x, Function inspect_value) {
  if constexpr (std::is_void_v<typename Inspector::result_type>) {
    if (x)
      f(*x);
    else
      f("none");
  } else {
    bool present = x.has_value();
    if (auto err = f(present))
      return err;
    if constexpr (Inspector::writes_state) {
      x.reset();
      if (present)
        x.emplace();
    }
    if (!present)
      return caf::none;
    return inspect_value(*x);
  }
}

template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, optional_proxy<T>& x) {
  return inspect_optional(f, x.value, [&f](auto& value) {
    auto&& proxy = by_proxy(value);
    return f(proxy);
  });
}

template <class T>
struct named_field {
  const char* name;
  T& value;
};

template <class Inspector>
struct object_adaptor {
  Inspector& f;
  const char* name;

  template <class... Ts>
  auto fields(named_field<Ts>... xs) {
    return apply(by_proxy(xs.value)...);
  }

private:
  template <class... Ts>
  auto apply(Ts&&... xs) {
    return f(caf::meta::type_name(name), xs...);
  }
};

template <class Inspector>
struct inspector_adaptor {
  Inspector& f;

  template <class T>
  object_adaptor<Inspector> object(T&) {
    if constexpr (requires { caf::type_name<T>::value; })
      return {f, caf::type_name<T>::value};
    else
      return {f, "anonymous"};
  }

  template <class T>
  named_field<T> field(const char* name, T& value) {
    return {name, value};
  }
};

} // namespace detail

/// The result type of an `inspect` function.
template <class Inspector>
using inspect_result = typename Inspector::result_type;

/// CAF 0.17 handles enums itself; an `inspect` for them would be ambiguous there.
template <class Inspector>
concept enum_inspector = field_inspector<Inspector>;

/// Gives `f` the shape of a CAF 1.x inspector.
template <class Inspector>
decltype(auto) adapt(Inspector& f) {
  if constexpr (field_inspector<Inspector>)
    return (f);
  else
    return detail::inspector_adaptor<Inspector>{f};
}

template <class Inspector, class Enum>
bool inspect_enum(Inspector& f, Enum& x) {
  return f.enumeration(x);
}

#else

template <class Inspector>
using inspect_result = bool;

template <class Inspector>
concept enum_inspector = true;

template <class Inspector>
Inspector& adapt(Inspector& f) {
  return f;
}

template <class Inspector, class Enum>
bool inspect_enum(Inspector& f, Enum& x) {
  if constexpr (requires { f.enumeration(x); })
    return f.enumeration(x);
  else
    return caf::default_enum_inspect(f, x);
}

#endif

} // namespace tandem::compat
