/* Eigenvalues in the complex plane over time.
 *
 * Time is the colour, on a logarithmic scale as on the axes below, since learning spreads over
 * decades.  One unit is equally long on both axes of the plane; the unit circle and the real axis
 * are the references.  Entries of small matrices have their own colours, those of large ones only
 * tell the diagonal from the rest. */
#include "plots/spectrum.h"

#include "plots/figure.h"
#include "plots/legend.h"
#include "plots/ticks.h"

#include <math.h>
#include <stdio.h>

enum { COLOURS = 6, STYLE_LENGTH = 64, PANEL_TICKS = 4, CIRCLE_POINTS = 181 };

/* The canvas, in cm. */
static const double LEFT = 1.25, PLOT = 6.0, TITLE_ABOVE = 0.14, TITLE_GAP = 0.45;
static const double AXIS_BELOW = 1.0, PANEL = 2.1, PANEL_GAP = 0.55, BOTTOM = 0.12;
static const double BAR_GAP = 0.15, BAR = 0.2, TIME_ABOVE = 0.3;
static const double X_NAME = 0.78, Y_NAME = 0.3;
static const double KEY_ABOVE = 0.25, NAME_LEFT = 0.75;
static const double SAMPLE = 0.26, SAMPLE_GAP = 0.06, ENTRY_WIDTH = 0.99;
static const double DIAGONAL_LEFT = 3.8, OTHERS_LEFT = 2.1; /* from the right end */
static const double ASPECT_LEAST = 0.55, ASPECT_MOST = 0.9; /* of the complex plane */
static const double ROOM = 0.08;                            /* round the eigenvalues */
static const double SPAN_LEAST = 0.4; /* units: a point has to be seen in its surroundings */

struct canvas {
    double width, height, plane_height, plane_bottom, panel_bottom[SPECTRUM_PANELS];
    double x[2], y[2]; /* ranges of the plane */
    struct lines title, caption;
    struct legend legend;
};

static const char START[] = "pt 4 ps 0.7 lw 1.2 lc rgb vermillion";
static const char LIMIT[] = "pt 7 ps 0.55 lc rgb ink";

/* Ranges with one unit for both axes, the real axis in the middle. */
static void ranges_choose(const struct spectrum_figure *figure, struct canvas *canvas)
{
    const double low = fmin(figure->real[0], 0), high = fmax(figure->real[1], 0);
    const double width = fmax(high - low, SPAN_LEAST) * (1 + 2 * ROOM);
    const double height = 2 * figure->imaginary * (1 + 2 * ROOM);
    const double aspect = fmin(fmax(height / width, ASPECT_LEAST), ASPECT_MOST);
    const double span = fmax(width, height / aspect), middle = (low + high) / 2;
    canvas->x[0] = middle - span / 2;
    canvas->x[1] = middle + span / 2;
    canvas->y[1] = span * aspect / 2;
    canvas->y[0] = -canvas->y[1];
    canvas->plane_height = PLOT * aspect;
}

static void canvas_compose(const struct spectrum_figure *figure, struct canvas *canvas)
{
    *canvas = (struct canvas){.width = FIGURE_COLUMN};
    ranges_choose(figure, canvas);
    lines_add(&canvas->title, figure->title, legend_title_width);
    for (size_t k = 0; k < SPECTRUM_CAPTIONS; k++)
        lines_add(&canvas->caption, figure->caption[k], legend_caption_width);
    legend_line(&canvas->legend, LEGEND_POINT, START, "start");
    if (figure->limits)
        legend_line(&canvas->legend, LEGEND_POINT, LIMIT, "limit");
    legend_line(&canvas->legend, LEGEND_LINE, "lw 0.8 lc rgb '#888888'", "unit circle, axes");
    double bottom = BOTTOM + legend_caption_height(&canvas->caption);
    bottom += AXIS_BELOW;
    for (size_t k = figure->panels; k-- > 0;) {
        canvas->panel_bottom[k] = bottom;
        bottom += PANEL + PANEL_GAP;
    }
    canvas->plane_bottom = bottom + legend_height(&canvas->legend) + AXIS_BELOW;
    canvas->height = canvas->plane_bottom + canvas->plane_height + TITLE_GAP +
                     legend_title_height(&canvas->title) + TITLE_ABOVE;
}

static void margins_add(struct script *script, const struct canvas *canvas, double bottom,
                        double height)
{
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
               LEFT / canvas->width, (LEFT + PLOT) / canvas->width);
    script_add(script, "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
               bottom / canvas->height, (bottom + height) / canvas->height);
}

static void plane_settings(struct script *script, const struct spectrum_figure *figure,
                           const struct canvas *canvas)
{
    char x[SCRIPT_LABEL_MAX], y[SCRIPT_LABEL_MAX], matrix[SCRIPT_LABEL_MAX];
    script_formula(figure->matrix, matrix);
    snprintf(x, sizeof x, "Re of the eigenvalues of %.300s", matrix);
    snprintf(y, sizeof y, "Im");
    script_add(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:%.17g]\n", canvas->x[0],
               canvas->x[1], canvas->y[0], canvas->y[1]);
    ticks_add(script, 'x', canvas->x[0], canvas->x[1], x);
    ticks_add(script, 'y', canvas->y[0], canvas->y[1], y);
    script_add(script, "set label 901 \"%s\" at screen %.5f,%.5f center font ',8'\n", x,
               (LEFT + PLOT / 2) / canvas->width, (canvas->plane_bottom - X_NAME) / canvas->height);
    script_add(script, "set label 902 \"%s\" at screen %.5f,%.5f center font ',8'\n", y,
               LEFT / canvas->width,
               (canvas->plane_bottom + canvas->plane_height + Y_NAME) / canvas->height);
    script_add(script, "set label 903 \"time {/:Italic t}\" at screen %.5f,%.5f left font ',8'\n",
               (LEFT + PLOT + BAR_GAP) / canvas->width,
               (canvas->plane_bottom + canvas->plane_height + TIME_ABOVE) / canvas->height);
    script_add(script,
               "set logscale cb\nset cbrange [%.6g:%.6g]\nset format cb '10^{%%T}'\n"
               "set cbtics font ',8' offset -0.7,0\n"
               "set colorbox user origin screen %.5f,%.5f size screen %.5f,%.5f noborder\n",
               figure->time[0], figure->time[1], (LEFT + PLOT + BAR_GAP) / canvas->width,
               canvas->plane_bottom / canvas->height, BAR / canvas->width,
               canvas->plane_height / canvas->height);
}

static void plane_add(struct script *script, const struct spectrum_figure *figure,
                      const struct canvas *canvas)
{
    margins_add(script, canvas, canvas->plane_bottom, canvas->plane_height);
    plane_settings(script, figure, canvas);
    script_add(
        script,
        "set arrow 901 from graph 0,first 0 to graph 1,first 0 nohead back lw 0.6 lc rgb "
        "'#888888'\nset arrow 902 from first 0,graph 0 to first 0,graph 1 nohead back lw 0.6 "
        "lc rgb '#888888'\nset samples %d\nset parametric\nset trange [0:2*pi]\n"
        "plot cos(t),sin(t) with lines lw 0.8 lc rgb '#888888'",
        CIRCLE_POINTS);
    script_add(script,
               ", \\\n     for [k=1:%zu] 'eigenvalues-spectrum.tsv' using "
               "(column(2*k)):(column(2*k+1)):($1 > %.17g ? $1 : %.17g) with lines lw 1.5 "
               "lc palette",
               figure->count, figure->time[0], figure->time[0]);
    script_add(script, ", \\\n     'eigenvalues-starts.tsv' using 1:2 with points %s", START);
    if (figure->limits)
        script_add(script, ", \\\n     'eigenvalues-limits.tsv' using 1:2 with points %s", LIMIT);
    script_add(script, "\nunset parametric\nunset arrow 901\nunset arrow 902\nunset label 901\n"
                       "unset label 902\nunset label 903\nunset colorbox\nset xtics autofreq\n"
                       "set ytics autofreq\n");
}

/* --- entries ------------------------------------------------------------------------------- */

/* What a colour means, above the panel: gnuplot's key would break into rows. */
static void sample_add(struct script *script, const struct canvas *canvas, const double at[2],
                       const char *style, const char *text)
{
    const double left = at[0] / canvas->width, right = (at[0] + SAMPLE) / canvas->width;
    const double y = at[1] / canvas->height;
    script_add(script, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead %s\n", left, y,
               right, y, style);
    script_add(script, "set label '%s' at screen %.5f,%.5f left font ',7.5'\n", text,
               right + SAMPLE_GAP / canvas->width, y);
}

/* A colour for each entry of a small matrix; else one for the diagonal and one for the rest. */
static void entry_style(const struct spectrum_panel *panel, size_t k, char style[STYLE_LENGTH])
{
    const bool diagonal = k / panel->columns == k % panel->columns;
    if (panel->rows * panel->columns <= COLOURS)
        snprintf(style, STYLE_LENGTH, "lw 1.4 lc rgb colour[%zu]", k + 1);
    else
        snprintf(style, STYLE_LENGTH, "lw 1.2 lc rgb %s", diagonal ? "blue" : "orange");
}

static void samples_add(struct script *script, const struct spectrum_panel *panel,
                        const struct canvas *canvas, double y)
{
    const size_t count = panel->rows * panel->columns;
    const double right = LEFT + PLOT;
    char style[STYLE_LENGTH], text[STYLE_LENGTH];
    for (size_t k = 0; k < count && count <= COLOURS; k++) {
        const double at[2] = {right - (double)(count - k) * ENTRY_WIDTH, y};
        entry_style(panel, k, style);
        snprintf(text, sizeof text, "[%zu,%zu]", k / panel->columns + 1, k % panel->columns + 1);
        sample_add(script, canvas, at, style, text);
    }
    if (count <= COLOURS)
        return;
    const double first[2] = {right - DIAGONAL_LEFT, y}, second[2] = {right - OTHERS_LEFT, y};
    entry_style(panel, 0, style);
    sample_add(script, canvas, first, style, "diagonal");
    entry_style(panel, 1, style); /* of so many entries the second is not on the diagonal */
    sample_add(script, canvas, second, style, "other entries");
}

static void entries_add(struct script *script, const struct spectrum_panel *panel)
{
    char style[STYLE_LENGTH];
    for (size_t k = 0; k < panel->rows * panel->columns; k++) {
        entry_style(panel, k, style);
        script_add(script, "%s'eigenvalues-entries.tsv' using 1:%zu with lines %s",
                   k ? ", \\\n     " : "plot ", panel->first + k, style);
    }
    script_add(script, "\n");
}

static void panel_add(struct script *script, const struct spectrum_figure *figure,
                      const struct canvas *canvas, size_t k)
{
    char name[SCRIPT_LABEL_MAX];
    const struct spectrum_panel *panel = &figure->panel[k];
    const double bottom = canvas->panel_bottom[k];
    const bool last = k + 1 == figure->panels;
    margins_add(script, canvas, bottom, PANEL);
    script_add(script,
               "set logscale x\nset xrange [%.17g:%.17g]\nset yrange [%.10g:%.10g]\n"
               "set ytics %.10g\nset format x '%s'\nset format y '%%g'\n",
               figure->time[0], figure->time[1], panel->range[0], panel->range[1],
               ticks_step(panel->range[1] - panel->range[0], PANEL_TICKS), last ? "10^{%T}" : "");
    script_add(script, "set label 901 \"%s\" at screen %.5f,%.5f left font ',9'\n",
               script_symbol(panel->name, name), NAME_LEFT / canvas->width,
               (bottom + PANEL + KEY_ABOVE) / canvas->height);
    if (last)
        script_add(script,
                   "set label 902 \"time {/:Italic t}\" at screen %.5f,%.5f center font ',8'\n",
                   (LEFT + PLOT / 2) / canvas->width, (bottom - X_NAME) / canvas->height);
    script_add(script, "set grid x y lw 0.4 lc rgb '#E4E4E4'\n");
    samples_add(script, panel, canvas, bottom + PANEL + KEY_ABOVE);
    entries_add(script, panel);
    script_add(script, "unset label\nunset arrow\nunset grid\n");
}

/* --- the whole ------------------------------------------------------------------------------ */

static void settings_add(struct script *script, const struct canvas *canvas)
{
    script_add(script, "set datafile separator tab\nset tics font ',8'\nset xtics offset 0,0.3\n"
                       "set ytics offset 0.4,0\n");
    legend_radius_add(script, canvas->width);
}

/* Title, legend and caption belong to the first plot of the page. */
static void texts_add(struct script *script, const struct canvas *canvas)
{
    struct legend_place place = {
        .width = canvas->width, .height = canvas->height, .top = canvas->height - TITLE_ABOVE};
    legend_title_add(script, &canvas->title, &place);
    place.top = canvas->plane_bottom - AXIS_BELOW;
    legend_add(script, &canvas->legend, &place);
    place.top = BOTTOM + legend_caption_height(&canvas->caption);
    legend_caption_add(script, &canvas->caption, &place);
}

static void plot_add(struct script *script, const struct spectrum_figure *figure,
                     const struct canvas *canvas)
{
    script_add(script, "set multiplot\nunset logscale\nset format x '%%g'\nset format y '%%g'\n"
                       "unset key\nset offsets\nunset label\nunset arrow\n");
    texts_add(script, canvas);
    plane_add(script, figure, canvas);
    script_add(script, "unset label\nunset arrow\n");
    for (size_t k = 0; k < figure->panels; k++)
        panel_add(script, figure, canvas, k);
    script_add(script, "unset multiplot\n");
}

enum status spectrum_draw(const struct spectrum_figure *figure)
{
    struct canvas canvas;
    canvas_compose(figure, &canvas);
    const struct figure whole = {.directory = figure->directory,
                                 .name = "eigenvalues",
                                 .title = "Eigenvalues over time",
                                 .width = canvas.width,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, &canvas);
    plot_add(plot, figure, &canvas);
    return figure_of_scripts(&whole, settings, plot);
}
