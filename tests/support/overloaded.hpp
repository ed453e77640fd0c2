/// Several lambdas as one, for std::visit.
#pragma once

namespace tandem_test {

template <class... Functions>
struct overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions> // for clang 14
overloaded(Functions...)->overloaded<Functions...>;

} // namespace tandem_test
