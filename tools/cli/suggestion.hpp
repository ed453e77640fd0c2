/// The name that somebody meant who wrote another one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// "; did you mean NAME?": the name that is most like `given`; empty if none is much like it.
std::string did_you_mean(std::string_view given, const std::vector<std::string>& names);

} // namespace tandem::cli
