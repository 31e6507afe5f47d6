/* The page of the explorer in one file.
 *
 * The answers are asked for as a browser would, with queries, one after the other; then coordinates
 * are rounded, so that a file has some megabytes.  What does not fit is left to the program. */
#include "cli/explore_offline.h"

#include "base/folder.h"
#include "cli/explore_page.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    VALUES_STANDARD = 9,
    STARTS = 15, /* along each side */
    OFFLINE_DIGITS = 5,
    PRINTED_DIGITS = 12, /* of the numbers that are not rounded */
    NUMBER_LENGTH = 32,
    QUERY_LENGTH = 4096,
    BYTES_MOST = 7500000, /* of the data */
    HALVINGS = 6
};

static const double DISTANCE = 0.01;  /* of the window, between points of a trajectory */
static const double MAP_SECONDS = 20; /* for one map of basins */
static const double MEGABYTE = 1e6;
static const double BASE = 10; /* of digits */

struct offline {
    const struct options *options;
    struct explore_maps *maps;
    struct progress *progress;
    json_t *data, *model;    /* of the start */
    const json_t *parameter; /* that varies; NULL: none */
    size_t values, rows;     /* rows: of starts, one on a line */
    double window[WINDOW_SIDES];
    char query[QUERY_LENGTH]; /* of the frame */
};

/* ---- answers ---- */

static enum status ask(const struct offline *offline, const char *name, const char *query,
                       json_t **answer)
{
    const struct explore_asked asked = {
        .start = offline->options, .query = query, .maps = offline->maps, .distance = DISTANCE};
    *answer = NULL;
    if (*interrupt_flag())
        return status_fail(INTERRUPTED, "interrupted; nothing was written");
    TRY(explore_answer(explore_answer_named(name), &asked, answer));
    return *answer ? OK : status_fail(NO_MEMORY, "no memory for an answer");
}

static double rounded(double x)
{
    if (x == 0 || !isfinite(x))
        return x;
    const double scale = pow(BASE, OFFLINE_DIGITS - 1 - floor(log10(fabs(x))));
    return round(x * scale) / scale;
}

/* Numbers of arrays below these keys are coordinates. */
static bool is_coordinate(const char *key)
{
    static const char *const keys[] = {"line", "lines", "t",     "x",    "y",
                                       "dx",   "dy",    "speed", "shade"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (strcmp(keys[k], key) == 0)
            return true;
    return false;
}

static void numbers_round(json_t *array)
{
    size_t k;
    json_t *item;
    json_array_foreach(array, k, item)
    {
        if (json_is_real(item))
            json_real_set(item, rounded(json_real_value(item)));
        numbers_round(item);
    }
}

static void answer_round(json_t *answer)
{
    size_t k;
    const char *key;
    json_t *item;
    json_object_foreach(answer, key, item)
    {
        if (is_coordinate(key))
            numbers_round(item);
        answer_round(item);
    }
    json_array_foreach(answer, k, item)
    {
        answer_round(item);
    }
}

/* Asks, and puts the answer into an object. */
static enum status part_set(const struct offline *offline, json_t *frame, const char *name)
{
    json_t *answer;
    TRY(ask(offline, name, offline->query, &answer));
    answer_round(answer);
    json_object_set_new(frame, name, answer);
    return OK;
}

/* A map may need many answers. */
static enum status map_set(const struct offline *offline, json_t *frame)
{
    const double begun = progress_clock();
    do
        TRY(part_set(offline, frame, "basin"));
    while (!json_is_true(json_object_get(json_object_get(frame, "basin"), "complete")) &&
           progress_clock() - begun < MAP_SECONDS);
    return OK;
}

/* ---- trajectories ---- */

/* The middle of piece k of a side. */
static double start_at(const struct offline *offline, size_t axis, size_t k)
{
    const double low = offline->window[2 * axis], high = offline->window[2 * axis + 1];
    return rounded(low + ((double)k + 0.5) / STARTS * (high - low));
}

static json_t *starts_json(const struct offline *offline)
{
    json_t *x = json_array(), *y = json_array();
    for (size_t k = 0; k < STARTS; k++) {
        json_array_append_new(x, json_finite(start_at(offline, 0, k)));
        if (k < offline->rows)
            json_array_append_new(y, json_finite(offline->rows > 1 ? start_at(offline, 1, k) : 0));
    }
    return json_pack("{si si so so}", "w", STARTS, "h", (int)offline->rows, "x", x, "y", y);
}

/* The query of the frame with a start: its model's base, with two entries replaced. */
static void start_query(const struct offline *offline, const json_t *model, size_t start,
                        size_t size, char *query)
{
    const json_t *names = json_object_get(model, "names"), *base = json_object_get(model, "base");
    const json_t *plane = json_object_get(model, "plane");
    size_t length =
        (size_t)snprintf(query, size, "%s%sinit=", offline->query, *offline->query ? "&" : "");
    const double at[2] = {start_at(offline, 0, start % STARTS),
                          start_at(offline, 1, start / STARTS)};
    for (size_t k = 0; k < json_array_size(base) && length < size; k++) {
        double value = json_number_value(json_array_get(base, k));
        for (size_t axis = 0; axis < 2; axis++)
            if (json_equal(json_array_get(names, k), json_array_get(plane, axis)))
                value = at[axis];
        length += (size_t)snprintf(query + length, size - length, "%s%.*g", k ? "," : "",
                                   PRINTED_DIGITS, value);
    }
}

/* What a small file has room for. */
static json_t *trajectory_cut(json_t *answer)
{
    static const char *const dropped[] = {"evidence", "milliseconds", "agreement_reason"};
    for (size_t k = 0; k < sizeof dropped / sizeof *dropped; k++)
        json_object_del(answer, dropped[k]);
    answer_round(answer);
    return answer;
}

/* All starts in one direction, of one frame. */
struct batch {
    const struct offline *offline;
    const json_t *model;
    const char *direction;
    json_t *answer[STARTS * STARTS];
    enum status failed;
    char message[STATUS_MESSAGE_MAX];
};

static enum status trajectory_ask(struct batch *batch, size_t k)
{
    char query[2 * QUERY_LENGTH];
    json_t *answer;
    start_query(batch->offline, batch->model, k, sizeof query, query);
    const size_t length = strlen(query);
    snprintf(query + length, sizeof query - length, "&direction=%s", batch->direction);
    TRY(ask(batch->offline, "trajectory", query, &answer));
    batch->answer[k] = trajectory_cut(answer);
    progress_advance(batch->offline->progress, 1);
    return OK;
}

/* Keeps a failure, whichever thread it is of. */
static void trajectory_run_one(struct batch *batch, size_t k)
{
    const enum status status = trajectory_ask(batch, k);
    if (status == OK)
        return;
#pragma omp critical(explore_offline_failure)
    {
        batch->failed = status;
        snprintf(batch->message, sizeof batch->message, "%s", status_message());
    }
}

static enum status trajectories_set(const struct offline *offline, json_t *frame,
                                    const char *direction)
{
    struct batch batch = {
        .offline = offline, .model = json_object_get(frame, "model"), .direction = direction};
    json_t *array = json_array();
    const int starts = STARTS * (int)offline->rows;
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < starts; k++)
        trajectory_run_one(&batch, (size_t)k);
    for (int k = 0; k < starts; k++)
        json_array_append_new(array, batch.answer[k]);
    json_object_set_new(frame, direction, array);
    return batch.failed == OK ? OK : status_fail(batch.failed, "%s", batch.message);
}

/* ---- frames ---- */

static enum status frame_fill(const struct offline *offline, json_t *frame)
{
    TRY(part_set(offline, frame, "model"));
    TRY(part_set(offline, frame, "portrait"));
    TRY(map_set(offline, frame));
    TRY(trajectories_set(offline, frame, "forward"));
    return trajectories_set(offline, frame, "backward");
}

/* Value k of the parameter: evenly between the ends of its slider, the nearest one being that in
 * force. */
static double value_at(const struct offline *offline, size_t k)
{
    const double low = json_number_value(json_object_get(offline->parameter, "low"));
    const double high = json_number_value(json_object_get(offline->parameter, "high"));
    const double own = json_number_value(json_object_get(offline->parameter, "value"));
    const double step = offline->values > 1 ? (high - low) / (double)(offline->values - 1) : 0;
    const size_t nearest = step > 0 ? (size_t)lround((own - low) / step) : 0;
    return k == nearest ? own : rounded(low + (double)k * step);
}

/* OPTION=v1,v2,... with the parameter's number replaced; the window is that of the first model. */
static void query_make(struct offline *offline, double value)
{
    const char *option = json_string_value(json_object_get(offline->parameter, "option"));
    const json_int_t index = json_integer_value(json_object_get(offline->parameter, "index"));
    size_t length = (size_t)snprintf(offline->query, QUERY_LENGTH, "window=%.17g,%.17g,%.17g,%.17g",
                                     offline->window[0], offline->window[1], offline->window[2],
                                     offline->window[3]);
    size_t k, count = 0;
    json_t *other;
    json_array_foreach(json_object_get(offline->model, "parameters"), k, other)
    {
        if (!option || !json_string_value(json_object_get(other, "option")) ||
            strcmp(json_string_value(json_object_get(other, "option")), option) != 0 ||
            length + NUMBER_LENGTH + strlen(option) > QUERY_LENGTH)
            continue;
        const bool own = json_integer_value(json_object_get(other, "index")) == index;
        length +=
            (size_t)snprintf(offline->query + length, QUERY_LENGTH - length, "%s%s%s%.12g",
                             count ? "" : "&", count ? "" : option, count ? "," : "=",
                             own ? value : json_number_value(json_object_get(other, "value")));
        count++;
    }
}

/* The first parameter that is a number, or NULL. */
static const json_t *parameter_find(const json_t *model)
{
    size_t k;
    json_t *parameter;
    json_array_foreach(json_object_get(model, "parameters"), k, parameter)
    {
        const char *kind = json_string_value(json_object_get(parameter, "kind"));
        if (kind && strcmp(kind, "number") == 0)
            return parameter;
    }
    return NULL;
}

static enum status frames_make(struct offline *offline)
{
    json_t *frames = json_array(), *values = json_array();
    json_object_set_new(offline->data, "frames", frames);
    json_object_set_new(offline->data, "values", values);
    progress_begin(offline->progress, "trajectories", 2 * offline->values * STARTS * offline->rows);
    for (size_t k = 0; k < offline->values; k++) {
        json_t *frame = json_object();
        const double value = offline->parameter ? value_at(offline, k) : 0;
        json_array_append_new(frames, frame);
        json_array_append_new(values, offline->parameter ? json_finite(value) : json_null());
        query_make(offline, value);
        TRY(frame_fill(offline, frame));
    }
    progress_end(offline->progress);
    return OK;
}

static enum status data_make(struct offline *offline)
{
    TRY(ask(offline, "model", "", &offline->model));
    json_t *window = json_object_get(offline->model, "window");
    for (size_t k = 0; k < WINDOW_SIDES; k++)
        offline->window[k] = json_number_value(json_array_get(window, k));
    offline->rows = json_is_true(json_object_get(offline->model, "line")) ? 1 : STARTS;
    offline->parameter = parameter_find(offline->model);
    offline->values = !offline->parameter ? 1
                      : options_given(offline->options, OPTION_offline_values)
                          ? (size_t)offline->options->offline_values
                          : VALUES_STANDARD;
    offline->data = json_object();
    json_object_set_new(offline->data, "parameter",
                        offline->parameter ? json_deep_copy(offline->parameter) : json_null());
    json_object_set_new(offline->data, "starts", starts_json(offline));
    return frames_make(offline);
}

/* ---- the file ---- */

static enum status page_save(const char *path, const struct explore_page *page)
{
    char directory[FOLDER_PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    const size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof directory)
        return status_fail(BAD_ARGUMENT, "--offline: the path is too long");
    if (slash) {
        memcpy(directory, length ? path : "/", length ? length : 1);
        directory[length ? length : 1] = '\0';
    }
    return folder_write(directory, slash ? slash + 1 : path, page->text);
}

/* Every second of the inner points of an array with `width` numbers a point. */
static void points_halve(json_t *array, size_t width)
{
    const size_t points = json_array_size(array) / width;
    json_t *half = json_array();
    for (size_t k = 0; k < points; k++)
        for (size_t i = 0; i < width && (k % 2 == 0 || k + 1 == points); i++)
            json_array_append(half, json_array_get(array, k * width + i));
    json_array_clear(array);
    json_array_extend(array, half);
    json_decref(half);
}

static void trajectories_halve(json_t *data)
{
    static const char *const directions[] = {"forward", "backward"};
    size_t k, j;
    json_t *frame, *trajectory;
    for (size_t d = 0; d < 2; d++)
        json_array_foreach(json_object_get(data, "frames"), k, frame)
        {
            json_array_foreach(json_object_get(frame, directions[d]), j, trajectory)
            {
                points_halve(json_object_get(trajectory, "line"), 2);
                points_halve(json_object_get(trajectory, "t"), 1);
            }
        }
}

static char *data_text(const struct offline *offline)
{
    return json_dumps(offline->data, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ESCAPE_SLASH |
                                         JSON_REAL_PRECISION(PRINTED_DIGITS));
}

/* Thinned until it is short enough, or there is nothing left to thin. */
static char *data_text_short(const struct offline *offline)
{
    char *text = data_text(offline);
    for (int k = 0; k < HALVINGS && text && strlen(text) > BYTES_MOST; k++) {
        free(text);
        trajectories_halve(offline->data);
        text = data_text(offline);
    }
    return text;
}

static enum status data_save(const struct offline *offline, const char *path)
{
    struct explore_page page = {.text = NULL};
    char *text = data_text_short(offline);
    if (!text)
        return status_fail(NO_MEMORY, "no memory for the data of the page");
    enum status status = explore_page_make_offline(text, &page);
    free(text);
    TRY(status);
    status = page_save(path, &page);
    if (status == OK)
        printf("%s: %.1f MB\n", path, (double)page.length / MEGABYTE);
    explore_page_free(&page);
    return status;
}

enum status explore_offline_write(const struct options *options, const char *path)
{
    struct offline offline = {.options = options};
    interrupt_watch();
    offline.progress = terminal_progress(options);
    offline.maps = explore_basin_maps();
    enum status status =
        offline.maps ? data_make(&offline) : status_fail(NO_MEMORY, "no memory for maps");
    progress_end(offline.progress);
    if (status == OK)
        status = data_save(&offline, path);
    json_decref(offline.data);
    json_decref(offline.model);
    explore_basin_free(offline.maps);
    progress_free(offline.progress);
    return status;
}
