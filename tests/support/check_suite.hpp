/// The suite of links (actors/testing/link_suite.hpp) as part of a test.
#pragma once

#include "../../actors/testing/link_suite.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace tandem_test {

inline void check_suite(const std::function<tandem::link_under_test()>& make, tandem::link_suite_options options = {}) {
  for (const auto& finding : tandem::run_link_suite(make, options))
    FAIL_CHECK(finding);
}

} // namespace tandem_test
