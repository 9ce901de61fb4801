#include "core/number_text.h"

#include <catch2/catch.hpp>

namespace mesa {

TEST_CASE("a number's text is the shortest that reads back", "[core]") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(3e-4) == "0.0003");
  CHECK(number_text(9007199254740991) == "9007199254740991");
  CHECK(number_text(-2.5) == "-2.5");
  CHECK(number_text(0) == "0");
  CHECK(number_text(1e7) == "10000000");
  CHECK(number_text(123456.75) == "123456.75");
  CHECK(number_text(1e20) == "100000000000000000000");
  CHECK(number_text(1.5e21) == "1.5e+21");
  CHECK(number_text(2.5e-6) == "0.0000025");
  CHECK(number_text(1e-7) == "1e-7");
  for (const double value : {1.0 / 3, 2e-7, 1e22, 5e-324, 1.7976931348623157e308, 0.30000000000000004}) {
    CHECK(parse_number(number_text(value)) == value);
  }
}

TEST_CASE("a number's text is rounded to as many digits as are asked for", "[core]") {
  CHECK(number_text(2.9999999999999997e-4, 2) == "0.0003");
  CHECK(number_text(0.0125, 1) == "0.01");
  CHECK(number_text(10, 2) == "10");
  CHECK(number_text(100) == "100");
}

TEST_CASE("text that is not a finite decimal number is not read as one", "[core]") {
  CHECK(parse_number("-1.5e-3") == -0.0015);
  CHECK(parse_number("+2") == 2);
  CHECK(parse_number(".5") == 0.5);
  for (const char* text : {"", " 1", "1 ", "1e", "e5", "--1", "1.2.3", "0x10", "inf", "nan", "1e400", "-"}) {
    INFO(text);
    CHECK_FALSE(parse_number(text));
  }
}

}  // namespace mesa
