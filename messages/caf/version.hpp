/// Which CAF this is built with. The only header that looks at CAF's version number; everything else in
/// actors/compat uses these two names or asks the compiler what CAF offers.
#pragma once

#include <caf/config.hpp>
#if __has_include(<caf/version.hpp>)
#  include <caf/version.hpp>
#endif

#if defined(CAF_VERSION) && CAF_VERSION < 1800
#  define TANDEM_CAF_17 1
#else
#  define TANDEM_CAF_17 0
#endif

// CAF's main branch builds serializers from a codec for actor handles, its releases from the actor system.
#if __has_include(<caf/detail/default_actor_handle_codec.hpp>)
#  define TANDEM_HAS_HANDLE_CODEC 1
#else
#  define TANDEM_HAS_HANDLE_CODEC 0
#endif
