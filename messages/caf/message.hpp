/// caf::message and caf::make_message, whichever headers they are in.
#pragma once

#include "version.hpp"

#include <caf/message.hpp>
#if TANDEM_CAF_17
#  include <caf/make_message.hpp>
#endif
