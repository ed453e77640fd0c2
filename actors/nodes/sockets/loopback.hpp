/// Which addresses other machines cannot reach.
#pragma once

#include <string>

namespace tandem {

/// Whether `address` stands for this machine alone: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(const std::string& address);

} // namespace tandem
