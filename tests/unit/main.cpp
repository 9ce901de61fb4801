// The unit tests' main(), which Catch2 version 2 leaves to its user.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
