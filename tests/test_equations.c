/* Equations of one's own: formulas against an evaluator in long double (graph_values.h), derivatives
 * against differences and against known ones, text read back, places in messages, switches.
 *
 * Random formulas are drawn from the grammar; the evaluator walks the graph and knows nothing of the
 * compiler.  The bound on rounding is held against its sixty-four bits. */
#include "equations/code.h"
#include "equations/ode_file.h"
#include "proofs-check/equations_claims.h"
#include "proofs-check/equations_field.h"
#include "tests/graph_values.h"

#include <float.h>
#include <stdlib.h>

static struct equations *read_text(const char *text)
{
    struct equations *equations = NULL;
    if (ode_file_parse("my.ode", text, strlen(text), &equations) != OK)
        fail_msg("%s: %s", text, status_message());
    return equations;
}

static struct flow *flow_of_equations(const struct equations *equations)
{
    const struct problem problem = equations_problem(equations);
    return flow_of(&problem);
}

static long double value_of(const struct equations *e, uint32_t node, const double *x)
{
    const struct expression *n = expression_at(e->arena, node);
    const long double u = n->left ? value_of(e, n->left, x) : 0;
    const long double v = n->right ? value_of(e, n->right, x) : 0;
    return graph_node_value(e, n, u, v, x);
}

/* ---- random formulas ---- */

enum { DRAWN = 400, TEXT = 4096 };

/* Functions that are smooth everywhere, of what can be large or not. */
static const char *const smooth[] = {"sin", "cos", "atan", "tanh", "erf"};

static void draw(struct stream *stream, size_t depth, char *text)
{
    char left[TEXT / 2], right[TEXT / 2];
    static const char *const leaves[] = {"x", "y", "a", "b", "0.7", "2", "13e-1", "x", "y"};
    const size_t kind = depth == 0 ? 0 : 1 + stream_below(stream, 7);
    if (kind == 0) {
        strcpy(text, leaves[stream_below(stream, COUNT(leaves))]);
        return;
    }
    draw(stream, depth - 1, left);
    draw(stream, depth - 1 - stream_below(stream, depth), right);
    const char *f = smooth[stream_below(stream, COUNT(smooth))];
    switch (kind) {
    case 1:
        snprintf(text, TEXT, "%.600s+(%.600s)", left, right);
        break;
    case 2:
        snprintf(text, TEXT, "%.600s-(%.600s)", left, right);
        break;
    case 3:
        snprintf(text, TEXT, "(%.600s)*(%.600s)", left, right);
        break;
    case 4:
        snprintf(text, TEXT, "(%.600s)/(2+(%.600s)^2)", left, right);
        break;
    case 5:
        snprintf(text, TEXT, "%s(%.600s)^%d", f, left, 2 + (int)stream_below(stream, 3));
        break;
    case 6:
        snprintf(text, TEXT, "%s(%.600s)*(%.600s)", f, left, right);
        break;
    default:
        snprintf(text, TEXT, "-exp(-(%.600s)^2)", left);
        break;
    }
}

static struct equations *draw_equations(size_t index, struct stream *stream)
{
    char f[TEXT], g[TEXT], text[3 * TEXT];
    *stream = stream_at(20260, stream_key("formulas"), index);
    draw(stream, 1 + stream_below(stream, 3), f);
    draw(stream, 1 + stream_below(stream, 3), g);
    snprintf(text, sizeof text, "par a=1.3, b=-.4\nx'=%s\ny'=%s\ndone\n", f, g);
    return read_text(text);
}

/* The field against long double, within the bound that it states; the bound is no excuse: it is
 * below a millionth of the values' sizes. */
static void formulas_are_evaluated_within_their_bounds(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t index = 0; index < DRAWN; index++) {
        struct stream stream;
        struct equations *e = draw_equations(index, &stream);
        struct flow *flow = flow_of_equations(e);
        for (size_t trial = 0; trial < 5; trial++) {
            const double x[2] = {1.7 * stream_normal(&stream), 1.7 * stream_normal(&stream)};
            double f[2], bound[2];
            assert_int_equal(flow->field(flow, 1, x, f), OK);
            flow->rounding(flow, x, bound);
            for (size_t i = 0; i < 2; i++) {
                const long double exact = value_of(e, e->right[i], x);
                const double error = (double)fabsl(exact - f[i]);
                if (!(error <= DBL_EPSILON * bound[i]))
                    fail_msg("%s: %.17g, exactly %.17Lg; bound %g", e->equation, f[i], exact,
                             DBL_EPSILON * bound[i]);
                if (bound[i] > 0)
                    worst = fmax(worst, error / (DBL_EPSILON * bound[i]));
            }
        }
        flow_free(flow);
        equations_free(e);
    }
    assert_true(worst > 0.05); /* it is no bound of a thousand times the error */
}

static void derivatives_are_those_of_differences(void **state)
{
    (void)state;
    for (size_t index = 0; index < DRAWN; index++) {
        struct stream stream;
        struct equations *e = draw_equations(index, &stream);
        struct flow *flow = flow_of_equations(e);
        const double x[2] = {stream_normal(&stream), stream_normal(&stream)};
        flow_checks_jacobian(flow, x, 1e-6);
        flow_checks_lanes(&stream, flow);
        flow_free(flow);
        equations_free(e);
    }
}

/* Printed and read, a formula is the same node; so are its derivatives. */
static void formulas_read_back(void **state)
{
    (void)state;
    for (size_t index = 0; index < DRAWN; index++) {
        struct stream stream;
        struct equations *e = draw_equations(index, &stream);
        const uint32_t nodes[] = {e->right[0], e->right[1], e->jacobian[0], e->jacobian[1]};
        for (size_t k = 0; k < COUNT(nodes); k++) {
            char *text = equations_text(e, nodes[k]);
            assert_non_null(text);
            if (equations_claim_add(e, text, true) != OK)
                fail_msg("%s: %s", text, status_message());
            if (e->claim[e->claims - 1].node != nodes[k])
                fail_msg("%s reads back as another formula", text);
            free(text);
        }
        equations_free(e);
    }
}

/* ---- known derivatives ---- */

static void derivatives_are_the_known_ones(void **state)
{
    (void)state;
    static const struct {
        const char *formula, *derivative;
    } cases[] = {{"x^3", "3*x^2"},
                 {"2*x", "2"},
                 {"a*x^2-x", "a*(2*x) - 1"},
                 {"sin(x)", "cos(x)"},
                 {"cos(2*x)", "(-sin(2*x))*2"},
                 {"exp(x)", "exp(x)"},
                 {"ln(x)", "1/x"},
                 {"1/x", "-1/x/x"},
                 {"tanh(x)", "1 - tanh(x)^2"},
                 {"tan(x)", "1 + tan(x)^2"},
                 {"sqrt(x)", "1/(2*sqrt(x))"},
                 {"atan(x)", "1/(1 + x^2)"},
                 {"cosh(x)", "sinh(x)"},
                 {"sinh(x)", "cosh(x)"},
                 {"x^(-2)", "-2*x^(-3)"},
                 {"abs(x)", "sign(x)"},
                 {"heav(x)", "0"},
                 {"sign(x)", "0"},
                 {"max(x,1)", "heav(x - 1)"},
                 {"x-x", "0"},
                 {"a^2", "0"},
                 {"x/x", "1/x - x/x/x"}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        char text[TEXT];
        snprintf(text, sizeof text, "p a=2.385\nx'=%s\n", cases[k].formula);
        struct equations *e = read_text(text);
        char *derivative = equations_text(e, e->jacobian[0]);
        assert_non_null(derivative);
        if (strcmp(derivative, cases[k].derivative) != 0) {
            const double at[1] = {0.77};
            struct equations *known = read_text("p a=2.385\nx'=x\n");
            assert_int_equal(equations_claim_add(known, cases[k].derivative, true), OK);
            const long double mine = value_of(e, e->jacobian[0], at);
            const long double theirs = value_of(known, known->claim[0].node, at);
            if (!(fabsl(mine - theirs) <= 1e-15L))
                fail_msg("(%s)' is %s, and not %s", cases[k].formula, derivative,
                         cases[k].derivative);
            equations_free(known);
        }
        free(derivative);
        equations_free(e);
    }
}

/* All functions, where they are defined, against differences. */
static void every_function_has_its_derivative(void **state)
{
    (void)state;
    for (size_t k = 0; function_table[k]; k++) {
        char text[TEXT];
        const struct function *f = function_table[k];
        snprintf(text, sizeof text, "x'=%s(x%s)+x^2.5+2^x\n", f->name,
                 f->arguments > 1 ? ",.9*x" : "");
        struct equations *e = read_text(text);
        struct flow *flow = flow_of_equations(e);
        const double x[1] = {0.4271};
        double value, bound;
        flow_checks_jacobian(flow, x, 1e-8);
        assert_int_equal(flow->field(flow, 1, x, &value), OK);
        flow->rounding(flow, x, &bound);
        const long double exact = value_of(e, e->right[0], x);
        assert_true(fabsl(exact - value) <= DBL_EPSILON * bound && bound < 100);
        flow_free(flow);
        equations_free(e);
    }
}

/* ---- the grammar ---- */

/* What XPPAUT 6.11 computes, in its silent mode. */
static void formulas_mean_what_xpp_means(void **state)
{
    (void)state;
    static const struct {
        const char *formula;
        double value;
    } cases[] = {{"-2^2", -4},
                 {"8/4*2", 4},
                 {"2-3-4", -5},
                 {"2*(-3)", -6},
                 {"2^(-1)", 0.5},
                 {"heav(0)", 1},
                 {"sign(0)", 0},
                 {"log(10)", 2.302585092994045684},
                 {"log10(100)", 2},
                 {"max(1,2)", 2},
                 {"-3+5", 2},
                 {"-2*3", -6},
                 {"erf(.5)", 0.52049987781304653768},
                 {"cos(pi)", -1},
                 {"A+sQ(3)", 11.5},
                 {"z*2", 7},
                 {"min(2,a)", 2},
                 {"heav(x-5)", 1},
                 {"sign(x-5)", 1},
                 {"max(x,5)", 5},
                 {"1e1", 10},
                 {"2.E-1", 0.2}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        char text[TEXT];
        const double at[1] = {5};
        snprintf(text, sizeof text,
                 "# a comment\n\"another\nPAR a=2.5,B=1\nsq(u)=u*u\nz=a+b\nX'=x*0+%s\n"
                 "aux w=x\ninit x=2\nnumber n=3\ndone\nx'=nonsense\n",
                 cases[k].formula[0] == '-' ? "0" : cases[k].formula);
        if (cases[k].formula[0] == '-')
            snprintf(text, sizeof text, "x'=%s\n", cases[k].formula);
        struct equations *e = read_text(text);
        if (!strstr(cases[k].formula, "sign(x")) /* where the field is that of one side */
            assert_true(fabs((double)value_of(e, e->right[0], at) - cases[k].value) <= 1e-14);
        struct flow *flow = flow_of_equations(e);
        double value = NAN;
        assert_int_equal(flow->field(flow, 1, at, &value), OK);
        assert_true(fabs(value - cases[k].value) <= 1e-14);
        flow_free(flow);
        equations_free(e);
    }
}

static void statements_are_read(void **state)
{
    (void)state;
    struct equations *e =
        read_text("@ total=20\r\np a=1 b=-2.5e0 , c=.5\r\ndX/dt = a*x \\\r\n  +y\r\n"
                  "Y'=b\r\nX(0)=3\r\ninit y=-4\r\naux sum=x+y\r\nf(u,v)=u-v\r\nz'=f(y,X)\r\n"
                  "!q=a*2\r\nDONE\r\n");
    assert_int_equal(e->unknowns, 3);
    assert_string_equal(e->names, "X, Y, z");
    assert_string_equal(e->equation, "X' = a*X + Y, Y' = b, z' = Y - X");
    assert_true(e->unknown[0].value == 3 && e->unknown[1].value == -4 && e->unknown[2].value == 0);
    assert_true(e->parameters == 3 && e->parameter[1].value == -2.5);
    assert_string_equal(e->parameter[1].text, "-2.5e0");
    assert_int_equal(e->auxiliaries, 1);
    assert_int_equal(e->notes, 1);
    assert_non_null(strstr(e->note[0], "my.ode:1:"));
    assert_int_equal(equations_set(e, "B=1/3"), OK);
    assert_string_equal(e->parameter[1].text, "1/3");
    assert_int_equal(equations_set(e, "bb=1"), UNKNOWN_NAME);
    assert_non_null(strstr(status_message(), "no parameter 'bb' (a, b, c)"));
    equations_free(e);
}

static void errors_have_their_places(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"x'=b3*x\npar b2=1\n", "my.ode:1:4: unknown name 'b3'; did you mean b2?"},
        {"x'=-x\n  y'=2*(x+3\n", "my.ode:2:12: expected ')', found the end of the line"},
        {"par a=1\nx'=x\\\n +a)\n", "my.ode:3:4: expected an operator, found ')'"},
        {"x'=2*-x\n", "my.ode:1:6: a sign behind an operator"},
        {"x'=2^3^x\n", "my.ode:1:7: a^b^c"},
        {"x'=x**2\n", "my.ode:1:6: powers are written x^2"},
        {"x'=3x\n", "my.ode:1:5: a letter behind a number"},
        {"x'=t\n", "my.ode:1:4: the time t"},
        {"x'=x\nx'=1\n", "my.ode:2:1: 'x' is defined twice, first in line 1"},
        {"sin'=1\n", "my.ode:1:1: 'sin' has a meaning of its own"},
        {"par a=1/2\nx'=a\n", "my.ode:1:8: XPP would read 1 here"},
        {"par a=1e999\nx'=a\n", "my.ode:1:7: 1e999 is out of range"},
        {"x'=1e999\n", "my.ode:1:4: "},
        {"x'=sin(x,x)\n", "my.ode:1:4: sin has 1 argument, not 2"},
        {"f(u)=u\nx'=f(x,x)\n", "my.ode:2:4: f has 1 argument, not 2"},
        {"x'=z\nz=w\nw=1\n", "my.ode:2:3: 'w' is used before line 3"},
        {"#include other.ode\nx'=1\n", "my.ode:1:1: #include"},
        {"wiener w\nx'=w\n", "my.ode:1:1: `wiener` of XPP"},
        {"markov z 2\nx'=z\n", "my.ode:1:1: `markov` of XPP"},
        {"table f file.tab\nx'=f(x)\n", "my.ode:1:1: `table` of XPP"},
        {"options other\nx'=1\n", "my.ode:1:1: `options` of XPP"},
        {"x[1..3]'=1\n", "my.ode:1:1: arrays"},
        {"%[1..3]\nx'=1\n", "my.ode:1:1: %"},
        {"x(t+1)=x\n", "my.ode:1:1: maps"},
        {"x'=delay(x,1)\n", "my.ode:1:4: 'delay' of XPP"},
        {"x'=if(x>0)then(1)else(2)\n", "my.ode:1:4: 'if' of XPP"},
        {"0=x\nx'=1\n", "my.ode:1:1: algebraic"},
        {"x'=ran(1)\n", "my.ode:1:4: 'ran' of XPP"},
        {"x'=x>1\n", "my.ode:1:5: expected an operator, found '>'"},
        {"parr a=1\nx'=1\n", "my.ode:1:1: 'parr' begins no statement that is read here; did you"},
        {"init y=1\nx'=1\n", "my.ode:1:6: no equation has the unknown 'y'"},
        {"x(1)=1\nx'=1\n", "my.ode:1:3: values are given at the time 0"},
        {"x'=\n", "my.ode:1:4: expected a formula, found the end of the line"},
        {"x'=1 \xe9\n", "my.ode:1:6: expected an operator, found byte 0xe9"},
        {"x'=-x # decay\n", "my.ode:1:7: expected an operator, found '#': comments need a line of "
                            "their own"},
        {"x\xe2\x80\x99=-x\n", "my.ode:1:2: expected ', /dt, ( or =, found a typographic "
                               "apostrophe: use '"},
        {"\xef\xbb\xbfx'=-y\n", "my.ode:1:5: unknown name 'y'"}, /* a byte order mark */
        {"x'=1\n\xef\xbb\xbfy'=1\n", "my.ode:2:1: expected a statement, found byte 0xef"},
        {"# nothing\n", "my.ode: no equation"},
        {"", "my.ode: no equation"},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct equations *equations = NULL;
        const enum status status =
            ode_file_parse("my.ode", cases[k].text, strlen(cases[k].text), &equations);
        assert_null(equations);
        if (status == OK || strstr(status_message(), cases[k].message) != status_message())
            fail_msg("%s: \"%s\", expected \"%s\"", cases[k].text, status_message(),
                     cases[k].message);
    }
}

/* ---- limits ---- */

static void refused_as(const char *text, size_t length, const char *message)
{
    struct equations *equations = NULL;
    assert_int_not_equal(ode_file_parse("my.ode", text, length, &equations), OK);
    assert_null(equations);
    if (!strstr(status_message(), message))
        fail_msg("\"%s\", expected \"%s\"", status_message(), message);
}

static void hostile_files_are_refused(void **state)
{
    (void)state;
    enum { LARGE = ODE_FILE_BYTES_MOST + 1 };
    char *text = malloc(LARGE + 1);
    assert_non_null(text);
    memset(text, ' ', LARGE);
    refused_as(text, LARGE, "more than 1048576 bytes");
    memset(text, '(', 1000);
    memcpy(text, "x'=", 3);
    refused_as(text, 1000, "parentheses are nested more than 200 deep");
    size_t length = (size_t)snprintf(text, LARGE, "x'=x");
    while (length + 2 < LARGE)
        length += (size_t)snprintf(text + length, LARGE - length, "+x");
    refused_as(text, length, "nested too deeply");
    length = (size_t)snprintf(text, LARGE, "f0(x)=x*sin(x)\n");
    for (int k = 1; k < 40; k++) /* 2^40 parts, written out */
        length += (size_t)snprintf(text + length, LARGE - length, "f%d(x)=f%d(x)+f%d(x+%d)\n", k,
                                   k - 1, k - 1, k);
    length += (size_t)snprintf(text + length, LARGE - length, "x'=f39(x)\n");
    refused_as(text, length, "too ");
    refused_as("x'=1\0", 5, "0x00");
    free(text);
}

/* ---- where things are not smooth ---- */

static void switches_are_where_formulas_turn(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t switches;
        enum switch_kind kind;
        const char *name;
    } cases[] = {{"x'=1/(1+x^2)\n", 0, SWITCH_JUMPS, ""},
                 {"x'=sqrt(1+exp(x))/cosh(x)\n", 0, SWITCH_JUMPS, ""},
                 {"x'=ln(2+sin(x))+abs(x^2+1)\n", 0, SWITCH_JUMPS, ""},
                 {"x'=1/exp(x)+ln(exp(2*x))\n", 0, SWITCH_JUMPS, ""},
                 {"x'=abs(x)\n", 1, SWITCH_JUMPS, "x = 0"},
                 {"x'=abs(x-1)+heav(2-2*x)*sign(x-1)\n", 1, SWITCH_JUMPS, "x - 1 = 0"},
                 {"x'=max(x,y)\ny'=min(y,x)\n", 1, SWITCH_JUMPS, "x - y = 0"},
                 {"x'=max(x,y)\ny'=min(y,1)\n", 2, SWITCH_JUMPS, "x - y = 0"},
                 {"x'=1/x\n", 1, SWITCH_NOT_UNIQUE, "x = 0"},
                 {"x'=sqrt(x)\n", 1, SWITCH_NOT_UNIQUE, "x = 0"},
                 {"x'=x^1.5\n", 1, SWITCH_NOT_UNIQUE, "x = 0"},
                 {"x'=ln(x)+abs(x)\n", 1, SWITCH_NOT_UNIQUE, "x = 0"},
                 {"x'=1/(x^2-2)\n", 1, SWITCH_NOT_UNIQUE, "x^2 - 2 = 0"},
                 {"x'=asin(x)\n", 2, SWITCH_NOT_UNIQUE, "1 - x = 0"},
                 {"x'=tan(x)\n", 1, SWITCH_NOT_UNIQUE, "cos(x) = 0"}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct equations *e = read_text(cases[k].text);
        struct flow *flow = flow_of_equations(e);
        if (flow->switches != cases[k].switches)
            fail_msg("%s: %zu switches, expected %zu", cases[k].text, flow->switches,
                     cases[k].switches);
        if (flow->switches) {
            assert_int_equal(flow->surface[0].kind, cases[k].kind);
            assert_string_equal(flow->surface[0].name, cases[k].name);
        }
        flow_free(flow);
        equations_free(e);
    }
}

/* On the plane of a relay no zero of the field is made up: sign(0) is no value that solutions take. */
static void a_plane_has_the_field_of_one_side(void **state)
{
    (void)state;
    struct equations *e = read_text("x'=y\ny'=-x-.3*sign(y)+heav(-y)\n");
    struct flow *flow = flow_of_equations(e);
    const double x[2] = {0, 0};
    double f[2];
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    assert_true(f[0] == 0 && f[1] == -0.3); /* sign = 1, and heav of the other orientation 0 */
    flow->side[0] = -1;
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    assert_true(f[1] == 1.3);
    flow_free(flow);
    equations_free(e);
}

static void sides_are_those_of_the_flow(void **state)
{
    (void)state;
    struct equations *e = read_text("x'=abs(3-2*x)+heav(x-1.5)\ny'=max(x,1.5)\n");
    struct flow *flow = flow_of_equations(e);
    const double x[2] = {2.385, 0};
    double f[2], g[1];
    assert_int_equal(flow->switches, 1);
    flow->switching(flow, x, g);
    assert_true(fabs(g[0] - 0.885) <= 1e-15);
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    assert_true(fabs(f[0] - 2.77) <= 1e-15 && f[1] == 2.385);
    flow->side[0] = -1; /* the other piece, continued */
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    assert_true(fabs(f[0] + 1.77) <= 1e-15 && f[1] == 1.5);
    flow_free(flow);
    equations_free(e);
    e = read_text("x'=abs(x*y)\ny'=1\n");
    const struct problem problem = equations_problem(e);
    assert_int_equal(problem_flow(&problem, &flow), BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), "x*y = 0, which is no plane"));
    equations_free(e);
}

/* ---- claims ---- */

static void integrals_become_claims(void **state)
{
    (void)state;
    struct equations *e = read_text("par c=.3\nx'=c*(1-x*y)/(1+x^2)\ny'=x*(1-x*y)/(1+x^2)\n");
    assert_int_equal(equations_claims_find(e), OK);
    assert_int_equal(e->claims, 1);
    assert_true(e->claim[0].for_all);
    struct problem problem = equations_problem(e);
    problem.parameters[0] = -2.385;
    struct flow *flow = flow_of(&problem);
    assert_int_equal(flow->conserved, 1);
    struct stream stream = stream_at(3, 5, 7);
    for (size_t trial = 0; trial < 100; trial++) {
        const double x[2] = {stream_normal(&stream), stream_normal(&stream)};
        double f[2], bound[2];
        assert_int_equal(flow->field(flow, 1, x, f), OK);
        flow->rounding(flow, x, bound);
        flow_checks_claim(flow, 0, x,
                          &(struct flow_checks_claim){.f = f, .bound = bound, .roundings = 8});
        flow_checks_gradient(flow, 0, x, 1e-8);
    }
    flow_free(flow);
    equations_free(e);
}

/* x' = y, y' = -x - m y: an integral at m = 0 only, which no other flow may claim. */
static void claims_at_numbers_stay_there(void **state)
{
    (void)state;
    struct equations *e = read_text("par m=0\nx'=y\ny'=-x-m*y\n");
    assert_int_equal(equations_claims_find(e), OK);
    assert_int_equal(e->claims, 1);
    assert_false(e->claim[0].for_all);
    struct problem problem = equations_problem(e);
    struct flow *flow = flow_of(&problem);
    assert_int_equal(flow->conserved, 1);
    flow_free(flow);
    problem.parameters[0] = 1e-3;
    flow = flow_of(&problem);
    assert_int_equal(flow->conserved, 0);
    flow_free(flow);
    equations_free(e);
}

/* x' = 0 whatever m is, and z^2 at m = 0 only: both at the numbers, and none else claimed beyond. */
static void claims_are_not_mixed_up(void **state)
{
    (void)state;
    struct equations *e = read_text("par m=0\nx'=0\ny'=z\nz'=-y-m*z\n");
    assert_int_equal(equations_claims_find(e), OK);
    assert_int_equal(e->claims, 2);
    assert_false(e->claim[0].for_all || e->claim[1].for_all);
    equations_free(e);
}

static void fields_are_exact(void **state)
{
    (void)state;
    struct equations_field *field = NULL;
    struct equations *e = read_text("par a=.1\nx'=(x+y)^2/(x-y)-.3\ny'=a/(x-y)^2\n");
    assert_int_equal(equations_field_create(e, &field), OK);
    assert_non_null(field->field);
    assert_true(field->divided);
    fmpq_mpoly_t known;
    fmpq_mpoly_init(known, field->field->ring);
    const char *names[] = {"x", "y", "a"};
    fmpq_mpoly_set_str_pretty(known, "(x+y)^2*(x-y)-3/10*(x-y)^2", names, field->field->ring);
    assert_true(fmpq_mpoly_equal(known, field->field->f, field->field->ring));
    fmpq_mpoly_clear(known, field->field->ring);
    assert_int_equal(fmpq_cmp_si(field->values, 0), 1);
    assert_true(*fmpq_denref(field->values) == 10); /* 1/10, not the double */
    equations_field_free(field);
    equations_free(e);
    static const char *const none[] = {"x'=sin(x)\n", "x'=x^.5\n", "x'=abs(x)\n",
                                       "x'=(x+1)^60*(x-2)^60\n"};
    for (size_t k = 0; k < COUNT(none); k++) {
        e = read_text(none[k]);
        assert_int_equal(equations_field_create(e, &field), OK);
        assert_null(field->field);
        assert_true(*field->reason);
        equations_field_free(field);
        equations_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_evaluated_within_their_bounds),
        cmocka_unit_test(derivatives_are_those_of_differences),
        cmocka_unit_test(formulas_read_back),
        cmocka_unit_test(derivatives_are_the_known_ones),
        cmocka_unit_test(every_function_has_its_derivative),
        cmocka_unit_test(formulas_mean_what_xpp_means),
        cmocka_unit_test(statements_are_read),
        cmocka_unit_test(errors_have_their_places),
        cmocka_unit_test(hostile_files_are_refused),
        cmocka_unit_test(switches_are_where_formulas_turn),
        cmocka_unit_test(a_plane_has_the_field_of_one_side),
        cmocka_unit_test(sides_are_those_of_the_flow),
        cmocka_unit_test(integrals_become_claims),
        cmocka_unit_test(claims_at_numbers_stay_there),
        cmocka_unit_test(claims_are_not_mixed_up),
        cmocka_unit_test(fields_are_exact),
    };
    return cmocka_run_group_tests_name("equations", tests, NULL, NULL);
}
