/* The figures and tables of a directory of results. */
#include "cli/report_figures.h"

#include "base/folder.h"
#include "plots/content.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const off_t SVG_LARGE = 1500000;   /* bytes: tens of thousands of marks make a page slow */
static const size_t SVG_MOST = 6000000;   /* bytes, where there is no PNG */
static const size_t PNG_LARGE = 20000000; /* bytes */
static const size_t SCRIPT_LARGE = 1000000;
static const size_t ROWS_MOST = 200; /* of a table that anybody reads */

enum { PREFIX_MAX = 32, TITLE_MAX = 160 };

/* NAME of NAME.svg */
static const char *stem_of(struct report *report, const char *name)
{
    return report_text(report, "%.*s", (int)(strlen(name) - strlen(".svg")), name);
}

static bool ends_with(const char *name, const char *end)
{
    return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

/* What a figure is, where its script says too little. */
static const char *title_known(const char *stem)
{
    static const struct {
        const char *stem, *title;
    } known[] = {
        {"limits", "Deviations of the trials from the prediction, theorem by theorem, and what is "
                   "allowed"},
        {"rates", "Measured rates of approach against predicted ones, theorem by theorem"},
        {"exponents", "Measured exponents of algebraic approach and growth against predicted ones"},
        {"law", "How fast the trajectory approaches its limit or grows, beside what is predicted"},
        {"drift", "Drift of the first integrals along the trajectory, on a logarithmic axis"},
        {"orbit", "The path of the trajectory in a plane of two unknowns"},
        {"trajectory", "The weights, and the loss, against time"},
        {"basin", "Where the starts of the window end; shades are settling times"},
        {"basin-time", "Settling times over the window"},
        {"certified",
         "What is proved: in each cell every start ends as coloured; grey is not proved"},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(known[k].stem, stem) == 0)
            return known[k].title;
    return NULL;
}

/* The first line of the script, a comment. */
static const char *title_of(const struct report_manifest *manifest, struct report *report,
                            const char *stem)
{
    const char *script = report_text(report, "%s.gp", stem);
    struct content content;
    if (title_known(stem))
        return title_known(stem);
    if (!report_manifest_lists(manifest, script) ||
        content_read(manifest->directory, script, SCRIPT_LARGE, &content) != OK)
        return stem;
    const char *line = content.text + strspn(content.text, "# ");
    const size_t length = strcspn(line, "\n");
    const char *title =
        length > 0 && length < TITLE_MAX ? report_text(report, "%.*s", (int)length, line) : stem;
    content_free(&content);
    return title;
}

/* BAD_DATA: it is not understood. */
static enum status svg_take(const struct report_manifest *manifest, const char *name,
                            struct report *report, struct svg *svg)
{
    char prefix[PREFIX_MAX];
    struct content content;
    TRY(content_read(manifest->directory, name, SVG_MOST, &content));
    snprintf(prefix, sizeof prefix, "f%zu-", report->figures + 1);
    enum status status = strlen(content.text) == content.length
                             ? svg_read(content.text, prefix, svg)
                             : status_fail(BAD_DATA, "a byte that is no text");
    content_free(&content);
    return status;
}

static enum status png_take(const struct report_manifest *manifest, const char *name,
                            struct report *report, struct report_figure *figure)
{
    struct content content;
    TRY(content_read(manifest->directory, name, PNG_LARGE, &content));
    unsigned char *bytes = report_block(report, content.length + 1);
    if (bytes)
        memcpy(bytes, content.text, content.length);
    figure->length = bytes ? content.length : 0;
    figure->bytes = bytes;
    content_free(&content);
    return OK;
}

static enum status figure_keep(struct report *report, const struct report_figure *made)
{
    struct report_figure *figure = report_figure_add(report);
    if (!figure)
        return report_status(report);
    *figure = *made;
    return OK;
}

static bool is_large(const struct report_manifest *manifest, const char *name)
{
    char path[FOLDER_PATH_MAX];
    struct stat about;
    return folder_join(manifest->directory, name, sizeof path, path) == OK &&
           stat(path, &about) == 0 && about.st_size > SVG_LARGE;
}

/* What cannot be shown is told.  BAD_DATA: it is neither. */
static enum status picture_take(const struct report_manifest *manifest, const char *name,
                                const char *png, struct report *report,
                                struct report_figure *figure)
{
    const bool has_png = report_manifest_lists(manifest, png);
    enum status status = BAD_DATA;
    if (ends_with(name, ".svg") && !(has_png && is_large(manifest, name))) {
        status = svg_take(manifest, name, report, &figure->svg);
        figure->is_vector = status == OK;
        if (status == BAD_DATA)
            report_warn(report, report_text(report, "%s is not drawn in the page: %s%s", name,
                                            status_message(), has_png ? "; its PNG is" : ""));
    }
    if (status != BAD_DATA || !has_png)
        return status;
    figure->name = png;
    status = png_take(manifest, png, report, figure);
    if (status == BAD_DATA)
        report_warn(report, report_copy(report, status_message()));
    return status;
}

/* NAME.svg, or NAME.png in its place. */
static enum status figure_take(const struct report_manifest *manifest, const char *name,
                               struct report *report)
{
    const char *stem = stem_of(report, name);
    const char *pdf = report_text(report, "%s.pdf", stem);
    struct report_figure made = {.name = report_copy(report, name),
                                 .title = title_of(manifest, report, stem),
                                 .pdf = report_manifest_lists(manifest, pdf) ? pdf : NULL};
    const enum status status =
        picture_take(manifest, name, report_text(report, "%s.png", stem), report, &made);
    if (status == BAD_DATA)
        return OK;
    TRY(status);
    return figure_keep(report, &made);
}

/* A PNG without an SVG of that name is a figure, too. */
static bool is_figure(const struct report_manifest *manifest, struct report *report,
                      const char *name)
{
    if (ends_with(name, ".svg"))
        return true;
    return ends_with(name, ".png") &&
           !report_manifest_lists(manifest, report_text(report, "%s.svg", stem_of(report, name)));
}

enum status report_figures(const struct report_manifest *manifest, struct report *report)
{
    const char *name;
    json_t *value;
    json_object_foreach(manifest->outputs, name, value)
    {
        if (is_figure(manifest, report, name))
            TRY(figure_take(manifest, name, report));
    }
    return OK;
}

enum status report_figures_tables(const struct report_manifest *manifest, struct report *report)
{
    const char *name;
    json_t *value;
    json_object_foreach(manifest->outputs, name, value)
    {
        if (ends_with(name, ".tsv"))
            TRY(report_sheet(report, manifest->directory, name, ROWS_MOST));
        const struct report_table *last =
            report->tables > 0 ? &report->table[report->tables - 1] : NULL;
        if (last && (last->rows == 0 || last->has_gaps || last->left_out > 0))
            report->tables--; /* curves, and data */
    }
    return OK;
}
