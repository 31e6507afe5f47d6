/* Keyed random streams: a value, not a global.
 *
 * A stream is keyed by (seed, key, index) and counts its own draws, so no result depends on
 * threads, on order or on how many draws another stream made.  Philox4x32-10 of Random123 (Salmon
 * et al. 2011). A stream holds 2^33 words of 64 bits; beyond that it repeats.  Memory: none.
 * Errors: none. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stddef.h>
#include <stdint.h>

struct stream {
    uint64_t seed;  /* chosen by the user and printed */
    uint64_t key;   /* what is drawn: stream_key("theorem id") */
    uint64_t index; /* which trial */
    uint32_t drawn; /* blocks of four words used so far */
    uint32_t word[4];
    unsigned left; /* words of the block not yet used */
};

struct stream stream_at(uint64_t seed, uint64_t key, uint64_t index);

/* A 64-bit key of a name (FNV-1a). */
uint64_t stream_key(const char *name);

uint64_t stream_word(struct stream *stream); /* uniform on 0..2^64-1 */
void stream_words(struct stream *stream, size_t count,
                  uint64_t *list); /* the next `count` words, as by stream_word() */
uint64_t stream_below(struct stream *stream,
                      uint64_t bound);        /* uniform on 0..bound-1, unbiased; bound > 0 */
double stream_uniform(struct stream *stream); /* uniform on (0, 1), 53 bits */
double stream_between(struct stream *stream, double low,
                      double high); /* uniform on (low, high), low < high, high - low finite */
double stream_normal(struct stream *stream); /* standard normal */

/* list[count]: `scale` times standard normal numbers. */
void stream_normals(struct stream *stream, size_t count, double scale, double *list);

#endif
