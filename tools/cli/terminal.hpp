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

/// How wide lines are that nobody limits.
inline constexpr size_t unlimited_columns = SIZE_MAX;

/// Adds --columns. `out` must outlive `command`.
void add_columns(CLI::App& command, std::optional<size_t>& out);

/// How wide lines may be: as `wanted`, where 0 is without limit; else as COLUMNS in the environment says; else as the
/// terminal is that standard output is; else, for a file or a pipe, without limit.
size_t output_columns(const std::optional<size_t>& wanted);

} // namespace tandem::cli
