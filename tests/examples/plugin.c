/* A plug-in: A[1,1,1] under random backpropagation of an error that saturates, s(e) = e/sqrt(1 + e^2),
 * over three samples, with weight decay.
 *
 *     a1' = c E[s(e) I] - lambda a1,  a2' = a1 E[s(e) I] - lambda a2,  e = T - a1 a2 I */
#include <equations/plugin.h>

#include <math.h>

enum { SAMPLES = 3 };
static const double input[SAMPLES] = {0.5, 1, 2}, target[SAMPLES] = {1, 2, 3.5};

static int field(const double *x, const double *p, double *f)
{
    double mean = 0;
    for (int k = 0; k < SAMPLES; k++) {
        const double e = target[k] - x[0] * x[1] * input[k];
        mean += e / sqrt(1 + e * e) * input[k] / SAMPLES;
    }
    f[0] = p[0] * mean - p[1] * x[0];
    f[1] = x[0] * mean - p[1] * x[1];
    return 0;
}

static const char *const unknown[] = {"a1", "a2"}, *const parameter[] = {"c", "lambda"};
static const double start[] = {-2, 1}, value[] = {1, 0.1};

extern const struct settle_plugin settle_plugin;
const struct settle_plugin settle_plugin = {.version = SETTLE_PLUGIN_VERSION,
                                            .title = "saturating errors",
                                            .unknowns = 2,
                                            .unknown = unknown,
                                            .start = start,
                                            .parameters = 2,
                                            .parameter = parameter,
                                            .value = value,
                                            .field = field};
