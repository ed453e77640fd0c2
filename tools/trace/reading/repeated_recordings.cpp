#include "repeated_recordings.hpp"

#include "../../cli/text.hpp"
#include "merged_headers.hpp"

#include <map>
#include <ostream>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace tandem::cli {

namespace {

/// What makes a recording, or a part of one, one of its own.
using identity = std::tuple<std::string, std::string, std::string, int64_t, uint64_t>;

template <class T>
T value_of(const nlohmann::json& header, const char* name, T fallback) {
  const auto found = header.find(name);
  if (found == header.end())
    return fallback;
  if constexpr (std::is_same_v<T, std::string>)
    return found->is_string() ? found->get<std::string>() : fallback;
  else
    return found->is_number_integer() ? found->get<T>() : fallback;
}

/// Of those that a file begins with, or that it is merged of.
std::vector<identity> recordings_of(const trace_header& header) {
  if (header.merged.empty())
    return {{header.node, header.side, header.link, header.start_wall_ns, header.part}};
  std::vector<identity> result;
  for (const auto& x : merged_headers(header))
    result.emplace_back(value_of(x, "node", std::string{}), value_of(x, "side", std::string{}),
                        value_of(x, "link", std::string{}), value_of(x, "start_wall_ns", int64_t{0}),
                        value_of(x, "part", uint64_t{0}));
  return result;
}

} // namespace

void note_repeated_recordings(const trace_input& input, std::ostream& notes) {
  std::map<identity, size_t> known;
  for (size_t i = 0; i < input.files().size(); ++i) {
    const auto* header = input.header_of(i);
    if (header == nullptr)
      continue;
    for (auto& x : recordings_of(*header)) {
      const auto [found, is_new] = known.try_emplace(std::move(x), i);
      if (is_new || found->second == i) // one merged trace may have several of one end
        continue;
      notes << "tandem: " << printable(input.name_of(i)) << " has a recording that "
            << printable(input.name_of(found->second)) << " has, too: its records count twice\n";
      break;
    }
  }
}

} // namespace tandem::cli
