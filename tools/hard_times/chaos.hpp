/// Operations of all kinds at the same time, for links that are cut meanwhile.
#pragma once

#include "ends.hpp"

namespace hard_times {

/// Says how many operations of each kind there were, and what was wrong.
nlohmann::json be_chaotic(const options& x);

} // namespace hard_times
