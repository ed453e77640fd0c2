/// The name of a node, in traces and at the other side of a link, where its user gave it none.
#pragma once

#include <string>

namespace tandem {

/// "HOST/PROCESS": the host's name and this process's number. Any thread.
std::string default_node_name();

} // namespace tandem
