/// Joins a front and a back in one process. Keeps the order in each direction, works with either side joined first, and
/// copies no payload (S-STATS-5).
///
///     join(front, std::make_shared<in_memory_link>(), back);   // or join(front, back), which makes one
#pragma once

#include "relay_link.hpp"

namespace tandem {

class in_memory_link final : public relay_link {};

} // namespace tandem
