/* A figure: one gnuplot script beside its tables, drawn in three formats.
 *
 * The script is a loop over the formats, so that the three pictures cannot differ.  Sizes: PDF is
 * true to scale; SVG counts CSS pixels, 96 to the inch; PNG is drawn at 300 dots to the inch, with
 * fonts and lines scaled by 300/72, since gnuplot's point is a pixel there.
 * gnuplot's exit status does not tell of a torn picture, so the last bytes of each are checked.
 * A picture is drawn under its final name: the manifest, written last, tells a whole directory. */
#include "plots/figure.h"

#include "base/folder.h"
#include "plots/gnuplot.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PATH_LENGTH = 4096, TAIL_LENGTH = 64, TERMINAL_LENGTH = 256 };

static const double INCH = 2.54;          /* cm */
static const double DOTS_PER_INCH = 300;  /* of the PNG; journals ask for 300 */
static const double POINTS_PER_INCH = 72; /* gnuplot's unit of fonts and line widths */
static const double PIXELS_PER_INCH = 96; /* CSS */
static const double FONT_POINTS = 8;
static const double CAIRO_FONT = 0.75;  /* cairo terminals make 4/3 points of what they call one */
static const double LINE_POINTS = 0.75; /* width of lw 1 on paper */
static const double PDF_LINE_POINTS = 0.5; /* what pdfcairo makes of lw 1 */

struct format {
    const char *extension, *tail; /* a whole file holds the tail among its last bytes */
    void (*terminal)(const struct figure *figure, char *text);
};

static void png_terminal(const struct figure *figure, char *text)
{
    double scale = DOTS_PER_INCH / POINTS_PER_INCH;
    snprintf(text, TERMINAL_LENGTH,
             "pngcairo enhanced font 'Sans,%g' fontscale %.3f linewidth %.3f pointscale %.3f "
             "size %.0f,%.0f",
             FONT_POINTS, scale * CAIRO_FONT, scale * LINE_POINTS, scale,
             figure->width / INCH * DOTS_PER_INCH, figure->height / INCH * DOTS_PER_INCH);
}

static void pdf_terminal(const struct figure *figure, char *text)
{
    snprintf(text, TERMINAL_LENGTH,
             "pdfcairo enhanced font 'Sans,%g' fontscale %g linewidth %g size %gcm,%gcm",
             FONT_POINTS, CAIRO_FONT, LINE_POINTS / PDF_LINE_POINTS, figure->width, figure->height);
}

static void svg_terminal(const struct figure *figure, char *text)
{
    double scale = PIXELS_PER_INCH / POINTS_PER_INCH;
    snprintf(text, TERMINAL_LENGTH,
             "svg enhanced font 'DejaVu Sans,%g' fontscale %.3f linewidth %.3f size %.0f,%.0f "
             "background 'white'",
             FONT_POINTS, scale, scale * LINE_POINTS, figure->width / INCH * PIXELS_PER_INCH,
             figure->height / INCH * PIXELS_PER_INCH);
}

static const struct format formats[FIGURE_FORMATS] = {
    {.extension = "pdf", .tail = "%%EOF", .terminal = pdf_terminal},
    {.extension = "png", .tail = "IEND", .terminal = png_terminal},
    {.extension = "svg", .tail = "</svg>", .terminal = svg_terminal},
};

/* The whole script: settings, then for each format its terminal and the same plot. */
static void script_compose(struct script *script, const struct figure *figure)
{
    char terminal[TERMINAL_LENGTH];
    script_add(script, "# %s\n# Draw it again with: gnuplot %s.gp\n\n%s\n%s\n", figure->title,
               figure->name, figure_style(), figure->settings);
    script_add(script, "do for [format = 1:%d] {\n", FIGURE_FORMATS);
    for (size_t k = 0; k < FIGURE_FORMATS; k++) {
        formats[k].terminal(figure, terminal);
        script_add(script, "if (format == %zu) { set terminal %s; set output '%s.%s' }\n", k + 1,
                   terminal, figure->name, formats[k].extension);
    }
    script_add(script, "%s\nunset output\n}\n", figure->plot);
}

static enum status script_write(const struct figure *figure)
{
    char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX];
    figure_files(figure->name, file);
    struct script *script = script_create();
    script_compose(script, figure);
    const char *text = script_text(script);
    enum status status = text ? folder_write(figure->directory, file[0], text)
                              : status_fail(NO_MEMORY, "no memory for %s", file[0]);
    script_free(script);
    return status;
}

/* The last bytes of a file, with zeros replaced so that text can be found in them. */
static void tail_read(const char *path, char tail[TAIL_LENGTH + 1])
{
    tail[0] = '\0';
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    if (fseek(file, -(long)TAIL_LENGTH, SEEK_END) != 0)
        rewind(file);
    size_t length = fread(tail, 1, TAIL_LENGTH, file);
    fclose(file);
    tail[length] = '\0';
    for (size_t k = 0; k < length; k++)
        tail[k] = tail[k] ? tail[k] : ' ';
}

static enum status pictures_check(const struct figure *figure)
{
    char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX], path[PATH_LENGTH], tail[TAIL_LENGTH + 1];
    figure_files(figure->name, file);
    for (size_t k = 0; k < FIGURE_FORMATS; k++) {
        TRY(folder_join(figure->directory, file[k + 1], sizeof path, path));
        tail_read(path, tail);
        if (!strstr(tail, formats[k].tail))
            return status_fail(CANNOT_WRITE, "gnuplot left %s unfinished", path);
    }
    return OK;
}

enum status figure_draw(const struct figure *figure)
{
    char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX];
    figure_files(figure->name, file);
    if (!figure->settings || !figure->plot)
        return status_fail(NO_MEMORY, "no memory for the script of %s", figure->name);
    TRY(script_write(figure));
    TRY(gnuplot_run(figure->directory, file[0]));
    return pictures_check(figure);
}

void figure_files(const char *name, char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX])
{
    snprintf(file[0], FIGURE_NAME_MAX, "%s.gp", name);
    for (size_t k = 0; k < FIGURE_FORMATS; k++)
        snprintf(file[k + 1], FIGURE_NAME_MAX, "%s.%s", name, formats[k].extension);
}

enum status figure_of_scripts(const struct figure *figure, struct script *settings,
                              struct script *plot)
{
    struct figure whole = *figure;
    whole.settings = script_text(settings);
    whole.plot = script_text(plot);
    const enum status status = figure_draw(&whole);
    script_free(settings);
    script_free(plot);
    return status;
}
