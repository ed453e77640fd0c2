/// The headers of the traces that a merged trace is made of, which stand in its own.
#pragma once

#include "../../../messages/trace/trace_entry.hpp"

#include <nlohmann/json.hpp>

namespace tandem::cli {

/// Those of the first level, objects all of them; they may have a list `merged` of their own. Empty if the trace is not
/// merged, or its list makes no sense.
inline nlohmann::json merged_headers(const trace_header& header) {
  auto result = nlohmann::json::array();
  if (header.merged.empty())
    return result;
  const auto list = nlohmann::json::parse(header.merged, nullptr, false);
  if (list.is_array())
    for (const auto& x : list)
      if (x.is_object())
        result.push_back(x);
  return result;
}

} // namespace tandem::cli
