/// Properties of the terminal at standard output, for commands that print for people.
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::cli {

enum class color_choice : uint8_t { automatic, always, never };

/// "auto", "always", "never".
std::optional<color_choice> parse_color_choice(std::string_view text) noexcept;

/// Adds --color. `out` must outlive `command`.
void add_color(CLI::App& command, color_choice& out);

/// Whether to print in colour: automatically on a terminal that can, unless NO_COLOR is set (no-color.org).
bool wants_color(color_choice choice);

/// The width of the terminal that standard output is, else 100.
size_t output_columns();

} // namespace tandem::cli
