#include "link_loss.hpp"

#include <algorithm>

namespace tandem::cli {

namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "host/4711".
bool is_node(std::string_view word) noexcept {
  const auto slash = word.rfind('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < word.size()
         && std::all_of(word.begin() + static_cast<std::ptrdiff_t>(slash) + 1, word.end(), is_digit);
}

} // namespace

bool loss_may_concern(std::string_view details, std::string_view peer) noexcept {
  if (peer.empty())
    return true;
  bool names_others = false;
  while (!details.empty()) {
    auto word = details.substr(0, details.find(' '));
    details.remove_prefix(std::min(word.size() + 1, details.size()));
    while (!word.empty() && std::string_view{":,.;)\""}.find(word.back()) != std::string_view::npos)
      word.remove_suffix(1);
    if (word == peer)
      return true;
    names_others = names_others || is_node(word);
  }
  return !names_others;
}

} // namespace tandem::cli
