/* The compiler, and the loop that runs what it makes.
 *
 * Rows of the work space hold one number of CODE_WIDTH states; rows of unknowns point into x.  An
 * operation is one pass over a row, which the compiler of C turns into wide instructions; the
 * decision which operation it is falls once for all of these states.  Rejected: machine code made at
 * run time, which would be two to four times as fast and no longer portable. */
#include "equations/code.h"

#include "ode/lanes.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_WIDTH = 2 * LANES_BLOCK, ALIGNMENT = 64 };
static const double CALL_ROUNDINGS = 4; /* glibc: at most 2 units in the last place, here */

enum code_op {
    CODE_MINUS,
    CODE_SUM,
    CODE_DIFFERENCE,
    CODE_PRODUCT,
    CODE_QUOTIENT,
    CODE_POWER,
    CODE_CALL,
    CODE_SIGN, /* of the side of a surface */
    CODE_HEAVISIDE,
    CODE_CHOICE /* a on the positive side and at 0, else b */
};

struct operation {
    enum code_op op;
    uint32_t to, a, b, g; /* rows; g: of what has the side */
    const struct function *function;
    const signed char *side; /* of the surface */
    signed char turn;
};

struct code {
    size_t unknowns, rows, operations, roots;
    size_t constants; /* the first operations: done once, as no unknown is in them */
    struct operation *operation;
    uint32_t *root; /* [roots]: rows */
    double *row;    /* [(rows - unknowns)*CODE_WIDTH] the constants, then what is computed */
    double *error;  /* [rows], of one state */
};

/* ---- running ---- */

/* What depends on the side of a surface, at one state.  On the surface itself the field is that of
 * its positive side for every formula: sign(0) = 0 there would make zeros of the field that are no
 * solutions, (OD5).  A number has its sign. */
static double sided(const struct operation *o, double a, double b, double g)
{
    const int side = o->side ? *o->side * o->turn : 0;
    const int sign = side ? side : g > 0 ? 1 : g < 0 ? -1 : o->side ? o->turn : 0;
    if (o->op == CODE_SIGN)
        return sign;
    if (o->op == CODE_HEAVISIDE)
        return sign >= 0;
    return sign >= 0 ? a : b;
}

/* One operation on W states; W is a constant wherever this is called from. */
LANES_INLINE void operate(const struct operation *o, size_t W, const double *restrict a,
                          const double *restrict b, double *restrict to)
{
    switch (o->op) {
    case CODE_MINUS:
        for (size_t k = 0; k < W; k++)
            to[k] = -a[k];
        break;
    case CODE_SUM:
        for (size_t k = 0; k < W; k++)
            to[k] = a[k] + b[k];
        break;
    case CODE_DIFFERENCE:
        for (size_t k = 0; k < W; k++)
            to[k] = a[k] - b[k];
        break;
    case CODE_PRODUCT:
        for (size_t k = 0; k < W; k++)
            to[k] = a[k] * b[k];
        break;
    case CODE_QUOTIENT:
        for (size_t k = 0; k < W; k++)
            to[k] = a[k] / b[k];
        break;
    case CODE_POWER:
        for (size_t k = 0; k < W; k++)
            to[k] = pow(a[k], b[k]);
        break;
    case CODE_CALL:
        for (size_t k = 0; k < W; k++)
            to[k] = o->function->value(a[k]);
        break;
    default:
        break;
    }
}

LANES_INLINE const double *row_of(const struct code *code, uint32_t row, size_t n, const double *x)
{
    return row < code->unknowns ? x + row * n : code->row + (row - code->unknowns) * CODE_WIDTH;
}

LANES_INLINE void run_operations(const struct code *code, size_t first, size_t end, size_t W,
                                 size_t n, const double *x)
{
    for (size_t m = first; m < end; m++) {
        const struct operation *o = code->operation + m;
        const double *a = row_of(code, o->a, n, x), *b = row_of(code, o->b, n, x);
        double *to = code->row + (o->to - code->unknowns) * CODE_WIDTH;
        operate(o, W, a, b, to);
        if (o->op < CODE_SIGN)
            continue;
        const double *g = row_of(code, o->g, n, x);
        for (size_t k = 0; k < W; k++)
            to[k] = sided(o, a[k], b[k], g[k]);
    }
}

LANES_INLINE void give_out(const struct code *code, size_t W, size_t n, const double *x,
                           double *out)
{
    for (size_t r = 0; r < code->roots; r++) {
        const double *from = row_of(code, code->root[r], n, x);
        for (size_t k = 0; k < W; k++)
            out[r * n + k] = from[k];
    }
}

/* Not static: see linear/chain_lanes.c. */
void code_run_wide(const struct code *code, size_t n, const double *x, double *out);

LANES_CLONES
void code_run_wide(const struct code *code, size_t n, const double *x, double *out)
{
    size_t k = 0;
    for (; k + CODE_WIDTH <= n; k += CODE_WIDTH) {
        run_operations(code, code->constants, code->operations, CODE_WIDTH, n, x + k);
        give_out(code, CODE_WIDTH, n, x + k, out + k);
    }
    for (; k < n; k++) {
        run_operations(code, code->constants, code->operations, 1, n, x + k);
        give_out(code, 1, n, x + k, out + k);
    }
}

void code_run(const struct code *code, size_t n, const double *x, double *out)
{
    code_run_wide(code, n, x, out);
}

/* ---- errors ---- */

/* The error of one operation from those of its parts, after the values are known; terms of second
 * order are in the units that are a whole epsilon each. */
static double error_of(const struct operation *o, const double v[3], double ea, double eb)
{
    const double a = v[0], b = v[1], to = v[2];
    switch (o->op) {
    case CODE_MINUS:
        return ea;
    case CODE_SUM:
    case CODE_DIFFERENCE:
        return ea + eb + fabs(to);
    case CODE_PRODUCT:
        return fabs(a) * eb + fabs(b) * ea + fabs(to);
    case CODE_QUOTIENT:
        return (ea + fabs(to) * eb) / fabs(b) + fabs(to);
    case CODE_POWER:
        return fabs(to) * ((ea > 0 ? fabs(b / a) * ea : 0) + (eb > 0 ? fabs(log(a)) * eb : 0) +
                           CALL_ROUNDINGS);
    case CODE_CALL:
        return (ea > 0 ? fabs(o->function->slope(a)) * ea : 0) + CALL_ROUNDINGS * fabs(to);
    case CODE_CHOICE:
        return to == a ? ea : eb;
    default:
        return 0;
    }
}

static void follow_errors(const struct code *code, size_t first, size_t end, size_t n,
                          const double *x)
{
    for (size_t m = first; m < end; m++) {
        const struct operation *o = code->operation + m;
        const double values[3] = {*row_of(code, o->a, n, x), *row_of(code, o->b, n, x),
                                  *row_of(code, o->to, n, x)};
        code->error[o->to] = error_of(o, values, code->error[o->a], code->error[o->b]);
    }
}

void code_bound(const struct code *code, size_t n, const double *x, double *bound)
{
    for (size_t k = 0; k < n; k++) {
        run_operations(code, code->constants, code->operations, 1, n, x + k);
        follow_errors(code, code->constants, code->operations, n, x + k);
        for (size_t r = 0; r < code->roots; r++)
            bound[r * n + k] = code->error[code->root[r]];
    }
}

/* ---- compiling ---- */

struct compiler {
    const struct code_plan *plan;
    struct code *code;
    bool *reached;
    uint32_t *row; /* [nodes]: where it is computed */
};

static const struct code_side *side_of(const struct code_plan *plan, uint32_t g)
{
    for (size_t k = 0; k < plan->sides; k++)
        if (plan->side_of[k].g == g)
            return &plan->side_of[k];
    return NULL;
}

static uint32_t add_operation(struct compiler *c, struct operation operation)
{
    operation.to = (uint32_t)c->code->rows++;
    c->code->operation[c->code->operations++] = operation;
    return operation.to;
}

/* u^n by squaring; row number `unknowns` holds 1. */
static uint32_t whole_power(struct compiler *c, uint32_t u, long exponent)
{
    const uint32_t one = (uint32_t)c->code->unknowns;
    uint32_t power = one, square = u;
    for (long left = labs(exponent); left > 0; left /= 2) {
        if (left % 2)
            power = power == one
                        ? square
                        : add_operation(
                              c, (struct operation){.op = CODE_PRODUCT, .a = power, .b = square});
        if (left > 1)
            square =
                add_operation(c, (struct operation){.op = CODE_PRODUCT, .a = square, .b = square});
    }
    if (exponent < 0)
        power = add_operation(c, (struct operation){.op = CODE_QUOTIENT, .a = one, .b = power});
    return power;
}

/* An operation on the side of g. */
static struct operation sided_operation(const struct compiler *c, enum code_op op, uint32_t g)
{
    static const signed char ALWAYS = 1;
    const struct code_side *side = side_of(c->plan, g);
    struct operation operation = {
        .op = op, .a = c->row[g], .b = c->row[g], .g = c->row[g], .turn = 1};
    if (side) {
        operation.side = side->fixed ? &ALWAYS : c->plan->side + side->surface;
        operation.turn = side->turn;
    }
    return operation;
}

static uint32_t choice_operation(struct compiler *c, const struct expression *e)
{
    const bool larger = e->function == &function_max;
    struct operation operation = sided_operation(c, CODE_CHOICE, e->index);
    operation.a = c->row[larger ? e->left : e->right];
    operation.b = c->row[larger ? e->right : e->left];
    return add_operation(c, operation);
}

static uint32_t call_operation(struct compiler *c, const struct expression *e)
{
    if (e->function->arguments > 1)
        return choice_operation(c, e);
    if (e->function == &function_sign)
        return add_operation(c, sided_operation(c, CODE_SIGN, e->left));
    if (e->function == &function_heav)
        return add_operation(c, sided_operation(c, CODE_HEAVISIDE, e->left));
    const uint32_t u = c->row[e->left];
    if (e->function != &function_abs)
        return add_operation(
            c, (struct operation){.op = CODE_CALL, .a = u, .b = u, .function = e->function});
    const uint32_t sign = add_operation(c, sided_operation(c, CODE_SIGN, e->left));
    return add_operation(c, (struct operation){.op = CODE_PRODUCT, .a = sign, .b = u});
}

static uint32_t compile(struct compiler *c, uint32_t node, const struct expression *e)
{
    static const enum code_op ops[] = {
        [EXPRESSION_MINUS] = CODE_MINUS,           [EXPRESSION_SUM] = CODE_SUM,
        [EXPRESSION_DIFFERENCE] = CODE_DIFFERENCE, [EXPRESSION_PRODUCT] = CODE_PRODUCT,
        [EXPRESSION_QUOTIENT] = CODE_QUOTIENT,     [EXPRESSION_POWER] = CODE_POWER};
    const uint32_t u = c->row[e->left], v = e->right ? c->row[e->right] : u;
    long exponent;
    if (e->kind == EXPRESSION_UNKNOWN)
        return e->index;
    if (e->kind == EXPRESSION_CALL)
        return call_operation(c, e);
    if (expression_whole_power(c->plan->arena, node, &exponent))
        return whole_power(c, u, exponent);
    return add_operation(c, (struct operation){.op = ops[e->kind], .a = u, .b = v});
}

static bool is_number(const struct expression *e)
{
    return e->kind == EXPRESSION_NUMBER || e->kind == EXPRESSION_PARAMETER;
}

/* Numbers have their rows first, then what is made of them alone, then the rest. */
static void compile_all(struct compiler *c)
{
    const struct expressions *arena = c->plan->arena;
    const size_t nodes = expression_count(arena);
    struct code *code = c->code;
    code->rows = code->unknowns + 1;
    for (uint32_t node = 1; node < nodes; node++)
        if (c->reached[node] && is_number(expression_at(arena, node)))
            c->row[node] = (uint32_t)code->rows++;
    for (int moves = 0; moves < 2; moves++) {
        for (uint32_t node = 1; node < nodes; node++) {
            const struct expression *e = expression_at(arena, node);
            if (c->reached[node] && e->moves == (moves > 0) && !is_number(e))
                c->row[node] = compile(c, node, e);
        }
        if (moves == 0)
            code->constants = code->operations;
    }
    for (size_t r = 0; r < code->roots; r++)
        code->root[r] = c->row[c->plan->root[r]];
}

static void fill_row(struct code *code, uint32_t row, double value)
{
    for (size_t k = 0; k < CODE_WIDTH; k++)
        code->row[(row - code->unknowns) * CODE_WIDTH + k] = value;
}

/* Fills the rows of numbers, and does what holds no unknown. */
static enum status make_rows(struct compiler *c)
{
    struct code *code = c->code;
    const size_t nodes = expression_count(c->plan->arena), rows = code->rows - code->unknowns;
    code->row = aligned_alloc(ALIGNMENT, rows * CODE_WIDTH * sizeof *code->row);
    code->error = calloc(code->rows, sizeof *code->error);
    if (!code->row || !code->error)
        return status_fail(NO_MEMORY, "%zu operations", code->operations);
    for (uint32_t row = 0; row < rows; row++)
        fill_row(code, (uint32_t)code->unknowns + row, row == 0); /* the first one holds 1 */
    for (uint32_t node = 1; node < nodes; node++) {
        const struct expression *e = expression_at(c->plan->arena, node);
        if (c->reached[node] && is_number(e))
            fill_row(code, c->row[node],
                     e->kind == EXPRESSION_NUMBER ? e->value : c->plan->parameters[e->index]);
    }
    run_operations(code, 0, code->constants, CODE_WIDTH, 0, NULL);
    follow_errors(code, 0, code->constants, 0, NULL);
    return OK;
}

/* At most so many operations: a power takes two for each binary digit, and one more. */
static size_t operations_most(const struct compiler *c)
{
    enum { OF_A_POWER = 24, OF_OTHERS = 2 };
    const size_t nodes = expression_count(c->plan->arena);
    size_t most = 0;
    for (uint32_t node = 1; node < nodes; node++)
        if (c->reached[node])
            most += expression_at(c->plan->arena, node)->kind == EXPRESSION_POWER ? OF_A_POWER
                                                                                  : OF_OTHERS;
    return most;
}

static enum status compiler_open(struct compiler *c)
{
    const size_t nodes = expression_count(c->plan->arena);
    c->reached = calloc(nodes, sizeof *c->reached);
    c->row = calloc(nodes, sizeof *c->row);
    if (!c->reached || !c->row)
        return status_fail(NO_MEMORY, "%zu parts of formulas", nodes);
    expression_reach(c->plan->arena, c->plan->roots, c->plan->root, c->reached);
    return OK;
}

static void compiler_close(struct compiler *c)
{
    free(c->reached);
    free(c->row);
}

static enum status compile_into(struct compiler *c)
{
    struct code *code = c->code;
    TRY(compiler_open(c));
    code->unknowns = c->plan->unknowns;
    code->roots = c->plan->roots;
    code->operation = calloc(operations_most(c) + 1, sizeof *code->operation);
    code->root = calloc(code->roots + 1, sizeof *code->root);
    if (!code->operation || !code->root)
        return status_fail(NO_MEMORY, "%zu formulas", code->roots);
    compile_all(c);
    return make_rows(c);
}

enum status code_create(const struct code_plan *plan, struct code **out)
{
    struct code *code = calloc(1, sizeof *code);
    struct compiler compiler = {.plan = plan, .code = code};
    if (!code)
        return status_fail(NO_MEMORY, "%zu formulas", plan->roots);
    const enum status status = compile_into(&compiler);
    compiler_close(&compiler);
    if (status == OK)
        *out = code;
    else
        code_free(code);
    return status;
}

void code_free(struct code *code)
{
    if (!code)
        return;
    free(code->operation);
    free(code->root);
    free(code->row);
    free(code->error);
    free(code);
}

size_t code_operations(const struct code *code)
{
    return code->operations;
}

enum status code_constant(const struct code_plan *plan, uint32_t node, double *value)
{
    struct code_plan one = *plan;
    struct code *code = NULL;
    one.roots = 1;
    one.root = &node;
    TRY(code_create(&one, &code));
    assert(code && code->row && code->root);
    *value = code->row[(code->root[0] - code->unknowns) * CODE_WIDTH];
    code_free(code);
    return OK;
}
