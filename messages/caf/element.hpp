/// The elements of a message, for code that does not know their types: the type of each, CAF's name of it, and its size
/// on the wire.
#pragma once

#include "message.hpp"
#include "version.hpp"

#include <caf/type_id.hpp>
#if TANDEM_CAF_17
#  include <caf/meta/load_callback.hpp>
#  include <caf/meta/save_callback.hpp>
#  include <caf/rtti_pair.hpp>
#endif

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <vector>

namespace tandem::compat {

/// A type that can be an element of a message. CAF 1.x knows types by number; CAF 0.17 only its own, others by RTTI.
struct element_type {
  uint16_t number = 0;
  const std::type_info* info = nullptr;

  friend bool operator==(const element_type& x, const element_type& y) {
    return x.number == y.number && (x.info == y.info || (x.info && y.info && *x.info == *y.info));
  }
};

/// The type of one element; `index` must be below content.size().
element_type type_of_element(const caf::message& content, size_t index);

/// The type that type_of_element returns for a T.
template <class T>
element_type element_type_of() {
#if TANDEM_CAF_17
  auto [number, info] = caf::make_rtti_pair<T>();
  return {number, info};
#else
  return {caf::type_id_v<T>, nullptr};
#endif
}

/// CAF's name of this type. CAF 0.17 has the names of registered types only in the actor system; there this is the C++
/// name for types that are not CAF's own.
std::string name_of(const element_type& type);

/// The name with which T was registered, the same on both versions; empty if T is not registered.
template <class T>
constexpr std::string_view registered_name() {
  if constexpr (requires { caf::type_name<T>::value; })
    return caf::type_name<T>::value;
  else
    return {};
}

/// How many bytes the value of one element takes on the wire, its type not included; 0 if it cannot be serialized
/// without an actor system. CAF 1.x puts actors into its registry when they are serialized, and so does this.
size_t size_of_element(const caf::message& content, size_t index) noexcept;

/// Calls f(std::type_identity<T>{}, name) for each standard container that can be in a message without having been
/// registered by anybody.
template <class Function>
void for_each_known_container(Function f) {
  f(std::type_identity<std::set<std::string>>{}, "std::set<std::string>");
#if TANDEM_CAF_17
  f(std::type_identity<std::vector<char>>{}, "std::vector<char>");
  f(std::type_identity<std::vector<std::string>>{}, "std::vector<std::string>");
  f(std::type_identity<std::map<std::string, std::string>>{}, "std::map<std::string, std::string>");
#endif
}

/// True for the arguments that CAF 0.17's inspect functions hand over beside values: type names, hints and callbacks.
template <class T>
inline constexpr bool is_annotation =
#if TANDEM_CAF_17
  caf::meta::is_annotation<std::remove_cvref_t<T>>::value;
#else
  false;
#endif

/// Runs an annotation that is a callback for loading (or else for saving); false if it reports an error.
template <bool Loading, class T>
bool run_annotation([[maybe_unused]] T& x) {
#if TANDEM_CAF_17
  using type = std::remove_const_t<T>;
  if constexpr (Loading ? caf::meta::is_load_callback<type>::value : caf::meta::is_save_callback<type>::value)
    return !x.fun();
#endif
  return true;
}

} // namespace tandem::compat

template <>
struct std::hash<tandem::compat::element_type> {
  size_t operator()(const tandem::compat::element_type& x) const noexcept {
    return x.info ? x.info->hash_code() : x.number;
  }
};
