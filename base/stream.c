/* Keyed random streams on Philox4x32-10, a bijection of 128-bit counters under a 64-bit key.
 *
 * Block number `drawn` of the stream (seed, key, index) is
 *     philox(counter = (index, drawn, d2),  key = (d0, d1)),   d = philox(counter = (key, 0), key =
 * seed), so a first Philox block turns (seed, key) into 96 bits that separate the streams, and the
 * index and the block number are counted as they are: within one (seed, key) no two blocks share a
 * counter. A word is computed from its position alone; nothing depends on the order in which
 * streams are read.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
 * Rejected: a sequential generator with a seed per trial, whose streams may overlap and whose state
 * must be stored to resume. */
#include "base/stream.h"

#include <Random123/philox.h>
#include <assert.h>
#include <math.h>

static const uint64_t FNV_OFFSET = 14695981039346656037u; /* of 64-bit FNV-1a: Fowler, Noll, Vo */
static const uint64_t FNV_PRIME = 1099511628211u;

enum {
    WORD_BITS = 32,     /* of Philox */
    MANTISSA_BITS = 53, /* of a double */
    BLOCK_WORDS = 4
};

static const double TWO_PI = 6.283185307179586476925; /* rounded to a double by the compiler */

static uint32_t low_half(uint64_t word)
{
    return (uint32_t)word;
}

static uint32_t high_half(uint64_t word)
{
    return (uint32_t)(word >> WORD_BITS);
}

static philox4x32_ctr_t separator(const struct stream *stream)
{
    const philox4x32_ctr_t counter = {{low_half(stream->key), high_half(stream->key), 0, 0}};
    const philox4x32_key_t key = {{low_half(stream->seed), high_half(stream->seed)}};
    return philox4x32(counter, key);
}

static philox4x32_ctr_t block_at(const struct stream *stream, philox4x32_ctr_t d, uint32_t drawn)
{
    const philox4x32_ctr_t counter = {
        {low_half(stream->index), high_half(stream->index), drawn, d.v[2]}};
    const philox4x32_key_t key = {{d.v[0], d.v[1]}};
    return philox4x32(counter, key);
}

static void next_block(struct stream *stream)
{
    const philox4x32_ctr_t block = block_at(stream, separator(stream), stream->drawn);
    for (int i = 0; i < BLOCK_WORDS; i++)
        stream->word[i] = block.v[i];
    stream->drawn++;
    stream->left = BLOCK_WORDS;
}

struct stream stream_at(uint64_t seed, uint64_t key, uint64_t index)
{
    return (struct stream){.seed = seed, .key = key, .index = index};
}

uint64_t stream_key(const char *name)
{
    uint64_t hash = FNV_OFFSET;
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * FNV_PRIME;
    return hash;
}

uint64_t stream_word(struct stream *stream)
{
    if (stream->left < 2)
        next_block(stream);
    const unsigned first = BLOCK_WORDS - stream->left;
    stream->left -= 2;
    return stream->word[first] | (uint64_t)stream->word[first + 1] << WORD_BITS;
}

/* A block that is begun is finished and one that is not used up is begun by stream_word(); those
 * between are independent of each other. */
void stream_words(struct stream *stream, size_t count, uint64_t *list)
{
    const philox4x32_ctr_t d = separator(stream);
    size_t i = 0;
    while (i < count && stream->left >= 2)
        list[i++] = stream_word(stream);
    for (; i + 2 <= count; i += 2, stream->drawn++) {
        const philox4x32_ctr_t block = block_at(stream, d, stream->drawn);
        list[i] = block.v[0] | (uint64_t)block.v[1] << WORD_BITS;
        list[i + 1] = block.v[2] | (uint64_t)block.v[3] << WORD_BITS;
    }
    while (i < count)
        list[i++] = stream_word(stream);
}

/* 2^64 = q bound + r; the r smallest words are drawn again, so that each remainder has q words. */
uint64_t stream_below(struct stream *stream, uint64_t bound)
{
    assert(bound > 0);
    const uint64_t r = (0 - bound) % bound;
    uint64_t word = stream_word(stream);
    while (word < r)
        word = stream_word(stream);
    return word % bound;
}

/* k/2^53 with k uniform on 1..2^53-1: zero is drawn again, one cannot occur. */
double stream_uniform(struct stream *stream)
{
    uint64_t k = 0;
    while (k == 0)
        k = stream_word(stream) >> (2 * WORD_BITS - MANTISSA_BITS);
    return ldexp((double)k, -MANTISSA_BITS);
}

/* The interpolation may round to an end, which is moved inside by one double. */
double stream_between(struct stream *stream, double low, double high)
{
    assert(low < high && isfinite(high - low));
    const double x = low + (high - low) * stream_uniform(stream);
    if (x <= low)
        return nextafter(low, high);
    return x < high ? x : nextafter(high, low);
}

/* Box and Muller's transformation; the second variate is not kept, so that a draw has no memory. */
double stream_normal(struct stream *stream)
{
    const double u = stream_uniform(stream), v = stream_uniform(stream);
    return sqrt(-2 * log(u)) * cos(TWO_PI * v);
}

void stream_normals(struct stream *stream, size_t count, double scale, double *list)
{
    for (size_t k = 0; k < count; k++)
        list[k] = scale * stream_normal(stream);
}
