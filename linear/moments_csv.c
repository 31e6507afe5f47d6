/* Samples as text: one line each, the inputs and then the targets.
 *
 * How many columns there are is known beforehand, except where principal components are taken of as
 * many inputs as the first line has.  A line is checked whole before it counts, and nothing of it is
 * kept but its products. */
#include "linear/moments_sum.h"

#include "base/csv.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXPECTED_MAX = 96 };

/* A file being read. */
struct reading {
    const struct moments_source *source;
    struct csv *csv;
    struct moments_sum *sum; /* NULL before the first line */
};

/* "2 columns, input,target" */
static const char *expected(const struct reading *reading, char text[EXPECTED_MAX])
{
    const struct moments_source *source = reading->source;
    const size_t columns = source->inputs + source->outputs;
    if (source->principal)
        snprintf(text, EXPECTED_MAX, "the inputs, then %zu target%s", source->outputs,
                 source->outputs == 1 ? "" : "s");
    else if (columns == 2)
        snprintf(text, EXPECTED_MAX, "2 columns, input,target");
    else
        snprintf(text, EXPECTED_MAX, "%zu columns, %zu input%s and %zu target%s", columns,
                 source->inputs, source->inputs == 1 ? "" : "s", source->outputs,
                 source->outputs == 1 ? "" : "s");
    return text;
}

/* The first line fixes the columns; the targets may be the inputs. */
static enum status columns_take(struct reading *reading)
{
    const struct moments_source *source = reading->source;
    const bool square = source->inputs == source->outputs && source->inputs > 1;
    const size_t columns = csv_columns(reading->csv);
    size_t inputs = source->inputs, outputs = source->outputs;
    char form[EXPECTED_MAX];
    if (source->principal && square)
        inputs = columns, outputs = 0;
    else if (source->principal)
        inputs = columns > outputs ? columns - outputs : 0;
    else if (square && columns == inputs)
        outputs = 0;
    if (columns != inputs + outputs || inputs == 0 || columns > CSV_COLUMNS_MOST)
        return csv_fail_columns(reading->csv, expected(reading, form));
    return moments_sum_create(inputs, outputs, &reading->sum);
}

static enum status sample_add(const struct reading *reading)
{
    const struct moments_source *source = reading->source;
    struct moments_sum *sum = reading->sum;
    assert(sum); /* columns_take() made it */
    TRY(csv_numbers(reading->csv, 0, sum->inputs, sum->input));
    TRY(csv_numbers(reading->csv, sum->inputs, sum->outputs, sum->target));
    if (source->visit)
        TRY(source->visit(source->context, sum->input, sum->outputs ? sum->target : sum->input));
    moments_sum_add(sum);
    if (!moments_sum_is_finite(sum))
        return csv_fail(reading->csv, "the moments overflow; scale the data");
    return OK;
}

static bool has_enough(const struct reading *reading)
{
    return reading->source->samples && reading->sum &&
           reading->sum->count == reading->source->samples;
}

static enum status lines_read(struct reading *reading)
{
    while (!has_enough(reading)) {
        bool more = false;
        TRY(csv_line(reading->csv, &more));
        if (!more)
            return OK;
        if (!reading->sum)
            TRY(columns_take(reading));
        if (!csv_is_header(reading->csv))
            TRY(sample_add(reading));
    }
    return OK;
}

static enum status lines_read_with(struct reading *reading)
{
    TRY(lines_read(reading));
    char form[EXPECTED_MAX];
    if (!reading->sum || reading->sum->count == 0)
        return status_fail(BAD_DATA, "%s: no samples; expected lines of %s", reading->source->data,
                           expected(reading, form));
    if (reading->source->samples > reading->sum->count)
        return status_fail(BAD_ARGUMENT, "%s has %zu samples, --samples asks for %zu",
                           reading->source->data, reading->sum->count, reading->source->samples);
    return OK;
}

enum status moments_csv_read(const struct moments_source *source, struct data_file *file,
                             struct moments_sum **sum)
{
    struct reading reading = {.source = source};
    const size_t columns = source->inputs + source->outputs;
    TRY(csv_create(file, source->principal ? CSV_COLUMNS_MOST : columns, &reading.csv));
    const enum status status = lines_read_with(&reading);
    csv_free(reading.csv);
    if (status == OK)
        *sum = reading.sum;
    else
        free(reading.sum);
    return status;
}
