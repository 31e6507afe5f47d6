/* The secure hash of FIPS 180-4, section 6.2, written from the standard.  It finds files that were damaged;
 * that a file was altered on purpose is found by the proof. */
#include "checker/sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, WORDS = 8, ROUNDS = 64, SCHEDULED = 16, WORD = 4, BYTE = 8, LENGTH_AT = 56 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* Those of the square roots of the first 8 primes. */
static const uint32_t initial[WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static uint32_t rotated(uint32_t x, unsigned n)
{
    return x >> n | x << (32u - n);
}

static void schedule(const unsigned char block[BLOCK], uint32_t W[ROUNDS])
{
    for (size_t t = 0; t < SCHEDULED; t++) {
        W[t] = 0;
        for (size_t k = 0; k < WORD; k++)
            W[t] = W[t] << BYTE | block[WORD * t + k];
    }
    for (size_t t = SCHEDULED; t < ROUNDS; t++) {
        uint32_t x = W[t - 15], y = W[t - 2];
        uint32_t s0 = rotated(x, 7) ^ rotated(x, 18) ^ x >> 3;
        uint32_t s1 = rotated(y, 17) ^ rotated(y, 19) ^ y >> 10;
        W[t] = s1 + W[t - 7] + s0 + W[t - SCHEDULED];
    }
}

static void digest(uint32_t H[WORDS], const unsigned char block[BLOCK])
{
    uint32_t W[ROUNDS], v[WORDS];
    schedule(block, W);
    memcpy(v, H, sizeof v);
    for (size_t t = 0; t < ROUNDS; t++) {
        uint32_t a = v[0], e = v[4];
        uint32_t S1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        uint32_t choice = (e & v[5]) ^ (~e & v[6]);
        uint32_t T1 = v[7] + S1 + choice + K[t] + W[t];
        uint32_t S0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        uint32_t majority = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, sizeof v - sizeof *v);
        v[4] += T1;
        v[0] = T1 + S0 + majority;
    }
    for (size_t k = 0; k < WORDS; k++)
        H[k] += v[k];
}

/* What is left, a bit 1, zeros, and the number of bits in eight bytes. */
static void digest_rest(uint32_t H[WORDS], size_t length, const char *rest)
{
    unsigned char block[BLOCK] = {0};
    size_t left = length % BLOCK;
    memcpy(block, rest, left);
    block[left] = 0x80;
    if (left >= LENGTH_AT) {
        digest(H, block);
        memset(block, 0, sizeof block);
    }
    uint64_t bits = (uint64_t)length * BYTE;
    for (size_t k = BLOCK; k-- > LENGTH_AT; bits >>= BYTE)
        block[k] = (unsigned char)(bits & 0xff);
    digest(H, block);
}

void sha256(size_t length, const char *bytes, char digits[SHA256_DIGITS + 1])
{
    uint32_t H[WORDS];
    memcpy(H, initial, sizeof H);
    size_t at = 0;
    for (; length - at >= BLOCK; at += BLOCK)
        digest(H, (const unsigned char *)bytes + at);
    digest_rest(H, length, bytes + at);
    for (size_t k = 0; k < WORDS; k++)
        snprintf(digits + k * 2 * WORD, 2 * WORD + 1, "%08lx", (unsigned long)H[k]);
}
