/* Maps of basins that the explorer has begun: an answer may take a second, a map may need more.
 *
 * The last few maps are kept, complete or not, by the options that they depend on, and go on where
 * they were left when they are asked for again.  Thread-safe; a map at work belongs to one answer,
 * and another one that asks for the same meanwhile begins anew.
 * Memory: explore_maps_free(); EXPLORE_SIDE_MOST and EXPLORE_UNKNOWNS_MOST bound it.
 * Errors: NULL, out of memory. */
#ifndef CLI_EXPLORE_BASIN_H
#define CLI_EXPLORE_BASIN_H

struct explore_maps; /* opaque */

struct explore_maps *explore_basin_maps(void);
void explore_basin_free(struct explore_maps *maps); /* NULL is allowed */

#endif
