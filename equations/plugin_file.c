/* The one place where foreign code is loaded: dlopen(), checks, and callbacks that pass numbers on.
 *
 * Nothing of the object is believed before its version is right; then every pointer and every name is
 * looked at once, here, so that nobody else need.  A field that returns NaN is found by the
 * integrators, and at the start, by plugin_file_check().
 *
 * A plug-in without a Jacobian gets differences of fourth order, with an error of some 1e-11: enough
 * for Newton and for eigenvalues that are not about to vanish.  There is no bound on rounding but the
 * one estimated from the Jacobian, and no claim: what is proved of formulas is at best observed here.
 *
 * Rejected: to look at the object without running it.  Loading it may run code already. */
#include "equations/plugin_file.h"

#include "base/number.h"
#include "equations/equations_parts.h"
#include "equations/plugin.h"

#include <ctype.h>
#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char SYMBOL[] = "settle_plugin", ENDING[] = ".so";

/* The flow and its scratch, in one block. */
struct plugin_flow {
    struct flow flow;
    const struct settle_plugin *plugin;
    double parameter[EQUATIONS_PARAMETERS_MOST];
    char names[EQUATIONS_UNKNOWNS_MOST][UNKNOWN_NAME_MAX];
    double x[EQUATIONS_UNKNOWNS_MOST], f[EQUATIONS_UNKNOWNS_MOST];
    double work[3 * EQUATIONS_UNKNOWNS_MOST]; /* of flow_jacobian_by_differences() */
};

/* ---- the flow ---- */

/* The scratch is written, as that of every flow, by the thread that uses it. */
static struct plugin_flow *plugin_of(const struct flow *flow)
{
    return (struct plugin_flow *)flow->data;
}

static enum status plugin_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    struct plugin_flow *p = plugin_of(flow);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < flow->dim; i++)
            p->x[i] = x[i * n + k];
        if (p->plugin->field(p->x, p->parameter, p->f) != 0)
            return RETRY_SHORTER;
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + k] = p->f[i];
    }
    return OK;
}

static enum status plugin_jacobian(const struct flow *flow, const double *x, double *J)
{
    struct plugin_flow *p = plugin_of(flow);
    if (!p->plugin->jacobian)
        return flow_jacobian_by_differences(flow, x, J, p->work);
    return p->plugin->jacobian(x, p->parameter, J) == 0 ? OK : RETRY_SHORTER;
}

static enum status plugin_flow(const struct problem *problem, struct flow **flow)
{
    const struct equations *e = problem->equations;
    struct plugin_flow *p = calloc(1, sizeof *p);
    if (!p)
        return status_fail(NO_MEMORY, "a flow");
    p->plugin = e->plugin;
    memcpy(p->parameter, problem->parameters, problem->parameter_count * sizeof *p->parameter);
    for (size_t i = 0; i < e->unknowns; i++)
        memcpy(p->names[i], e->unknown[i].name, UNKNOWN_NAME_MAX);
    p->flow = (struct flow){.dim = e->unknowns,
                            .title = e->system.title,
                            .names = (const char(*)[UNKNOWN_NAME_MAX])p->names,
                            .field = plugin_field,
                            .jacobian = plugin_jacobian,
                            .data = p};
    *flow = &p->flow;
    return OK;
}

enum status plugin_file_check(const struct flow *flow, const double *x)
{
    double f[EQUATIONS_UNKNOWNS_MOST] = {0};
    if (flow->field(flow, 1, x, f) != OK)
        return status_fail(BAD_DATA, "%s: the field refuses the start", flow->title);
    for (size_t i = 0; i < flow->dim; i++)
        if (!isfinite(f[i]))
            return status_fail(BAD_DATA, "%s: %s' is %g at the start", flow->title, flow->names[i],
                               f[i]);
    return OK;
}

/* ---- checks ---- */

static bool is_name(const char *name)
{
    if (!isalpha((unsigned char)*name) || strlen(name) >= UNKNOWN_NAME_MAX)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

/* A list of names and numbers of the object. */
struct foreign {
    const char *what;
    size_t count, most;
    const char *const *name;
    const double *value; /* NULL: zeros, where that is allowed */
    bool needs_values;
};

static enum status foreign_check(const char *path, const struct foreign *list)
{
    if (list->count > list->most)
        return status_fail(BAD_DATA, "%s: %zu %ss; at most %zu are possible", path, list->count,
                           list->what, list->most);
    if (list->count > 0 && (!list->name || (list->needs_values && !list->value)))
        return status_fail(BAD_DATA, "%s: the %ss have no %s", path, list->what,
                           list->name ? "values" : "names");
    for (size_t k = 0; k < list->count; k++) {
        if (!list->name[k] || !is_name(list->name[k]))
            return status_fail(BAD_DATA,
                               "%s: the name of %s %zu is none; expected letters, digits and "
                               "underscores, a letter first, at most %d",
                               path, list->what, k + 1, UNKNOWN_NAME_MAX - 1);
        if (list->value && !isfinite(list->value[k]))
            return status_fail(BAD_DATA, "%s: %s %s is %g", path, list->what, list->name[k],
                               list->value[k]);
    }
    return OK;
}

static enum status plugin_check(const char *path, const struct settle_plugin *plugin)
{
    if (plugin->version != SETTLE_PLUGIN_VERSION)
        return status_fail(BAD_DATA, "%s is a plug-in of version %u; this program knows version %u",
                           path, plugin->version, SETTLE_PLUGIN_VERSION);
    if (!plugin->field)
        return status_fail(BAD_DATA, "%s: the field is NULL", path);
    if (plugin->unknowns == 0)
        return status_fail(BAD_DATA, "%s has no unknowns", path);
    const struct foreign unknowns = {.what = "unknown",
                                     .count = plugin->unknowns,
                                     .most = EQUATIONS_UNKNOWNS_MOST,
                                     .name = plugin->unknown,
                                     .value = plugin->start};
    const struct foreign parameters = {.what = "parameter",
                                       .count = plugin->parameters,
                                       .most = EQUATIONS_PARAMETERS_MOST,
                                       .name = plugin->parameter,
                                       .value = plugin->value,
                                       .needs_values = true};
    TRY(foreign_check(path, &unknowns));
    return foreign_check(path, &parameters);
}

/* ---- equations ---- */

static enum status number_take(struct equations *e, const char *name, double value,
                               struct equations_number *number)
{
    char text[NUMBER_TEXT_MAX];
    if (equations_unknown(e, name) != SIZE_MAX || equations_parameter(e, name) != SIZE_MAX)
        return status_fail(BAD_DATA, "%s: two quantities are called %s", e->path, name);
    snprintf(number->name, sizeof number->name, "%s", name);
    return equations_number_set(e, number, number_shortest(value, text));
}

static enum status numbers_take(struct equations *e, const struct settle_plugin *plugin)
{
    for (; e->unknowns < plugin->unknowns; e->unknowns++)
        TRY(number_take(e, plugin->unknown[e->unknowns],
                        plugin->start ? plugin->start[e->unknowns] : 0, &e->unknown[e->unknowns]));
    for (; e->parameters < plugin->parameters; e->parameters++)
        TRY(number_take(e, plugin->parameter[e->parameters], plugin->value[e->parameters],
                        &e->parameter[e->parameters]));
    return OK;
}

/* "x, y" */
static enum status names_write(struct equations *e)
{
    size_t length = 0;
    FILE *file = open_memstream(&e->names, &length);
    if (!file)
        return status_fail(NO_MEMORY, "names");
    for (size_t k = 0; k < e->unknowns; k++)
        fprintf(file, "%s%s", k ? ", " : "", e->unknown[k].name);
    return fclose(file) == 0 ? OK : status_fail(NO_MEMORY, "names");
}

static void library_close(void *library)
{
    dlclose(library);
}

static enum status plugin_take(struct equations *e)
{
    const struct settle_plugin *plugin = dlsym(e->library, SYMBOL);
    const char *slash = strrchr(e->path, '/');
    if (!plugin)
        return status_fail(BAD_DATA, "%s is no plug-in: it does not define %s", e->path, SYMBOL);
    TRY(plugin_check(e->path, plugin));
    e->plugin = plugin;
    TRY(numbers_take(e, plugin));
    TRY(names_write(e));
    e->system =
        (struct system){.name = e->path,
                        .title = plugin->title ? plugin->title : (slash ? slash + 1 : e->path),
                        .equation = "x' = f(x), compiled",
                        .unknowns = e->names,
                        .options = "--init --par --plugin",
                        .source = "a plug-in",
                        .label = "OD42",
                        .dim = equations_dim,
                        .flow = plugin_flow,
                        .predict = equations_predict};
    return OK;
}

/* dlopen() looks for a name without a slash elsewhere. */
static enum status library_open(const char *path, struct equations *e)
{
    const size_t length = strlen(path) + sizeof "./";
    char *here = malloc(length);
    if (!here)
        return status_fail(NO_MEMORY, "a plug-in");
    snprintf(here, length, "%s%s", strchr(path, '/') ? "" : "./", path);
    e->library = dlopen(here, RTLD_NOW | RTLD_LOCAL);
    free(here);
    e->library_close = library_close;
    if (e->library)
        return OK;
    const char *why = dlerror();
    return status_fail(CANNOT_READ, "plug-in %s", why ? why : path);
}

enum status plugin_file_load(const char *path, struct equations **equations)
{
    static const struct equations_room none = {.quantities = 0};
    struct equations *e = NULL;
    TRY(equations_begin(path, &none, &e));
    enum status status = library_open(path, e);
    if (status == OK)
        status = plugin_take(e);
    if (status == OK)
        *equations = e;
    else
        equations_free(e);
    return status;
}

bool plugin_file_is(const char *word)
{
    const size_t length = strlen(word), end = strlen(ENDING);
    return length > end && strcmp(word + length - end, ENDING) == 0;
}
