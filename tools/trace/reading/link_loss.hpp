/// Which operations the loss of a link concerns.
#pragma once

#include <string_view>

namespace tandem::cli {

/// False if the details of a `lost` record name nodes, and `peer` is known and none of them: an end with many peers
/// goes on with the others. Nodes are names such as "host/4711".
bool loss_may_concern(std::string_view details, std::string_view peer) noexcept;

} // namespace tandem::cli
