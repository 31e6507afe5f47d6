/* Curves and labels of figures.
 *
 * Contours: every point is on its curve to rounding; the length of a traced circle approaches 2 pi
 * r with the square of the cell; a hyperbola has two open branches, two circles two closed curves,
 * and a curve that crosses itself is not torn.  Labels: what gnuplot would interpret is escaped,
 * and mathematics is set as such. */
#include "plots/contour.h"
#include "plots/fraction.h"
#include "plots/legend.h"
#include "plots/lines.h"
#include "plots/script.h"
#include "plots/sheet.h"
#include "plots/ticks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const double PI = 3.14159265358979323846;
static const double ON_CURVE = 1e-13; /* 48 bisections of a cell, times a gradient below 10 */

struct circle {
    double x, y, r;
};

static double circle_value(const void *context, double x, double y)
{
    const struct circle *c = context;
    return (x - c->x) * (x - c->x) + (y - c->y) * (y - c->y) - c->r * c->r;
}

static double two_circles_value(const void *context, double x, double y)
{
    const struct circle *c = context;
    return circle_value(&c[0], x, y) * circle_value(&c[1], x, y);
}

static double hyperbola_value(const void *context, double x, double y)
{
    return x * y - *(const double *)context;
}

static double length_of(const struct contour *contour)
{
    double length = 0;
    for (size_t k = 0; k < contour->curves; k++)
        for (size_t i = contour->start[k] + 1; i < contour->start[k + 1]; i++)
            length += hypot(contour->x[i] - contour->x[i - 1], contour->y[i] - contour->y[i - 1]);
    return length;
}

/* Traced circle of radius 1.385 on n by n cells: its defect of length. */
static double circle_defect(size_t n)
{
    const struct circle circle = {.x = 0.1234, .y = -0.2345, .r = 1.385};
    const struct contour_plan plan = {.window = {-2, 2.1, -1.9, 2.2},
                                      .width = n,
                                      .height = n,
                                      .value = circle_value,
                                      .context = &circle};
    struct contour *contour = NULL;
    assert_int_equal(contour_trace(&plan, &contour), OK);
    assert_int_equal(contour->curves, 1);
    for (size_t i = 0; i < contour->points; i++)
        assert_true(fabs(circle_value(&circle, contour->x[i], contour->y[i])) < ON_CURVE);
    size_t last = contour->points - 1;
    assert_true(contour->x[0] == contour->x[last] && contour->y[0] == contour->y[last]);
    double defect = 2 * PI * circle.r - length_of(contour);
    contour_free(contour);
    return defect;
}

static void a_circle_is_closed_and_has_its_length(void **state)
{
    (void)state;
    /* chords of length h lose h^3/(24 r^2) each: the defect is O(h^2), four times less for half h;
     * cells are cut at random, so the average over several n is compared */
    double coarse = 0, fine = 0;
    for (size_t n = 40; n < 60; n++) {
        coarse += circle_defect(n);
        fine += circle_defect(2 * n);
    }
    assert_true(coarse > 0 && fine > 0);
    assert_true(coarse / fine > 3.6 && coarse / fine < 4.4);
}

static void a_hyperbola_has_two_open_branches(void **state)
{
    (void)state;
    const double rho = 0.7385;
    const struct contour_plan plan = {.window = {-3, 3, -3, 3},
                                      .width = 70,
                                      .height = 90,
                                      .value = hyperbola_value,
                                      .context = &rho};
    struct contour *contour = NULL;
    assert_int_equal(contour_trace(&plan, &contour), OK);
    assert_int_equal(contour->curves, 2);
    for (size_t k = 0; k < 2; k++) {
        size_t first = contour->start[k], last = contour->start[k + 1] - 1;
        const size_t ends[2] = {first, last};
        for (size_t e = 0; e < 2; e++) /* each end is on the border */
            assert_true(fmax(fabs(contour->x[ends[e]]), fabs(contour->y[ends[e]])) == 3);
        for (size_t i = first; i < last; i++) /* and no branch jumps to the other */
            assert_true(contour->x[i] * contour->x[i + 1] > 0);
    }
    contour_free(contour);
}

/* Both branches pass through the cell about the origin, whose centre decides. */
static void close_branches_stay_apart(void **state)
{
    (void)state;
    const double rho[2] = {1e-4, -1e-4}; /* a cell has the area 9e-3 */
    for (size_t r = 0; r < 2; r++) {
        const struct contour_plan plan = {.window = {-1, 1, -1, 1},
                                          .width = 21,
                                          .height = 21,
                                          .value = hyperbola_value,
                                          .context = &rho[r]};
        struct contour *contour = NULL;
        assert_int_equal(contour_trace(&plan, &contour), OK);
        assert_int_equal(contour->curves, 2);
        for (size_t k = 0; k < 2; k++)
            for (size_t i = contour->start[k]; i + 1 < contour->start[k + 1]; i++)
                assert_true(contour->x[i] * contour->x[i + 1] > 0);
        contour_free(contour);
    }
}

static void two_circles_are_two_curves(void **state)
{
    (void)state;
    const struct circle circles[2] = {{.x = -1, .y = 0.1, .r = 0.6}, {.x = 1, .y = 0, .r = 0.7}};
    const struct contour_plan plan = {.window = {-2, 2, -2, 2},
                                      .width = 64,
                                      .height = 64,
                                      .value = two_circles_value,
                                      .context = circles};
    struct contour *contour = NULL;
    assert_int_equal(contour_trace(&plan, &contour), OK);
    assert_int_equal(contour->curves, 2);
    contour_free(contour);
}

static void crossing_lines_lose_no_point(void **state)
{
    (void)state;
    const double rho = 0;
    const struct contour_plan plan = {.window = {-1, 1.1, -1, 1.1},
                                      .width = 21,
                                      .height = 21,
                                      .value = hyperbola_value,
                                      .context = &rho};
    struct contour *contour = NULL;
    assert_int_equal(contour_trace(&plan, &contour), OK);
    /* both axes, of length 2.1 each; corners may be cut by one cell at the crossing */
    assert_true(fabs(length_of(contour) - 4.2) < 0.2);
    contour_free(contour);
}

static void nothing_gives_no_curves(void **state)
{
    (void)state;
    const struct circle circle = {.x = 9, .y = 9, .r = 1};
    const struct contour_plan plan = {.window = {-1, 1, -1, 1},
                                      .width = 8,
                                      .height = 8,
                                      .value = circle_value,
                                      .context = &circle};
    struct contour *contour = NULL;
    assert_int_equal(contour_trace(&plan, &contour), OK);
    assert_int_equal(contour->curves, 0);
    assert_int_equal(contour->points, 0);
    contour_free(contour);
    contour_free(NULL);
}

/* --- labels ---------------------------------------------------------------------------- */

struct label {
    const char *text, *made;
};

static const struct label plain[] = {
    {"t2-converges", "t2-converges"}, {"a_1 {x}^2", "a\\\\_1 \\\\{x\\\\}\\\\^2"},
    {"say \"hi\"", "say \\\"hi\\\""}, {"back\\slash", "back\\\\slash"},
    {"two\nlines", "two lines"},
};

static const struct label formulas[] = {
    {"a1", "{/:Italic a}_{1}  "},
    {"a12 = 0.5", "{/:Italic a}_{12} = 0.5  "},
    {"c1 a2 - c2 a1^2/2",
     "{/:Italic c}_{1} {/:Italic a}_{2} − {/:Italic c}_{2} {/:Italic a}_{1}^{2}/2  "},
    {"eta1 a2^2", "{/:Italic η}_{1} {/:Italic a}_{2}^{2}  "},
    {"alpha = -1", "{/:Italic α} = −1  "},
    {"a1.ode: settled", "a1.ode: settled  "}, /* the title of a file */
    {"a1.odes", "{/:Italic a}_{1}.odes  "},
    {"rtol 1e-10", "rtol 10^{−10}  "},
    {"atol 2.5e-12", "atol 2.5×10^{−12}  "},
    {"1e+06", "10^{6}  "},
    {"rk8pd", "rk8pd  "},
    {"alphabet", "alphabet  "},
    {"A1_2_13 = 3", "{/:Italic A}_{1}[2,13] = 3  "},
    {"Sigma_TI", "Σ_{TI}  "},
    {"V = -A + |A|^2/2", "{/:Italic V} = −{/:Italic A} + |{/:Italic A}|^{2}/2  "},
    {"|A2|_1 and x_1", "|{/:Italic A}_{2}|_{1} and {/:Italic x}\\\\_1  "},
};

static void labels_are_escaped(void **state)
{
    (void)state;
    char label[SCRIPT_LABEL_MAX];
    for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
        assert_string_equal(script_label(plain[k].text, label), plain[k].made);
}

static void formulas_are_set(void **state)
{
    (void)state;
    char label[SCRIPT_LABEL_MAX];
    for (size_t k = 0; k < sizeof formulas / sizeof *formulas; k++)
        assert_string_equal(script_formula(formulas[k].text, label), formulas[k].made);
}

static void long_labels_are_cut(void **state)
{
    (void)state;
    char text[2 * SCRIPT_LABEL_MAX], label[SCRIPT_LABEL_MAX];
    memset(text, '_', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_true(strlen(script_label(text, label)) < SCRIPT_LABEL_MAX);
    assert_true(strlen(script_formula(text, label)) < SCRIPT_LABEL_MAX);
}

static void scripts_grow(void **state)
{
    (void)state;
    struct script *script = script_create();
    for (int k = 0; k < 5000; k++)
        script_add(script, "%d\n", k);
    const char *text = script_text(script);
    assert_non_null(text);
    assert_string_equal(text + strlen(text) - strlen("4998\n4999\n"), "4998\n4999\n");
    script_free(script);
    script_add(NULL, "lost");
    assert_null(script_text(NULL));
}

/* --- lines and ticks --------------------------------------------------------------------- */

static void lines_break_at_blanks(void **state)
{
    (void)state;
    struct lines lines = {.count = 0};
    lines_add(&lines, NULL, 10);
    lines_add(&lines, "", 10);
    assert_int_equal(lines.count, 0);
    lines_add(&lines, "αβγδε ζηθ ικλμν", 10); /* characters, not bytes */
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.line[0], "αβγδε ζηθ");
    assert_string_equal(lines.line[1], "ικλμν");
    assert_int_equal(lines_width(lines.line[0]), 9);
    lines_add(&lines, "0123456789abcdefghij", 10); /* a word that is too long */
    assert_int_equal(lines.count, 4);
    assert_string_equal(lines.line[2], "0123456789");
    lines_add(&lines, "one two three four five six seven eight nine ten", 10);
    assert_int_equal(lines.count, 7);
    const char *last = lines.line[6];
    assert_string_equal(last + strlen(last) - 3, "...");
}

static void ticks_are_few_and_say_their_unit(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        const char *label;
    } axes[] = {{-3, 3, "x"},
                {-1e10, 1e10, "x / 10^{10}"},
                {-2e-7, 1e-7, "x / 10^{−7}"},
                {1, 1.00001, "(x − 1.000005) / 10^{−6}"}};
    for (size_t k = 0; k < sizeof axes / sizeof *axes; k++) {
        char label[SCRIPT_LABEL_MAX] = "x";
        struct script *script = script_create();
        ticks_add(script, 'x', axes[k].low, axes[k].high, label);
        assert_string_equal(label, axes[k].label);
        size_t count = 0;
        for (const char *at = script_text(script); *at; at++)
            count += *at == ',';
        assert_true(k == 0 ? *script_text(script) == '\0' : count >= 2 && count <= 6);
        script_free(script);
    }
    for (int k = 0; k < 80; k++) {
        const double width = 1e-5 * pow(1.37, k), step = ticks_step(width, 5);
        assert_true(width / step <= 5 + 1e-6 && width / step > 1.9);
    }
}

/* Half a legend is 3.63 cm wide; at 8 points 25 letters fit there, 25 characters of which eight are digits
 * do not: they reached under the sample of the entry beside them. */
static void entries_with_many_digits_have_their_own_row(void **state)
{
    (void)state;
    static const char *const first[] = {"escaped: 59.95 to 60.42 %", "escaped into the distance"};
    double height[2];
    for (size_t k = 0; k < 2; k++) {
        struct legend legend = {.count = 0};
        legend_box(&legend, LEGEND_BOX, colour_unbounded, first[k]);
        legend_box(&legend, LEGEND_BOX, colour_undecided, "not proved: 0.46 %");
        height[k] = legend_height(&legend);
    }
    assert_int_equal(strlen(first[0]), strlen(first[1]));
    assert_true(height[0] > 1.9 * height[1]);
}

/* 54 characters each: of three numbers, which ran out of the picture, and of words. */
static void entries_with_many_digits_have_further_lines(void **state)
{
    (void)state;
    static const char *const text[] = {"0. x = -7.11805, y = -7.11805, z = 19: 50 % (40 to 60)",
                                       "what is neither settled nor escaped after all the time"};
    struct legend legend = {.count = 0};
    for (size_t k = 0; k < 2; k++)
        legend_box(&legend, LEGEND_BOX, colour_unbounded, text[k]);
    assert_int_equal(strlen(text[0]), strlen(text[1]));
    assert_int_equal(legend.entry[0].text.count, 2);
    assert_int_equal(legend.entry[1].text.count, 1);
}

static void exponents_are_fractions(void **state)
{
    (void)state;
    char text[FRACTION_TEXT];
    assert_string_equal(fraction_write(-1.0 / 14, text), "-1/14");
    assert_string_equal(fraction_write(2, text), "2");
    assert_string_equal(fraction_write(-0.0, text), "0");
    assert_string_equal(fraction_write(1.0 / 6, text), "1/6");
    assert_string_equal(fraction_write(1.0 / 6 + 1e-9, text),
                        "0.16667"); /* measured, no fraction */
    assert_string_equal(fraction_write(-3.695593152, text), "-3.6956");
}

static void names_are_no_mathematics(void **state)
{
    (void)state;
    struct legend legend = {.plain = true};
    struct legend_place place = {.width = 8.6, .height = 10, .top = 9};
    struct script *script = script_create();
    legend_line(&legend, LEGEND_POINT, "pt 6", "t4-algebraic");
    legend_line(&legend, LEGEND_POINT, "pt 6", "t4-polynomial-divergence");
    legend_add(script, &legend, &place);
    assert_non_null(strstr(script_text(script), "\"t4-algebraic\""));
    assert_null(strstr(script_text(script), "Italic"));
    struct legend one = {.plain = true};
    legend_line(&one, LEGEND_POINT, "pt 6", "t4-algebraic");
    /* the second has a row of its own: it would reach beyond the canvas */
    assert_true(legend_height(&legend) > 1.5 * legend_height(&one));
    script_free(script);
}

/* The labels of an axis: how many, and whether `wanted` is one of them. */
static size_t labels_of(const struct sheet_axis *axis, const char *wanted, bool *has)
{
    char name[SCRIPT_LABEL_MAX];
    struct script *script = script_create();
    sheet_axis_add(script, 'x', axis, name);
    const char *text = script_text(script), *at = strstr(text, "set xtics (");
    size_t count = 0;
    *has = false;
    assert_non_null(at);
    for (at += strlen("set xtics ("); at && *at != ')';
         at = strstr(at, ", ") ? strstr(at, ", ") + 2 : NULL)
        if (*at != '"') {
            count++;
            *has |= strncmp(at, wanted, strlen(wanted)) == 0 && strchr(",)", at[strlen(wanted)]);
        }
    script_free(script);
    return count;
}

static void axes_of_any_length_have_labels(void **state)
{
    (void)state;
    bool has;
    const struct sheet_axis
        within = {.name = "t", .scale = SHEET_LOGARITHMIC, .from = 0.31, .to = 0.92},
        few = {.name = "t", .scale = SHEET_LOGARITHMIC, .from = 0.7, .to = 21},
        many = {.name = "t", .scale = SHEET_LOGARITHMIC, .from = 3e-17, .to = 2},
        back = {.name = "t", .scale = SHEET_LOGARITHMIC, .from = 1, .to = 0.001};
    assert_in_range(labels_of(&within, "0.5", &has), 2, 5);
    assert_true(has);
    assert_int_equal(labels_of(&few, "20", &has), 5); /* 1, 2, 5, 10, 20 */
    assert_true(has);
    assert_in_range(labels_of(&many, "1", &has), 4, 7);
    assert_true(has);                                 /* a label at 1, whatever the step */
    assert_int_equal(labels_of(&back, "1", &has), 4); /* a reversed axis has its labels, too */
    assert_true(has);
}

static void axes_have_room(void **state)
{
    (void)state;
    struct sheet_axis some = {.scale = SHEET_LINEAR}, one = some, zero = some,
                      decades = {.scale = SHEET_LOGARITHMIC};
    sheet_axis_fit(&some, -1.25, 2.385);
    assert_true(some.from < -1.25 && some.from > -1.75 && some.to > 2.385 && some.to < 2.885);
    sheet_axis_fit(&one, 2.385, 2.385); /* one value: an axis round it */
    assert_true(one.from < 2.385 && one.to > 2.385);
    sheet_axis_fit(&zero, 0, 0);
    assert_true(zero.from < 0 && zero.to > 0);
    sheet_axis_fit(&decades, 1e-12, 2.385e3);
    assert_true(decades.from > 0 && decades.from < 1e-12 && decades.to > 2.385e3);
}

static void panels_of_a_sheet_stand_above_each_other(void **state)
{
    (void)state;
    const struct sheet sheet = {.panels = 2, .panel = {4.2, 2.6}, .x = {.name = "t", .to = 2.385}};
    const struct sheet_axis y = {.name = "y", .from = -1, .to = 1};
    double place[4];
    for (size_t k = 0; k < 2; k++) {
        struct script *script = script_create();
        sheet_panel_add(script, &sheet, k, &y);
        const char *text = script_text(script);
        assert_int_equal(
            sscanf(strstr(text, "set bmargin"), "set bmargin at screen %lf", &place[2 * k]), 1);
        assert_int_equal(
            sscanf(strstr(text, "set tmargin"), "set tmargin at screen %lf", &place[2 * k + 1]), 1);
        assert_int_equal(strstr(text, "\nset xlabel") != NULL, k == 1);
        script_free(script);
    }
    assert_true(0 < place[2] && place[2] < place[3] && place[3] < place[0] && place[0] < place[1] &&
                place[1] < 1);
    /* to scale: the texts have five digits */
    assert_true(fabs((place[1] - place[0]) / (place[3] - place[2]) - 4.2 / 2.6) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circle_is_closed_and_has_its_length),
        cmocka_unit_test(a_hyperbola_has_two_open_branches),
        cmocka_unit_test(close_branches_stay_apart),
        cmocka_unit_test(two_circles_are_two_curves),
        cmocka_unit_test(crossing_lines_lose_no_point),
        cmocka_unit_test(nothing_gives_no_curves),
        cmocka_unit_test(labels_are_escaped),
        cmocka_unit_test(formulas_are_set),
        cmocka_unit_test(long_labels_are_cut),
        cmocka_unit_test(scripts_grow),
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(entries_with_many_digits_have_their_own_row),
        cmocka_unit_test(entries_with_many_digits_have_further_lines),
        cmocka_unit_test(ticks_are_few_and_say_their_unit),
        cmocka_unit_test(axes_of_any_length_have_labels),
        cmocka_unit_test(axes_have_room),
        cmocka_unit_test(exponents_are_fractions),
        cmocka_unit_test(names_are_no_mathematics),
        cmocka_unit_test(panels_of_a_sheet_stand_above_each_other),
    };
    return cmocka_run_group_tests_name("plots", tests, NULL, NULL);
}
