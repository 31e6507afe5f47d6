/* SHA-256 (FIPS 180-4), of bytes in memory, as small hexadecimal digits. */
#ifndef CHECKER_SHA256_H
#define CHECKER_SHA256_H

#include <stddef.h>

enum { SHA256_DIGITS = 64 };

void sha256(size_t length, const char *bytes, char digits[SHA256_DIGITS + 1]);

#endif
