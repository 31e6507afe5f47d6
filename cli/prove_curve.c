/* Tables of the bifurcation curve: the closed form, and counts at rational points of a grid.
 *
 * For other c1 and beta the plane is that of K and c1 alpha/beta.  On the curve itself,
 * parametrised by the double zero -h, K = -3 h^2/2 and alpha = h^3 are rational with h, so that
 * the marks on it are exact, too. */
#include "cli/prove_curve.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "exact/discriminant.h"
#include "plots/bifurcation.h"

#include <math.h>

/* The window, in units of 1/GRAIN; the curve leaves it at its left border. */
enum { GRAIN = 4, LEFT = -12, RIGHT = 6, REACH = 12, CURVE_POINTS = 400, MARKS = 4 };

/* h of the marks on the curve, in units of 1/GRAIN */
static const slong marked[MARKS] = {-5, -2, 2, 5};

static double number_of(const fmpq_t x)
{
    return fmpq_get_d(x);
}

static void point_row(struct table *table, const struct discriminant_point *at)
{
    table_number(table, number_of(at->K));
    table_number(table, number_of(at->alpha));
    table_number(table, discriminant_equilibria_by_zeros(at));
    table_end_row(table);
}

static void grid_rows(struct table *table, struct discriminant_point *at)
{
    for (slong K = LEFT + 1; K < RIGHT; K++)
        for (slong alpha = 1 - REACH; alpha < REACH; alpha++) {
            fmpq_set_si(at->K, K, GRAIN);
            fmpq_set_si(at->alpha, alpha, GRAIN);
            point_row(table, at);
        }
}

/* K = -3 h^2/2, alpha = h^3 */
static void curve_marks(struct table *table, struct discriminant_point *at)
{
    for (size_t i = 0; i < MARKS; i++) {
        const slong h = marked[i];
        fmpq_set_si(at->K, -3 * h * h, 2 * GRAIN * GRAIN);
        fmpq_set_si(at->alpha, h * h * h, GRAIN * GRAIN * GRAIN);
        point_row(table, at);
    }
}

static enum status points_save(const char *directory)
{
    struct table *table;
    struct discriminant_point at;
    TRY(table_open(directory, "discriminant-points.tsv", "K alpha equilibria", &table));
    discriminant_point_init(&at);
    fmpq_one(at.c1);
    fmpq_one(at.beta);
    grid_rows(table, &at);
    curve_marks(table, &at);
    discriminant_point_clear(&at);
    return table_close(table);
}

/* K and the two alpha of the curve, from the cusp on */
static enum status curve_save(const char *directory)
{
    struct table *table;
    TRY(table_open(directory, "discriminant.tsv", "K alpha_low alpha_high", &table));
    for (int k = CURVE_POINTS; k >= 0; k--) {
        const double K = (double)LEFT / GRAIN * k / CURVE_POINTS;
        const double alpha = sqrt(-8 * K * K * K / 27); /* 8 K^3 + 27 alpha^2 = 0 */
        table_number(table, K);
        table_number(table, -alpha);
        table_number(table, alpha);
        table_end_row(table);
    }
    return table_close(table);
}

enum status prove_curve_save(struct manifest *manifest)
{
    const char *directory = manifest_directory(manifest);
    TRY(curve_save(directory));
    TRY(points_save(directory));
    manifest_output(manifest, "discriminant.tsv");
    manifest_output(manifest, "discriminant-points.tsv");
    const struct bifurcation_figure figure = {
        .directory = directory,
        .title = "Equilibria of A[1,1,1] on the leaf K = c1 a2 - a1^2/2",
        .caption = "c1 = beta = 1; for others read c1 alpha/beta. Counts are exact.",
        .window = {(double)LEFT / GRAIN, (double)RIGHT / GRAIN, -(double)REACH / GRAIN,
                   (double)REACH / GRAIN},
        .axis = {"K", "alpha"}};
    return drawing_finish(manifest, "discriminant", bifurcation_draw(&figure));
}
