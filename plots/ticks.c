/* Tick marks: steps of 1, 2 or 5 times a power of ten, about five of them.
 *
 * gnuplot's own labels lose their digits where a window is narrow beside its distance from zero,
 * and grow wide where numbers are large or small.  There the labels count from an origin in a unit,
 * and both are written beside the name of the axis: "(a1 - 2.385) / 10^-7". */
#include "plots/ticks.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICKS_WANTED = 5 };

static const double PLAIN_MOST = 1e4, PLAIN_LEAST = 1e-2; /* labels of up to five characters */
static const double CLOSE = 1e-3; /* width over size: labels would need more than four digits */
static const double NARROW = 0.1; /* width over size: labels of three digits and more */
static const double TEN = 10;
static const double ROUNDING = 1e-9; /* of window sides written as decimals */

static double size_of(double low, double high)
{
    return fmax(fabs(low), fabs(high));
}

double ticks_step(double width, int wanted)
{
    static const double nice[] = {1, 2, 5, 10};
    const double raw = width / wanted, power = pow(TEN, floor(log10(raw)));
    size_t k = 0;
    while (nice[k] < TEN && nice[k] * power < raw * (1 - ROUNDING))
        k++;
    return nice[k] * power;
}

/* Labels "(v - origin) / unit" at whole steps from the origin. */
static void labels_add(struct script *script, char axis, double low, double high, double origin,
                       double unit)
{
    const double step = ticks_step(high - low, TICKS_WANTED);
    const int first = (int)ceil((low - origin) / step), last = (int)floor((high - origin) / step);
    script_add(script, "set %ctics (", axis);
    for (int k = first; k <= last; k++)
        script_add(script, "%s\"%s%.4g\" %.17g", k > first ? ", " : "", k < 0 ? "−" : "",
                   fabs(k * step / unit), origin + k * step);
    script_add(script, ")\n");
}

/* "name / 10^k", "name − origin", "(name − origin) / 10^k", where there is room. */
static void name_units(double origin, int power, char *label)
{
    char made[SCRIPT_LABEL_MAX], shift[SCRIPT_LABEL_MAX] = "", unit[SCRIPT_LABEL_MAX] = "";
    const bool both = origin != 0 && power != 0;
    if (origin != 0)
        snprintf(shift, sizeof shift, " %s %.9g", origin > 0 ? "−" : "+", fabs(origin));
    if (power != 0)
        snprintf(unit, sizeof unit, " / 10^{%s%d}", power < 0 ? "−" : "", abs(power));
    const int length = snprintf(made, sizeof made, "%s%s%s%s%s", both ? "(" : "", label, shift,
                                both ? ")" : "", unit);
    if (length > 0 && length < SCRIPT_LABEL_MAX)
        memcpy(label, made, (size_t)length + 1);
}

void ticks_add(struct script *script, char axis, double low, double high, char *label)
{
    const double size = size_of(low, high), width = high - low;
    const bool close = width < CLOSE * size;
    const double reach = close ? width / 2 : size;
    if (!close && size < PLAIN_MOST && size > PLAIN_LEAST) {
        if (width < NARROW * size) /* gnuplot's own steps take no account of many digits */
            script_add(script, "set %ctics %.10g\n", axis, ticks_step(width, TICKS_WANTED));
        return;
    }
    const double origin = close ? low + width / 2 : 0;
    const bool plain = reach < PLAIN_MOST && reach > PLAIN_LEAST;
    const int power = plain ? 0 : (int)floor(log10(reach));
    labels_add(script, axis, low, high, origin, pow(TEN, power));
    name_units(origin, power, label);
}
