/* The legend of a figure, laid out by hand on the canvas in screen coordinates.
 *
 * gnuplot's key cannot show half-filled marks, arrows or texts of two lines, and it takes room from
 * the plot.  Here the caller asks how high the legend will be, makes the canvas that much higher,
 * and has it drawn from a given height downwards: two columns of short entries, one of long ones.
 * Widths of texts are counted in characters: gnuplot tells nobody how wide a text is. */
#include "plots/legend.h"

#include <stdio.h>
#include <string.h>

#include <stdbool.h>

enum {
    BOX_STRIPES = 4,
    SAMPLE_DASHES = 4,
    SAMPLE_DOTS = 8,
    COLUMN_CHARACTERS = 25,
    NAME_CHARACTERS = 22, /* names have few blanks, which are narrow */
    WIDE_CHARACTERS = 54
};

/* cm */
static const double MARGIN = 0.2;    /* of texts */
static const double ROW = 0.38;      /* height of a line of the legend */
static const double LINE_ROW = 0.31; /* of a further line of one text */
static const double SAMPLE = 0.5;    /* length of a sample line */
static const double DASH_GAP = 0.4;  /* of the period of a dashed sample */
static const double SECOND_COLUMN = 4.45;
static const double TEXT_GAP = 0.12; /* between a sample and its text */
static const double CAPTION_ROW = 0.33, CAPTION_GAP = 0.1, TITLE_ROW = 0.36;
static const double BOX = 0.26;       /* height of a box */
static const double BOX_INSET = 0.12; /* parts by which its stripes are shorter: they have width */
static const double RADIUS = 0.075;   /* of a mark */
static const double DOT = 0.4;        /* of that: the dot of a centre */

/* 0.556 em in Helvetica, where letters have 0.47 on average */
static const double DIGIT_MORE = 0.2;
static const double WIDE_ROOM = 57; /* letters on the canvas of one column */

const size_t legend_caption_width = 58;
const size_t legend_title_width = 52;

/* In characters of running text; digits are wider than most letters. */
static double width_of(const char *text)
{
    double width = (double)lines_width(text);
    for (; *text; text++)
        width += *text >= '0' && *text <= '9' ? DIGIT_MORE : 0;
    return width;
}

/* The same of a line of numbers: signs are as wide as digits. */
static double width_of_line(const char *line)
{
    double width = width_of(line);
    for (; *line; line++)
        width += strchr("=-+%", *line) ? DIGIT_MORE : 0;
    return width;
}

/* Lines that fit on the canvas, however many digits are in them. */
static void text_break(const char *text, struct lines *lines)
{
    bool fits = false;
    for (size_t width = WIDE_CHARACTERS; !fits && width > WIDE_CHARACTERS / 2; width--) {
        fits = true;
        *lines = (struct lines){.count = 0};
        lines_add(lines, text, width);
        for (size_t k = 0; k < lines->count; k++)
            fits = fits && width_of_line(lines->line[k]) <= WIDE_ROOM;
    }
}

static struct legend_entry *entry_next(struct legend *legend, enum legend_sample sample,
                                       const char *text)
{
    for (size_t k = 0; k < legend->count; k++)
        if (legend->entry[k].sample == sample && strcmp(legend->entry[k].whole, text) == 0)
            return &legend->entry[k];
    struct legend_entry *entry =
        &legend->entry[legend->count < LEGEND_MAX - 1 ? legend->count++ : LEGEND_MAX - 1];
    *entry = (struct legend_entry){.sample = sample, .plain = legend->plain};
    snprintf(entry->whole, sizeof entry->whole, "%s", text);
    text_break(text, &entry->text);
    return entry;
}

void legend_line(struct legend *legend, enum legend_sample sample, const char *style,
                 const char *text)
{
    entry_next(legend, sample, text)->style = style;
}

void legend_box(struct legend *legend, enum legend_sample sample, struct colour colour,
                const char *text)
{
    entry_next(legend, sample, text)->colour = colour;
}

void legend_cased(struct legend *legend, enum legend_sample sample, const char *const styles[2],
                  const char *text)
{
    struct legend_entry *entry = entry_next(legend, sample, text);
    entry->ground = styles[0];
    entry->style = styles[1];
}

void legend_disc(struct legend *legend, enum legend_mark mark, const char *text)
{
    entry_next(legend, LEGEND_DISC, text)->mark = mark;
}

/* --- marks ------------------------------------------------------------------------------- */

void legend_radius_add(struct script *script, double width)
{
    script_add(script, "radius = %.6f\n", RADIUS / width);
}

/* A mark is a white disc with all, half or nothing of it painted black, and an outline. */
void legend_mark_add(struct script *script, const char *system, double x, double y,
                     enum legend_mark mark)
{
    static const char *const arcs[] = {[LEGEND_FULL] = "[0:360]",
                                       [LEGEND_OPEN] = NULL,
                                       [LEGEND_LOWER] = "[180:360]",
                                       [LEGEND_LEFT] = "[90:270]",
                                       [LEGEND_DOT] = NULL};
    if (mark == LEGEND_SQUARE) {
        script_add(script,
                   "set label '' at %s %.10g,%.10g point pt 5 ps 0.55 lc rgb vermillion "
                   "front\n",
                   system, x, y);
        return;
    }
    script_add(script,
               "set object circle at %s %.10g,%.10g size screen radius front noclip "
               "fc rgb 'white' fs solid noborder\n",
               system, x, y);
    if (arcs[mark])
        script_add(script,
                   "set object circle at %s %.10g,%.10g size screen radius arc %s "
                   "front noclip fc rgb ink fs solid noborder\n",
                   system, x, y, arcs[mark]);
    if (mark == LEGEND_DOT)
        script_add(script,
                   "set object circle at %s %.10g,%.10g size screen radius*%.2f front noclip "
                   "fc rgb ink fs solid noborder\n",
                   system, x, y, DOT);
    script_add(script,
               "set object circle at %s %.10g,%.10g size screen radius front noclip "
               "fc rgb ink fs empty border lc rgb ink lw 0.9\n",
               system, x, y);
}

/* --- entries ----------------------------------------------------------------------------- */

static size_t dashes_of(enum legend_sample sample)
{
    if (sample == LEGEND_DOTTED)
        return SAMPLE_DOTS;
    return sample == LEGEND_DASHED ? SAMPLE_DASHES : 1;
}

/* A sample line from `left` to `right`; dashes one by one, since SVG arrows have none. */
static void sample_add(struct script *script, const struct legend_entry *entry, double left,
                       double right, double y)
{
    size_t dashes = dashes_of(entry->sample);
    double period = (right - left) / ((double)dashes - DASH_GAP * (dashes > 1));
    double length = dashes > 1 ? period * (1 - DASH_GAP) : right - left;
    if (entry->ground)
        script_add(script,
                   "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead %s dt 1 front\n",
                   left, y, right, y, entry->ground);
    for (size_t k = 0; k < dashes; k++)
        script_add(script, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f %s %s dt 1 front\n",
                   left + period * (double)k, y, left + period * (double)k + length, y,
                   entry->sample == LEGEND_ARROW ? "filled size screen 0.018,18" : "nohead",
                   entry->style);
}

/* A box as wide as a sample line; its stripes lean as those of the map. */
static void box_add(struct script *script, const struct legend_entry *entry, double left,
                    double right, double y, double height)
{
    char text[COLOUR_TEXT];
    const double stripe = (right - left) / BOX_STRIPES;
    script_add(script,
               "set object rectangle from screen %.5f,%.5f to screen %.5f,%.5f front "
               "fc rgb '%s' fs solid border lc rgb '#333333' lw 0.4\n",
               left, y - height / 2, right, y + height / 2, colour_text(entry->colour, text));
    for (size_t k = 0; k < BOX_STRIPES && entry->sample == LEGEND_HATCHED; k++)
        script_add(script,
                   "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 2 lc rgb '%s' "
                   "front\n",
                   left + stripe * ((double)k + BOX_INSET), y - height * (1.0 / 2 - BOX_INSET),
                   left + stripe * ((double)(k + 1) - BOX_INSET),
                   y + height * (1.0 / 2 - BOX_INSET),
                   colour_text(colour_stripe(entry->colour), text));
}

static void entry_add(struct script *script, const struct legend_place *place,
                      const struct legend_entry *entry, double x, double y)
{
    char label[SCRIPT_LABEL_MAX];
    double left = x / place->width, right = (x + SAMPLE) / place->width;
    double middle = y / place->height;
    if (entry->sample == LEGEND_POINT)
        script_add(script, "set label '' at screen %.5f,%.5f point %s front\n", (left + right) / 2,
                   middle, entry->style);
    else if (entry->sample == LEGEND_DISC)
        legend_mark_add(script, "screen", (left + right) / 2, middle, entry->mark);
    else if (entry->sample == LEGEND_BOX || entry->sample == LEGEND_HATCHED)
        box_add(script, entry, left, right, middle, BOX / place->height);
    else
        sample_add(script, entry, left, right, middle);
    for (size_t k = 0; k < entry->text.count; k++)
        script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',8' front\n",
                   entry->plain ? script_label(entry->text.line[k], label)
                                : script_formula(entry->text.line[k], label),
                   right + TEXT_GAP / place->width, middle - (double)k * LINE_ROW / place->height);
}

static bool is_wide(const struct legend_entry *entry)
{
    return entry->text.count > 1 ||
           (entry->text.count == 1 &&
            width_of(entry->text.line[0]) > (entry->plain ? NAME_CHARACTERS : COLUMN_CHARACTERS));
}

static size_t columns_of(const struct legend *legend)
{
    return legend->columns ? legend->columns : 2;
}

/* The place of each entry, cm below the top: columns filled row by row; returns the height. */
static double arrange(const struct legend *legend, double below[LEGEND_MAX],
                      size_t column[LEGEND_MAX])
{
    double height = 0;
    size_t next = 0;
    for (size_t k = 0; k < legend->count; k++) {
        const struct legend_entry *entry = &legend->entry[k];
        next = is_wide(entry) ? 0 : next;
        below[k] = next == 0 ? height + ROW / 2 : height - ROW / 2;
        column[k] = next;
        if (next == 0)
            height += ROW;
        if (entry->text.count > 1)
            height += LINE_ROW * (double)(entry->text.count - 1);
        next = is_wide(entry) ? 0 : (next + 1) % columns_of(legend);
    }
    return height;
}

double legend_height(const struct legend *legend)
{
    double below[LEGEND_MAX];
    size_t column[LEGEND_MAX];
    return arrange(legend, below, column);
}

void legend_add(struct script *script, const struct legend *legend,
                const struct legend_place *place)
{
    double below[LEGEND_MAX];
    size_t column[LEGEND_MAX];
    arrange(legend, below, column);
    for (size_t k = 0; k < legend->count; k++)
        entry_add(script, place, &legend->entry[k],
                  MARGIN + (double)column[k] * (SECOND_COLUMN - MARGIN), place->top - below[k]);
}

/* --- title and small print ----------------------------------------------------------------- */

static void lines_put(struct script *script, const struct lines *lines,
                      const struct legend_place *place, double row, const char *font)
{
    char label[SCRIPT_LABEL_MAX];
    for (size_t k = 0; k < lines->count; k++)
        script_add(script, "set label \"%s\" at screen %.5f,%.5f left font '%s'\n",
                   script_formula(lines->line[k], label), MARGIN / place->width,
                   (place->top - row * ((double)k + 0.5)) / place->height, font);
}

double legend_caption_height(const struct lines *caption)
{
    return CAPTION_ROW * (double)caption->count + CAPTION_GAP;
}

void legend_caption_add(struct script *script, const struct lines *caption,
                        const struct legend_place *place)
{
    struct legend_place below = *place;
    below.top -= CAPTION_GAP;
    lines_put(script, caption, &below, CAPTION_ROW, ",7.5");
}

double legend_title_height(const struct lines *title)
{
    return TITLE_ROW * (double)title->count;
}

void legend_title_add(struct script *script, const struct lines *title,
                      const struct legend_place *place)
{
    lines_put(script, title, place, TITLE_ROW, ",9");
}
