/// The stock of services of `tandem serve`.
#pragma once

#include "alarm_clock.hpp"
#include "transit.hpp"

#include "../../actors/servicer.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem::cli {

/// The tools that services work with.
struct service_tools {
  std::shared_ptr<alarm_clock> clock = std::make_shared<alarm_clock>();
  std::shared_ptr<transit> results = std::make_shared<transit>(); ///< told by a transit_link in front of the back
};

struct service_description {
  std::string name;
  std::string what; ///< for people, one line or two
};

/// In the order in which help lists them.
const std::vector<service_description>& service_descriptions();

/// All services. They expect to run in a work pool: `range` blocks while its results wait for the link.
std::shared_ptr<method_table> make_services(const service_tools& tools);

// -- one by one -------------------------------------------------------------------------------

method_table::method make_echo_service();
method_table::method make_fail_service();
method_table::method make_hash_service();
method_table::method make_range_service(std::shared_ptr<transit> results);
method_table::method make_sleep_service(std::shared_ptr<alarm_clock> clock);
method_table::method make_word_count_service();

} // namespace tandem::cli
