/* The theorem of the walk, (TR2) and (TR3), which is (CT2), term by term.
 *
 * Along a piece the defect f(p) - p' is a polynomial in v whose coefficients are computed in balls, so
 * that what cancels has cancelled: |defect| <= sum_j |q_j|_B.  Products are cut at the degree of the
 * pieces, and what is cut off widens the constant coefficient, because 0 <= v <= 1.  The logarithmic norm is bounded on the hull
 * of the piece widened by its tube.  With theta >= exp(growth h) the radius grows to
 *
 *     theta radius + max(1, theta) defect h,   provided max(1, theta) (radius + defect h) < tube.
 *
 * theta is a rational bound, as it is in notes/certificates.md, so that nothing here is sharper than
 * what a reader of the file will find. */
#include "exact/trap_walk.h"

#include "exact/definite.h"

#include <math.h>
#include <stdlib.h>

enum {
    GUARD = 64, /* bits beyond those of the coefficients */
    SHORT = 64  /* bits of bounds */
};

/* ---- memory ---- */

enum status trap_walk_create(const struct premise *premise, const struct program *program,
                             slong scale, slong order, struct trap_walk **walk)
{
    struct trap_walk *w = calloc(1, sizeof *w);
    const slong n = (slong)program->n;
    if (!w || !(w->poly = calloc(program->field_nodes, sizeof *w->poly))) {
        free(w);
        return status_fail(NO_MEMORY, "a walk of %ld unknowns", (long)n);
    }
    w->premise = premise;
    w->program = program;
    w->scale = scale;
    w->order = order;
    w->prec = scale + GUARD;
    arf_init(w->radius);
    w->x = _arb_vec_init(n);
    arb_mat_init(w->B, n, n);
    arb_mat_init(w->inverse, n, n);
    arb_mat_one(w->B);
    arb_mat_one(w->inverse);
    for (size_t i = 0; i < program->field_nodes; i++)
        arb_poly_init(w->poly + i);
    w->size = _mag_vec_init((slong)program->field_nodes * (order + 2));
    w->tail = _mag_vec_init((slong)program->field_nodes * (order + 2));
    *walk = w;
    return OK;
}

void trap_walk_free(struct trap_walk *w)
{
    if (!w)
        return;
    arf_clear(w->radius);
    _arb_vec_clear(w->x, (slong)w->program->n);
    arb_mat_clear(w->B);
    arb_mat_clear(w->inverse);
    for (size_t i = 0; i < w->program->field_nodes; i++)
        arb_poly_clear(w->poly + i);
    _mag_vec_clear(w->size, (slong)w->program->field_nodes * (w->order + 2));
    _mag_vec_clear(w->tail, (slong)w->program->field_nodes * (w->order + 2));
    free(w->poly);
    free(w);
}

/* ---- norms, all upper bounds ---- */

static void add_square(arb_t sum, const arb_t value)
{
    arb_addmul(sum, value, value, SHORT);
}

/* The root of the upper bound: a ball around zero may reach below it. */
static void root_of_upper(arb_t value)
{
    arf_t upper;
    arf_init(upper);
    arb_get_ubound_arf(upper, value, SHORT);
    arb_set_arf(value, upper);
    arb_sqrt(value, value, SHORT);
    arf_clear(upper);
}

/* An exact upper bound of |value|. */
static void modulus(arb_t bound, const arb_t value)
{
    arf_t upper;
    arf_init(upper);
    arb_get_abs_ubound_arf(upper, value, SHORT);
    arb_set_arf(bound, upper);
    arf_clear(upper);
}

/* |inverse d|_2 for all |d_i| <= reach_i */
static void box_norm(const struct trap_walk *w, arb_srcptr reach, arb_t norm)
{
    const slong n = (slong)w->program->n;
    arb_t row, entry;
    arb_init(row);
    arb_init(entry);
    arb_zero(norm);
    for (slong i = 0; i < n; i++) {
        arb_zero(row);
        for (slong j = 0; j < n; j++) {
            modulus(entry, arb_mat_entry(w->inverse, i, j));
            arb_addmul(row, entry, reach + j, SHORT);
        }
        add_square(norm, row);
    }
    root_of_upper(norm);
    arb_clear(row);
    arb_clear(entry);
}

/* The lesser of Frobenius' norm and the root of the largest row sum times the largest column sum. */
static void operator_norm(const arb_mat_t A, arb_t norm)
{
    const slong rows = arb_mat_nrows(A), columns = arb_mat_ncols(A);
    arb_ptr sums = _arb_vec_init(rows + columns);
    arb_t entry, row, column;
    arb_init(entry);
    arb_init(row);
    arb_init(column);
    arb_zero(norm);
    for (slong i = 0; i < rows; i++)
        for (slong j = 0; j < columns; j++) {
            modulus(entry, arb_mat_entry(A, i, j));
            add_square(norm, entry);
            arb_add(sums + i, sums + i, entry, SHORT);
            arb_add(sums + rows + j, sums + rows + j, entry, SHORT);
        }
    for (slong i = 0; i < rows; i++)
        arb_max(row, row, sums + i, SHORT);
    for (slong j = 0; j < columns; j++)
        arb_max(column, column, sums + rows + j, SHORT);
    arb_mul(row, row, column, SHORT);
    arb_min(norm, norm, row, SHORT);
    root_of_upper(norm);
    _arb_vec_clear(sums, rows + columns);
    arb_clear(entry);
    arb_clear(row);
    arb_clear(column);
}

/* ---- joints ---- */

/* The new frame; `factor` becomes |B_+^-1 B|. */
static bool take_frame(struct trap_walk *w, const double *frame, arb_t factor)
{
    const slong n = (slong)w->program->n;
    arb_mat_t product;
    arb_mat_init(product, n, n);
    arb_mat_set(product, w->B);
    definite_read(w->B, frame);
    const bool invertible = arb_mat_inv(w->inverse, w->B, w->prec);
    if (invertible) {
        arb_mat_mul(product, w->inverse, product, w->prec);
        operator_norm(product, factor);
        w->frame = frame;
    }
    arb_mat_clear(product);
    return invertible;
}

/* Coefficient j of unknown i. */
static void coefficient(const struct trap_walk *w, const struct trap_piece *piece, size_t i,
                        slong j, arb_t value)
{
    arb_set_fmpz(value, piece->c + (slong)i * (w->order + 1) + j);
    arb_mul_2exp_si(value, value, -w->scale);
}

/* reach[n]: from the begin of the piece to the end of the last one, or to the starts. */
static void jump(const struct trap_walk *w, const struct trap_piece *piece, arb_ptr reach)
{
    arb_t begin, other;
    arb_init(begin);
    arb_init(other);
    for (size_t i = 0; i < w->program->n; i++) {
        coefficient(w, piece, i, 0, begin);
        if (w->started)
            arb_set(other, w->x + i);
        else
            arb_set_fmpq(other, w->premise->x0 + i, w->prec);
        arb_sub(other, other, begin, w->prec);
        modulus(reach + i, other);
        if (!w->started && w->premise->radius) {
            arb_set_fmpq(other, w->premise->radius + i, w->prec);
            arb_add(reach + i, reach + i, other, SHORT);
        }
    }
    arb_clear(begin);
    arb_clear(other);
}

bool trap_walk_join(struct trap_walk *w, const struct trap_piece *piece)
{
    const slong n = (slong)w->program->n;
    arb_ptr reach = _arb_vec_init(n);
    arb_t factor, distance;
    arb_init(factor);
    arb_init(distance);
    arb_one(factor);
    const bool good =
        !piece->frame || piece->frame == w->frame || take_frame(w, piece->frame, factor);
    if (good) {
        jump(w, piece, reach);
        box_norm(w, reach, distance);
        arb_set_arf(reach, w->radius);
        arb_addmul(distance, reach, factor, SHORT);
        arb_get_ubound_arf(w->radius, distance, SHORT);
        w->started = true;
    }
    _arb_vec_clear(reach, n);
    arb_clear(factor);
    arb_clear(distance);
    return good && arf_is_finite(w->radius);
}

/* ---- the defect ---- */

/* error = sum of |a_i| |b_j| over i + j > order: what is cut off a product, as |v| <= 1 */
static void cut_off(const struct trap_walk *w, struct program_product at, mag_t error)
{
    const slong stride = w->order + 2;
    mag_srcptr size = w->size + (slong)at.a * stride, tail = w->tail + (slong)at.b * stride;
    mag_zero(error);
    for (slong i = 0; i <= w->order; i++)
        mag_addmul(error, size + i, tail + w->order + 1 - i);
}

/* Products are cut at degree `order`; the rest widens the constant coefficient. */
static void add_poly_product(const struct trap_walk *w, struct program_product at, arb_poly_t sum,
                             arb_poly_t room, mag_t error)
{
    mag_t rest;
    mag_init(rest);
    arb_poly_mullow(room, w->poly + at.a, w->poly + at.b, w->order + 1, w->prec);
    arb_poly_add(sum, sum, room, w->prec);
    cut_off(w, at, rest);
    mag_add(error, error, rest);
    mag_clear(rest);
}

static void widen_constant(arb_poly_t poly, const mag_t error)
{
    arb_t constant;
    arb_init(constant);
    arb_poly_get_coeff_arb(constant, poly, 0);
    arb_add_error_mag(constant, error);
    arb_poly_set_coeff_arb(poly, 0, constant);
    arb_clear(constant);
}

static void measure(const struct trap_walk *w, size_t i)
{
    const slong stride = w->order + 2;
    mag_ptr size = w->size + (slong)i * stride, tail = w->tail + (slong)i * stride;
    mag_zero(tail + w->order + 1);
    for (slong j = w->order; j >= 0; j--) {
        mag_zero(size + j);
        if (j < arb_poly_length(w->poly + i))
            arb_get_mag(size + j, arb_poly_get_coeff_ptr(w->poly + i, j));
        mag_add(tail + j, tail + j + 1, size + j);
    }
}

/* All nodes of f as polynomials in v. */
static void field_along(struct trap_walk *w, const struct trap_piece *piece)
{
    const struct program *p = w->program;
    arb_poly_t room;
    arb_t number;
    mag_t error;
    arb_poly_init(room);
    arb_init(number);
    mag_init(error);
    for (size_t i = 0; i < p->field_nodes; i++) {
        const struct program_node node = p->node[i];
        arb_poly_zero(w->poly + i);
        for (slong j = 0; j <= w->order && node.kind == PROGRAM_UNKNOWN; j++) {
            coefficient(w, piece, i, j, number);
            arb_poly_set_coeff_arb(w->poly + i, j, number);
        }
        if (node.kind == PROGRAM_CONSTANT) {
            arb_set_fmpq(number, p->constant + node.first, w->prec);
            arb_poly_set_coeff_arb(w->poly + i, 0, number);
        }
        mag_zero(error);
        for (size_t q = node.first; node.kind == PROGRAM_SUM && q < node.first + node.count; q++)
            add_poly_product(w, p->product[q], w->poly + i, room, error);
        widen_constant(w->poly + i, error);
        measure(w, i);
    }
    arb_poly_clear(room);
    arb_clear(number);
    mag_clear(error);
}

/* q = coefficient j of f(p) - p' */
static void defect_term(const struct trap_walk *w, const struct trap_piece *piece, slong j,
                        arb_ptr q)
{
    arb_t slope;
    arb_init(slope);
    for (size_t i = 0; i < w->program->n; i++) {
        arb_poly_get_coeff_arb(q + i, w->poly + w->program->f[i], j);
        if (j >= w->order)
            continue;
        coefficient(w, piece, i, j + 1, slope);
        arb_mul_si(slope, slope, j + 1, w->prec);
        arb_mul_2exp_si(slope, slope, piece->shift);
        arb_sub(q + i, q + i, slope, w->prec);
    }
    arb_clear(slope);
}

/* |inverse q|_2, the inverse being the identity where there is no frame */
static void framed_norm(const struct trap_walk *w, arb_srcptr q, arb_t norm)
{
    const slong n = (slong)w->program->n;
    arb_t row;
    arb_init(row);
    arb_zero(norm);
    for (slong i = 0; i < n; i++) {
        if (w->frame)
            arb_dot(row, NULL, 0, arb_mat_entry(w->inverse, i, 0), 1, q, 1, n, w->prec);
        else
            arb_set(row, q + i);
        modulus(row, row);
        add_square(norm, row);
    }
    root_of_upper(norm);
    arb_clear(row);
}

void trap_walk_defect(struct trap_walk *w, const struct trap_piece *piece, arf_t defect)
{
    const slong n = (slong)w->program->n;
    arb_ptr q = _arb_vec_init(n);
    arb_t norm, sum;
    arb_init(norm);
    arb_init(sum);
    field_along(w, piece);
    for (slong j = 0; j <= w->order; j++) {
        defect_term(w, piece, j, q);
        framed_norm(w, q, norm);
        arb_add(sum, sum, norm, SHORT);
    }
    arb_get_ubound_arf(defect, sum, SHORT);
    _arb_vec_clear(q, n);
    arb_clear(norm);
    arb_clear(sum);
}

/* ---- the logarithmic norm ---- */

/* |row i of B|_2 */
static void row_norm(const struct trap_walk *w, slong i, arb_t norm)
{
    arb_t entry;
    arb_init(entry);
    arb_zero(norm);
    for (slong j = 0; j < (slong)w->program->n; j++) {
        modulus(entry, arb_mat_entry(w->B, i, j));
        add_square(norm, entry);
    }
    root_of_upper(norm);
    arb_clear(entry);
}

/* value +- (reach times the i-th row norm of B) */
static void widen(const struct trap_walk *w, slong i, const arf_t reach, arb_t value)
{
    arb_t norm;
    arf_t width;
    arb_init(norm);
    arf_init(width);
    row_norm(w, i, norm);
    arb_mul_arf(norm, norm, reach, SHORT);
    arb_get_ubound_arf(width, norm, SHORT);
    arb_add_error_arf(value, width);
    arb_clear(norm);
    arf_clear(width);
}

/* c_0 + sum_j c_j [0, 1] */
static void range_of(const struct trap_walk *w, const struct trap_piece *piece, size_t i,
                     arb_t hull)
{
    const fmpz *c = piece->c + (slong)i * (w->order + 1);
    fmpz_t low, high;
    arf_t a, b;
    fmpz_init_set(low, c);
    fmpz_init_set(high, c);
    arf_init(a);
    arf_init(b);
    for (slong j = 1; j <= w->order; j++)
        if (fmpz_sgn(c + j) < 0)
            fmpz_add(low, low, c + j);
        else
            fmpz_add(high, high, c + j);
    arf_set_fmpz(a, low);
    arf_set_fmpz(b, high);
    arb_set_interval_arf(hull, a, b, SHORT);
    arb_mul_2exp_si(hull, hull, -w->scale);
    fmpz_clear(low);
    fmpz_clear(high);
    arf_clear(a);
    arf_clear(b);
}

/* hull[n] of the piece, widened by its tube */
static void hull_of(const struct trap_walk *w, const struct trap_piece *piece, arb_ptr hull)
{
    for (size_t i = 0; i < w->program->n; i++) {
        range_of(w, piece, i, hull + i);
        widen(w, (slong)i, piece->tube, hull + i);
    }
}

static void framed_jacobian(const struct trap_walk *w, arb_mat_t J)
{
    if (!w->frame)
        return;
    arb_mat_mul(J, w->inverse, J, SHORT);
    arb_mat_mul(J, J, w->B, SHORT);
}

/* The entries of J from rows of slopes. */
static void set_rows(arb_mat_t J, const uint32_t *node, arb_srcptr slopes)
{
    const slong columns = arb_mat_ncols(J);
    for (slong i = 0; i < arb_mat_nrows(J); i++)
        for (slong j = 0; j < columns; j++)
            arb_set(arb_mat_entry(J, i, j), slopes + (slong)node[i] * columns + j);
}

void trap_walk_strain(const struct trap_walk *w, const struct trap_piece *piece, arb_mat_t G)
{
    const struct program *p = w->program;
    const slong n = (slong)p->n, nodes = (slong)p->field_nodes;
    arb_ptr hull = _arb_vec_init(n), values = _arb_vec_init(nodes);
    arb_ptr slopes = _arb_vec_init(nodes * n);
    hull_of(w, piece, hull);
    program_values(p, p->field_nodes, hull, SHORT, values);
    program_slopes(p, p->field_nodes, values, SHORT, slopes);
    set_rows(G, p->f, slopes);
    framed_jacobian(w, G);
    definite_symmetric_part(G);
    _arb_vec_clear(hull, n);
    _arb_vec_clear(values, nodes);
    _arb_vec_clear(slopes, nodes * n);
}

bool trap_walk_is_bound(const arb_mat_t G, double growth)
{
    return definite_below(G, growth);
}

/* ---- over a piece ---- */

/* theta >= exp(growth h); false: the piece is too long for the bound */
static bool growth_factor(double growth, slong shift, arb_t theta)
{
    arb_t y, term;
    arb_init(y);
    arb_init(term);
    arb_set_d(y, growth);
    arb_mul_2exp_si(y, y, -shift);
    arb_mul(term, y, y, SHORT);
    arb_mul_2exp_si(term, term, -1);
    arb_add_ui(theta, y, 1, SHORT);
    arb_add(theta, theta, term, SHORT);
    if (growth >= 0) { /* 1 + y + y^2/2 + y^3/4 */
        arb_mul(term, term, y, SHORT);
        arb_mul_2exp_si(term, term, -1);
        arb_add(theta, theta, term, SHORT);
    }
    arb_abs(y, y);
    arb_sub_ui(y, y, 1, SHORT);
    const bool good = !arb_is_positive(y);
    arb_clear(y);
    arb_clear(term);
    return good;
}

static void move_to_end(struct trap_walk *w, const struct trap_piece *piece)
{
    fmpz_t sum;
    fmpz_init(sum);
    for (size_t i = 0; i < w->program->n; i++) {
        fmpz_zero(sum);
        for (slong j = 0; j <= w->order; j++)
            fmpz_add(sum, sum, piece->c + (slong)i * (w->order + 1) + j);
        arb_set_fmpz(w->x + i, sum);
        arb_mul_2exp_si(w->x + i, w->x + i, -w->scale);
    }
    fmpz_clear(sum);
}

bool trap_walk_cross(struct trap_walk *w, const struct trap_piece *piece, const arf_t defect)
{
    arb_t theta, most, radius, added, reach, tube;
    arb_init(theta);
    arb_init(most);
    arb_init(radius);
    arb_init(added);
    arb_init(reach);
    arb_init(tube);
    bool good = growth_factor(piece->growth, piece->shift, theta);
    arb_one(most);
    if (piece->growth > 0)
        arb_set(most, theta);
    arb_set_arf(radius, w->radius);
    arb_set_arf(added, defect);
    arb_mul_2exp_si(added, added, -piece->shift);
    arb_add(reach, radius, added, SHORT);
    arb_mul(reach, reach, most, SHORT);
    arb_set_arf(tube, piece->tube);
    good = good && arb_lt(reach, tube);
    arb_mul(radius, radius, theta, SHORT);
    arb_addmul(radius, added, most, SHORT);
    if (good) {
        arb_get_ubound_arf(w->radius, radius, SHORT);
        move_to_end(w, piece);
    }
    arb_clear(theta);
    arb_clear(most);
    arb_clear(radius);
    arb_clear(added);
    arb_clear(reach);
    arb_clear(tube);
    return good;
}

bool trap_walk_piece(struct trap_walk *w, const struct trap_piece *piece)
{
    const slong n = (slong)w->program->n;
    arb_mat_t G;
    arf_t defect;
    if (!trap_walk_join(w, piece))
        return false;
    arb_mat_init(G, n, n);
    arf_init(defect);
    trap_walk_strain(w, piece, G);
    bool good = trap_walk_is_bound(G, piece->growth);
    if (good) {
        trap_walk_defect(w, piece, defect);
        good = trap_walk_cross(w, piece, defect);
    }
    arb_mat_clear(G);
    arf_clear(defect);
    return good;
}

/* ---- the trap ---- */

/* What is known at the end, in matrices. */
struct closing {
    arb_mat_t V, inverse, S, K, Dy, room;
    arb_ptr box, y;
};

static void closing_init(const struct program *p, struct closing *c)
{
    const slong n = (slong)p->n, k = (slong)p->k;
    arb_mat_init(c->V, k, k);
    arb_mat_init(c->inverse, k, k);
    arb_mat_init(c->S, n, k);
    arb_mat_init(c->K, k, k);
    arb_mat_init(c->Dy, k, n);
    arb_mat_init(c->room, k, n);
    c->box = _arb_vec_init(n);
    c->y = _arb_vec_init(k);
}

static void closing_clear(const struct program *p, struct closing *c)
{
    arb_mat_clear(c->V);
    arb_mat_clear(c->inverse);
    arb_mat_clear(c->S);
    arb_mat_clear(c->K);
    arb_mat_clear(c->Dy);
    arb_mat_clear(c->room);
    _arb_vec_clear(c->box, (slong)p->n);
    _arb_vec_clear(c->y, (slong)p->k);
}

/* S, K, Dy over c->box. */
static void matrices_over_box(const struct program *p, slong prec, struct closing *c)
{
    const slong n = (slong)p->n, k = (slong)p->k;
    arb_ptr room = _arb_vec_init(n * n + 2 * n * k + k * k);
    const struct program_matrices m = {room, room + n * n, room + n * n + n * k,
                                       room + n * n + 2 * n * k};
    program_matrices_at(p, c->box, prec, &m);
    for (slong i = 0; i < k; i++)
        for (slong j = 0; j < n; j++)
            arb_set(arb_mat_entry(c->Dy, i, j), m.Dy + i * n + j);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < k; j++)
            arb_set(arb_mat_entry(c->S, i, j), m.S + i * k + j);
    for (slong i = 0; i < k; i++)
        for (slong j = 0; j < k; j++)
            arb_set(arb_mat_entry(c->K, i, j), m.K + i * k + j);
    _arb_vec_clear(room, n * n + 2 * n * k + k * k);
}

static void box_around(const struct trap_walk *w, const struct trap_ways *ways, const double *width,
                       struct closing *c)
{
    arf_t reach;
    arf_init(reach);
    for (size_t i = 0; i < w->program->n; i++) {
        if (width)
            arf_set_d(reach, width[i]);
        else
            arb_get_ubound_arf(reach, ways->entry + i, SHORT);
        arb_set(c->box + i, w->x + i);
        arb_add_error_arf(c->box + i, reach);
    }
    arf_clear(reach);
}

/* zeta = |V^-1 y(x)| + |V^-1 Dy B| radius, Dy over all entries */
static void bound_errors(const struct trap_walk *w, const struct trap_ways *ways, struct closing *c)
{
    const struct program *p = w->program;
    const slong k = (slong)p->k;
    arb_ptr values = _arb_vec_init((slong)p->field_nodes);
    arb_t sum;
    arb_init(sum);
    program_values(p, p->field_nodes, w->x, w->prec, values);
    for (slong i = 0; i < k; i++)
        arb_set(c->y + i, values + p->y[i]);
    for (slong i = 0; i < k; i++) {
        arb_t z;
        arb_init(z);
        arb_dot(z, NULL, 0, arb_mat_entry(c->inverse, i, 0), 1, c->y, 1, k, w->prec);
        modulus(z, z);
        add_square(sum, z);
        arb_clear(z);
    }
    root_of_upper(sum);
    box_around(w, ways, NULL, c);
    matrices_over_box(p, SHORT, c);
    arb_mat_mul(c->room, c->inverse, c->Dy, SHORT);
    if (w->frame)
        arb_mat_mul(c->room, c->room, w->B, SHORT);
    operator_norm(c->room, ways->zeta);
    arb_mul_arf(ways->zeta, ways->zeta, w->radius, SHORT);
    arb_add(ways->zeta, ways->zeta, sum, SHORT);
    _arb_vec_clear(values, (slong)p->field_nodes);
    arb_clear(sum);
}

/* way_i = |(S V)_i| zeta / mu */
static void bound_ways(const struct trap_ways *ways, double mu, struct closing *c)
{
    const slong n = arb_mat_nrows(c->S), k = arb_mat_ncols(c->S);
    arb_t rate, entry;
    arb_init(rate);
    arb_init(entry);
    arb_set_d(rate, mu);
    arb_mat_mul(c->S, c->S, c->V, SHORT);
    for (slong i = 0; i < n; i++) {
        arb_ptr way = ways->way + i;
        arb_zero(way);
        for (slong j = 0; j < k; j++) {
            modulus(entry, arb_mat_entry(c->S, i, j));
            add_square(way, entry);
        }
        root_of_upper(way);
        arb_mul(way, way, ways->zeta, SHORT);
        arb_div(way, way, rate, SHORT);
    }
    arb_clear(rate);
    arb_clear(entry);
}

static bool ways_inside(const struct trap_walk *w, const struct trap_end *end,
                        const struct trap_ways *ways, struct closing *c)
{
    definite_read(c->V, end->V);
    if (!arb_mat_inv(c->inverse, c->V, w->prec))
        return false;
    for (size_t i = 0; i < w->program->n; i++) {
        row_norm(w, (slong)i, ways->entry + i);
        arb_mul_arf(ways->entry + i, ways->entry + i, w->radius, SHORT);
    }
    bound_errors(w, ways, c);
    box_around(w, ways, end->width, c);
    matrices_over_box(w->program, SHORT, c);
    if (!(end->mu > 0) || !definite_contracts(c->K, c->V, c->inverse, end->mu))
        return false;
    bound_ways(ways, end->mu, c);
    return true;
}

bool trap_walk_ways(const struct trap_walk *w, const struct trap_end *end,
                    const struct trap_ways *ways)
{
    struct closing c;
    closing_init(w->program, &c);
    const bool good = w->started && ways_inside(w, end, ways, &c);
    closing_clear(w->program, &c);
    return good;
}

bool trap_walk_close(const struct trap_walk *w, const struct trap_end *end, arf_struct *far)
{
    const slong n = (slong)w->program->n;
    struct trap_ways ways = {_arb_vec_init(n), _arb_vec_init(n), _arb_vec_init(1)};
    arb_t sum, width;

    arb_init(sum);
    arb_init(width);
    bool good = trap_walk_ways(w, end, &ways);
    for (slong i = 0; i < n && good; i++) {
        arb_add(sum, ways.entry + i, ways.way + i, SHORT);
        arb_set_d(width, end->width[i]);
        good = arb_lt(sum, width);
        arb_get_ubound_arf(far + i, sum, SHORT);
    }
    _arb_vec_clear(ways.entry, n);
    _arb_vec_clear(ways.way, n);
    _arb_vec_clear(ways.zeta, 1);

    arb_clear(sum);
    arb_clear(width);
    return good;
}
