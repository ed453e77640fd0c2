/// A rule that holds in several states, or for several events, is one overload that names them.
#pragma once

#include <concepts>
#include <variant>

namespace tandem::core {

template <class T, class... Ts>
concept one_of = (std::same_as<T, Ts> || ...);

template <class T, class Variant>
inline constexpr bool is_alternative = false;

template <class T, class... Ts>
inline constexpr bool is_alternative<T, std::variant<Ts...>> = one_of<T, Ts...>;

} // namespace tandem::core
