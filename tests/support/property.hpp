/// Properties of rapidcheck as checks of doctest. A property that fails prints the value of RC_PARAMS with which it can
/// be repeated.
#pragma once

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <sstream>
#include <string>
#include <utility>

namespace tandem_test {

/// Generates numbers from `least` to below `bound`, all equally likely in every case. (rapidcheck's own ranges grow
/// from case to case, as lengths should.)
template <class T>
rc::Gen<T> numbers_between(T least, T bound) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(least, bound));
}

/// One such number.
template <class T>
T any_between(T least, T bound) {
  return *numbers_between<T>(least, bound);
}

/// One from 0 to below `bound`.
inline size_t any_below(size_t bound) {
  return any_between<size_t>(0, bound);
}

/// Tries `property` with so many random inputs, which do not get larger than `size`.
template <class Property>
void check_property(const std::string& name, int cases, int size, Property&& property) {
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = name;
  auto params = rc::detail::configuration().testParams;
  params.maxSuccess = cases;
  params.maxSize = size;
  const auto result = rc::detail::checkTestable(std::forward<Property>(property), metadata, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  CHECK_MESSAGE(result.template is<rc::detail::SuccessResult>(), text.str());
}

} // namespace tandem_test
