/* Products by convolution; whole powers multiply, so that they pass through zeros and stay exact;
 * for the others y = u^p is solved from u y' = p u' y, coefficient by coefficient. */
#include "nonlinear/power_series.h"

#include "linear/clock.h"
#include "nonlinear/power_data.h"

#include <string.h>

void power_series_product(int order, const struct ball *a, const struct ball *b,
                          struct ball *product)
{
    for (int n = 0; n <= order; n++) {
        product[n] = ball_of(0);
        for (int k = 0; k <= n; k++)
            product[n] = ball_add(product[n], ball_mul(a[k], b[n - k]));
    }
}

static void whole_power(int order, const struct ball *a, int p, struct ball *power)
{
    struct ball sum[CLOCK_ORDER_MAX + 1];
    memcpy(power, a, (size_t)(order + 1) * sizeof *power);
    for (int k = 1; k < p; k++) {
        power_series_product(order, power, a, sum);
        memcpy(power, sum, (size_t)(order + 1) * sizeof *power);
    }
}

/* n u_0 y_n = sum_(k=1..n) ((p + 1) k - n) u_k y_(n-k) */
static void real_power(int order, const struct ball *u, struct ball p, struct ball *y)
{
    y[0] = ball_power(u[0], p);
    for (int n = 1; n <= order; n++) {
        struct ball sum = ball_of(0);
        for (int k = 1; k <= n; k++) {
            const struct ball factor =
                ball_sub(ball_mul(ball_add(p, ball_of(1)), ball_of(k)), ball_of(n));
            sum = ball_add(sum, ball_mul(factor, ball_mul(u[k], y[n - k])));
        }
        y[n] = ball_div(sum, ball_mul(ball_of(n), u[0]));
    }
}

void power_series_power(int order, const struct ball *a, struct ball p, struct ball *power)
{
    const int whole = power_data_whole(p);
    if (whole > 0)
        whole_power(order, a, whole, power);
    else
        real_power(order, a, p, power);
}
