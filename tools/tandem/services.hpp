/// The stock of services of `tandem serve`.
#pragma once

#include "alarm_clock.hpp"

#include "../../actors/servicer.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem::cli {

/// The tools that services work with.
struct service_tools {
  std::shared_ptr<alarm_clock> clock = std::make_shared<alarm_clock>();
};

struct service_description {
  std::string name;
  std::string what; ///< for people, one line or two
};

/// In the order in which help lists them.
const std::vector<service_description>& service_descriptions();

/// All services. They send no faster than their fronts take results, and block no thread for that.
std::shared_ptr<method_table> make_services(const service_tools& tools);

// -- one by one -------------------------------------------------------------------------------

method_table::method make_echo_service();
method_table::method make_fail_service();
method_table::method make_hash_service();
method_table::method make_range_service();
method_table::method make_sleep_service(std::shared_ptr<alarm_clock> clock);
method_table::method make_word_count_service();

} // namespace tandem::cli
