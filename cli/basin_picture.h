/* Figures of a basin: the map of its classes, and one of each of its values.
 *
 * Files in the directory of the manifest: basin.gp, basin.rgb, basin.pdf, .png, .svg, shaded by the
 * value "time" if there is one; where the map is refined, points are as fine as a picture can show; basin-VALUE.* the same of each of the
 * first six values.  Of a box one layer is drawn;
 * lines and random ensembles have no figure.
 * Memory: that of a picture.  Errors: those of plots/map.h and of the reader of the basin; a missing
 * gnuplot is a line on stderr. */
#ifndef CLI_BASIN_PICTURE_H
#define CLI_BASIN_PICTURE_H

#include "cli/basin_finer.h"
#include "cli/manifest.h"
#include "ode/basin_statistics.h"
#include "plots/map.h"

struct basin_picture {
    const char *caption[MAP_CAPTIONS]; /* plain text; may be NULL */
    const struct basin_share *share;   /* [classes], or NULL */
    size_t layer;                      /* of a box */
    struct basin_finer *finer;         /* or NULL */
    size_t curves;
    const struct map_curve *curve; /* [curves], drawn over the map */
    size_t points;
    const struct portrait_point *point; /* [points] */
};

enum status basin_picture_save(const struct basin *basin, const struct basin_picture *picture,
                               struct manifest *manifest) MUST_CHECK;

#endif
