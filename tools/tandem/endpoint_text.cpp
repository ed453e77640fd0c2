#include "endpoint_text.hpp"

#include <algorithm>
#include <charconv>

namespace tandem::cli {

std::optional<endpoint> parse_endpoint(std::string_view text) {
  if (text.starts_with(unix_prefix))
    return text.size() > unix_prefix.size() ? std::optional{endpoint{std::string{text}, 0}} : std::nullopt;
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  else if (host.find_first_of("[]:") != std::string_view::npos)
    return std::nullopt; // such as an IPv6 address without brackets: its last part is no port
  uint16_t port = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, port);
  if (host.empty() || error != std::errc{} || rest != end || port == 0)
    return std::nullopt;
  return endpoint{std::string{host}, port};
}

std::optional<std::vector<endpoint>> parse_endpoints(std::string_view text) {
  std::vector<endpoint> result;
  for (;;) {
    const auto comma = text.find(',');
    auto one = parse_endpoint(text.substr(0, comma));
    if (!one || std::find(result.begin(), result.end(), *one) != result.end())
      return std::nullopt;
    result.push_back(std::move(*one));
    if (comma == std::string_view::npos)
      return result;
    text.remove_prefix(comma + 1);
  }
}

std::string write_endpoints(const std::vector<endpoint>& x) {
  std::string result;
  for (const auto& one : x)
    result += (result.empty() ? "" : ",") + to_string(one);
  return result;
}

} // namespace tandem::cli
