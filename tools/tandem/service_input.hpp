/// How services take their input.
#pragma once

#include "../../actors/consumer.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tandem::cli {

/// The text in a payload; throws std::runtime_error "`usage`, got ..." if it is anything else. `usage` says what the
/// service takes.
const std::string& text_of(const payload& content, const std::string& usage);

/// A consumer for a service that takes exactly one text: `run` is called with it at the end of the input, so that a
/// wrong input is reported before there are results. It answers any other input by an exception as above.
std::shared_ptr<consumer> take_one_text(std::string usage, std::function<void(const std::string&)> run);

} // namespace tandem::cli
