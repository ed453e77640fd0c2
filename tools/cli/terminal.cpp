#include "terminal.hpp"

#include "command_options.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tandem::cli {

std::optional<color_choice> parse_color_choice(std::string_view text) noexcept {
  if (text == "auto")
    return color_choice::automatic;
  if (text == "always")
    return color_choice::always;
  if (text == "never")
    return color_choice::never;
  return std::nullopt;
}

void add_color(CLI::App& command, color_choice& out) {
  add_parsed(command, "--color", into(out), "WHEN", parse_color_choice, "auto, always or never",
             "print in colour: auto (default: on a terminal, unless NO_COLOR is set), always, never");
}

bool wants_color(color_choice choice) {
  if (choice != color_choice::automatic)
    return choice == color_choice::always;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0')
         && (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

void add_columns(CLI::App& command, std::optional<size_t>& out) {
  command
    .add_option("--columns", out,
                "how wide lines may be, 0 for no limit; else: as COLUMNS says, or the terminal; no limit in a pipe")
    ->type_name("N")
    ->check(whole_number(0, 1'000'000));
}

size_t output_columns(const std::optional<size_t>& wanted) {
  if (wanted)
    return *wanted == 0 ? unlimited_columns : *wanted;
  if (const char* text = std::getenv("COLUMNS")) {
    size_t columns = 0;
    const auto* end = text + std::strlen(text);
    if (const auto [rest, error] = std::from_chars(text, end, columns);
        error == std::errc{} && rest == end && columns > 0)
      return columns;
  }
  winsize size{};
  if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return unlimited_columns;
}

} // namespace tandem::cli
