/* What is proved, as lines of the summary and as JSON. */
#include "cli/basin_certified.h"

#include "cli/decimal.h"
#include "cli/json.h"

#include <stdlib.h>

enum { SHOWN_MOST = 24, PERCENT = 100, PLACES = 4 };

/* "65147/65536"; free with flint_free(). */
static char *text_of(const fmpq_t share)
{
    enum { DECIMAL = 10 };
    return fmpq_get_str(NULL, DECIMAL, share);
}

static double proved_share(const struct basin_certified *certified)
{
    fmpq_t open;
    fmpq_init(open);
    basin_tree_undecided(certified->tree, open);
    const double share = 1 - basin_certified_number(open);
    fmpq_clear(open);
    return share;
}

/* "97.5097": of a bound, on its side */
static const char *percent_text(const fmpq_t share, enum decimal_side side, char *text)
{
    fmpq_t percent;
    fmpq_init(percent);
    fmpq_mul_si(percent, share, PERCENT);
    decimal_places(percent, PLACES, side, text);
    fmpq_clear(percent);
    return text;
}

static void proved_share_text(const struct basin_certified *certified, char *text)
{
    fmpq_t open, proved;
    fmpq_init(open);
    fmpq_init(proved);
    basin_tree_undecided(certified->tree, open);
    fmpq_set_si(proved, 1, 1);
    fmpq_sub(proved, proved, open);
    percent_text(proved, DECIMAL_BELOW, text);
    fmpq_clear(proved);
    fmpq_clear(open);
}

static void class_line(const struct basin_certified_class *class, struct columns *columns)
{
    char *low = text_of(&class->low), *high = text_of(&class->high);
    char least[DECIMAL_TEXT_MAX], most[DECIMAL_TEXT_MAX];
    columns_cell(columns, "proved: %s", class->label);
    columns_cell(columns, "%s %% to %s %% of the area, %s to %s",
                 percent_text(&class->low, DECIMAL_BELOW, least),
                 percent_text(&class->high, DECIMAL_ABOVE, most), low, high);
    flint_free(low);
    flint_free(high);
}

void basin_certified_lines(const struct basin_map *map, struct columns *columns)
{
    const struct basin_certified *certified = map->certified;
    if (!certified)
        return;
    const struct basin_tree *tree = certified->tree;
    char proved[DECIMAL_TEXT_MAX];
    proved_share_text(certified, proved);
    columns_cell(columns, "certified");
    columns_cell(columns,
                 "%s %% of the area is proved, in %zu cells; %zu of the smallest ones, 1/%u of the "
                 "window wide, are undecided",
                 proved, tree->leaves - tree->undecided, tree->undecided, 1u << tree->levels);
    for (size_t k = 0; k < certified->classes && k < SHOWN_MOST; k++)
        class_line(&certified->class[k], columns);
    if (certified->classes > SHOWN_MOST) {
        columns_cell(columns, "...");
        columns_cell(columns, "%zu classes", certified->classes);
    }
    columns_cell(columns, "beside the map");
    columns_cell(columns,
                 "%zu starts end as proved, %zu do not; %zu in proved cells are undecided, %zu in "
                 "undecided ones",
                 certified->agree, certified->disagree, certified->nothing, certified->open);
    columns_cell(columns, "proofs");
    columns_cell(columns, "%zu cells tried in %.3g s", tree->cells, certified->seconds);
}

/* ---- JSON ---- */

static void put_share(json_t *object, const char *name, const fmpq_t share)
{
    char *text = text_of(share);
    json_object_set_new(object, name, json_string(text));
    flint_free(text);
}

static json_t *classes_json(const struct basin_certified *certified)
{
    json_t *array = json_array();
    for (size_t k = 0; k < certified->classes; k++) {
        const struct basin_certified_class *class = &certified->class[k];
        json_t *object = json_object();
        json_object_set_new(object, "label", json_text(class->label));
        json_object_set_new(object, "ending", json_string(ending_name(class->ending)));
        put_share(object, "low", &class->low);
        put_share(object, "high", &class->high);
        json_object_set_new(object, "low_number", json_finite(basin_certified_number(&class->low)));
        json_object_set_new(object, "high_number",
                            json_finite(basin_certified_number(&class->high)));
        json_object_set_new(object, "cells", json_integer((json_int_t) class->leaves));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *levels_json(const struct basin_tree *tree)
{
    json_t *array = json_array();
    for (unsigned level = 0; level <= tree->levels; level++)
        json_array_append_new(array, json_integer((json_int_t)tree->undecided_at[level]));
    return array;
}

json_t *basin_certified_json(const struct basin_map *map)
{
    const struct basin_certified *certified = map->certified;
    if (!certified)
        return json_null();
    const struct basin_tree *tree = certified->tree;
    json_t *object = json_object();
    fmpq_t open;
    fmpq_init(open);
    basin_tree_undecided(tree, open);
    json_object_set_new(object, "levels", json_integer((json_int_t)tree->levels));
    json_object_set_new(object, "fraction", json_finite(proved_share(certified)));
    put_share(object, "undecided", open);
    json_object_set_new(object, "classes", classes_json(certified));
    json_object_set_new(object, "cells", json_integer((json_int_t)tree->cells));
    json_object_set_new(object, "proved_cells",
                        json_integer((json_int_t)(tree->leaves - tree->undecided)));
    json_object_set_new(object, "undecided_cells", levels_json(tree));
    json_object_set_new(object, "agree", json_integer((json_int_t)certified->agree));
    json_object_set_new(object, "disagree", json_integer((json_int_t)certified->disagree));
    json_object_set_new(object, "nothing_to_compare", json_integer((json_int_t)certified->nothing));
    json_object_set_new(object, "in_undecided_cells", json_integer((json_int_t)certified->open));
    json_object_set_new(object, "seconds", json_finite(certified->seconds));
    fmpq_clear(open);
    return object;
}
