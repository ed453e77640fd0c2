/// What a node is called, in traces and by the other side of a link, where its user gave it no name.
#pragma once

#include <string>

namespace tandem {

/// "HOST/PROCESS".
std::string default_node_name();

} // namespace tandem
