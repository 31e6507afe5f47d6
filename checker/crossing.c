/* The hypotheses of (CT1), one test for each.  They are tested in the order in which they fail most
 * cheaply: signs at points, then on intervals. */
#include "checker/crossing.h"

#include "checker/memory.h"
#include "checker/reject.h"

enum curve_direction crossing_read_direction(struct text *text)
{
    static const char *const words[] = {"+", "-", NULL};
    return text_choice(text, words) == 0 ? CURVE_FORWARD : CURVE_BACKWARD;
}

/* How many tokens are left on the line, without taking them. */
static size_t tokens_left(const struct text *text)
{
    struct text copy = *text;
    size_t count = 0, length;
    for (; text_more(&copy); count++)
        text_token(&copy, &length);
    return count;
}

static void read_places(struct text *text, struct crossing *crossing, size_t count)
{
    crossing->count = count;
    crossing->t = memory_numbers(count);
    for (size_t k = 0; k < count; k++) {
        text_number(text, crossing->t[k]);
        reject_unless(k ? mpq_cmp(crossing->t[k], crossing->t[k - 1]) > 0
                        : mpq_sgn(crossing->t[k]) > 0,
                      "the break points do not increase from 0");
    }
}

void crossing_read_free(struct text *text, struct crossing *crossing)
{
    text_line(text, "free");
    bool none = text_accept(text, "none");
    reject_unless(none || text_more(text), "neither break points nor `none`");
    read_places(text, crossing, none ? 0 : tokens_left(text));
}

static void read_ends(struct text *text, struct crossing *crossing)
{
    for (size_t k = 0; k < 2; k++) {
        mpq_init(crossing->ends[k]);
        text_number(text, crossing->ends[k]);
    }
    bool begins = crossing->count ? mpq_equal(crossing->ends[0], crossing->t[crossing->count - 1])
                                  : mpq_sgn(crossing->ends[0]) == 0;
    reject_unless(begins, "the bracket does not begin where the free part ends");
    reject_unless(mpq_cmp(crossing->ends[0], crossing->ends[1]) < 0, "the bracket is empty");
}

void crossing_read_bracket(struct text *text, struct crossing *crossing)
{
    text_line(text, "bracket");
    read_ends(text, crossing);
}

void crossing_read_leaf(struct text *text, struct crossing *crossing)
{
    size_t count = tokens_left(text);
    reject_unless(count >= 2, "a leaf without a bracket");
    read_places(text, crossing, count - 2);
    read_ends(text, crossing);
}

void crossing_read_away(struct text *text, struct crossing *crossing)
{
    size_t count = tokens_left(text);
    reject_unless(count >= 1, "no place from which on the error grows");
    read_places(text, crossing, count);
}

/* Is the statement proved at the place t? */
static bool holds_at(struct curve *curve, enum curve_direction direction, mpq_t t,
                     curve_statement *statement)
{
    curve_enclose(curve, direction, t, t);
    return statement(curve, NULL);
}

const char *crossing_fault_before(struct curve *curve, struct crossing *crossing)
{
    mpq_t ends[2];
    mpq_init(ends[0]);
    mpq_init(ends[1]);
    bool free = holds_at(curve, crossing->direction, ends[0], curve_is_positive);
    const char *fault = free ? NULL : "the direction is not the sign of the error at the start";
    for (size_t k = 0; k < crossing->count && free; k++) {
        mpq_set(ends[1], crossing->t[k]);
        free = curve_prove(curve, crossing->direction, ends, curve_is_positive, NULL);
        if (!free)
            fault = "the error is not proved to keep its sign on the free part";
        mpq_swap(ends[0], ends[1]);
    }
    mpq_clear(ends[0]);
    mpq_clear(ends[1]);
    return fault;
}

const char *crossing_fault(struct curve *curve, struct crossing *crossing)
{
    if (!holds_at(curve, crossing->direction, crossing->ends[1], curve_is_negative))
        return "the error is not proved to have changed its sign at the end of the bracket";
    const char *fault = crossing_fault_before(curve, crossing);
    if (fault)
        return fault;
    if (!curve_prove(curve, crossing->direction, crossing->ends, curve_is_falling, NULL))
        return "the error is not proved to fall in the bracket";
    return NULL;
}

struct crossing_box crossing_read_box(struct text *text, size_t count)
{
    struct crossing_box box = {count, memory_numbers(count), memory_numbers(count)};
    text_line(text, "limit");
    for (size_t i = 0; i < count; i++)
        text_interval(text, box.lo[i], box.hi[i]);
    return box;
}

bool crossing_is_in_box(struct curve *curve, const void *data)
{
    const struct crossing_box *box = data;
    for (size_t i = 0; i < box->count; i++)
        if (!ball_is_within(curve_context(curve), curve_state(curve, i), box->lo[i], box->hi[i]))
            return false;
    return true;
}

bool crossing_is_faster(struct curve *curve, const void *data)
{
    struct ball speed;
    ball_init(&speed);
    ball_neg(&speed, curve_error(curve, 1));
    bool faster = ball_is_above(curve_context(curve), &speed, *(const mpq_t *)data);
    ball_clear(&speed);
    return faster;
}
