/// The page that `tandem trace html` writes, as the build made it from page/.
#pragma once

#include <string_view>

namespace tandem::cli {

/// HTML with `page_data_mark` where the data belong; empty if the program was built without Node.js and npm.
std::string_view trace_page() noexcept;

inline constexpr std::string_view page_data_mark = "TANDEM-TRACE-DATA";

} // namespace tandem::cli
