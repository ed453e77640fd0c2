/// Starting a CAF actor system that knows Tandem's messages and is set for low latency.
///
///     tandem::system_config config;                        // before anything else of CAF
///     if (auto error = config.parse(argc, argv)) return 1; // if CAF's and Tandem's options are wanted
///     caf::actor_system system{config};
#pragma once

#include "../messages/json/payload_json.hpp"
#include "../messages/type_ids.hpp"
#include "compat/system.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>

#include <istream>
#include <string>
#include <vector>

namespace tandem {

namespace detail {

/// Makes Tandem's types and CAF's own known.
void init_own_types();

} // namespace detail

/// Makes Tandem's types, CAF's own and those of `Blocks` known to CAF, and to payload_json.hpp if they can be JSON.
/// Call it before any actor_system_config is made, unless you use system_config; a second call does no harm.
template <class... Blocks>
void init_types() {
  detail::init_own_types();
  compat::init_types<Blocks...>();
  register_json_types<Blocks...>();
}

namespace detail {

/// A base, so that the types are known before caf::actor_system_config looks at them.
struct types_first {
  types_first();
};

} // namespace detail

/// A CAF configuration with Tandem's types, CAF's networking, and the settings that suit Tandem: the sharing scheduler,
/// network messages read by the network thread itself, and heartbeats, so that a peer that stalls is noticed. A value
/// that a user sets in the configuration file, on the command line, or by set() wins over these.
class system_config : private detail::types_first, public caf::actor_system_config {
public:
  system_config();

  /// Makes the types of a type-id block known, as init_types() does: `config.add_block<caf::id_block::my_app>()`. Call
  /// it before the actor system is made.
  template <class Block>
  system_config& add_block() {
    init_types<Block>();
    compat::add_types<Block>(*this);
    return *this;
  }

  /// As CAF's functions of this name. They also refuse, by an error that names the option and says what would be right,
  /// what CAF takes without a word: a configuration file that is named but cannot be read, values of Tandem's options
  /// that make no sense, durations that are too long to be counted, a scheduler without threads or turns, in which
  /// nothing would ever run, or with more than 4,096 threads, and one with a policy that CAF does not know.
  caf::error parse(std::vector<std::string> arguments, std::istream& file);
  caf::error parse(std::vector<std::string> arguments);
  caf::error parse(int argc, char** argv, std::istream& file);
  caf::error parse(int argc, char** argv);

  /// Whether CAF or Tandem has an option of this name, such as "tandem.link.window".
  bool has_option(const std::string& name) const;

  /// What the option of this name takes, for people, such as "a whole number"; empty if it is of a kind of its own, or
  /// there is no such option.
  std::string what_it_takes(const std::string& name) const;

  /// Whether the option of this name was set by the configuration file, the command line, or set().
  bool is_set(const std::string& name) const;

  /// The names in the category `tandem` that are not options, such as misspelt ones: CAF takes them without a word.
  std::vector<std::string> unknown_options() const;

  /// The categories that have values and no options, such as "tandm": CAF takes those, too, since a program may read
  /// them by itself.
  std::vector<std::string> unknown_categories() const;

private:
  /// Throw std::invalid_argument.
  void check_arguments(const std::vector<std::string>& arguments) const;
  void check_file(const std::vector<std::string>& arguments) const;
  void check_values() const;

  template <class Parse>
  caf::error parse_and_check(Parse parse);
};

/// What an error of parse() says, for people: without CAF's name of its kind where there is a text of its own.
std::string problem_of(const caf::error& x);

/// An option's name, such as "tandem.link.window", and its purpose.
struct option_description {
  std::string name;
  std::string what;
};

/// All of Tandem's options, for help texts.
std::vector<option_description> describe_options();

} // namespace tandem
