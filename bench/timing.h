/* Clocks and medians, for the benchmarks.
 *
 * Units: seconds.  Memory, errors: none. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

/* CLOCK_PROCESS_CPUTIME_ID: of this program on all threads; CLOCK_MONOTONIC: by the clock on the
 * wall. */
static inline double timing_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int timing_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of times[count], which become ascending. */
static inline double timing_median(size_t count, double *times)
{
    qsort(times, count, sizeof *times, timing_compare);
    return times[count / 2];
}

#endif
