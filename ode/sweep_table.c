/* Tsitouras's pair 5(4), seven stages of which the last is the first of the next step.
 *
 * Lanes need the way to a hundredth only, (J1): there a method of order 5 takes hardly more steps
 * than one of order 8, at half the evaluations.  The estimate is the difference from the embedded
 * solution of order 4, so that the result is better than the tolerance says.  Source: Tsitouras,
 * Runge-Kutta pairs of order 5(4) satisfying only the first column simplifying assumption, Computers
 * and Mathematics with Applications 62 (2011) 770-775. */
#include "ode/sweep_table.h"

#define RESULT                                                                                     \
    {                                                                                              \
        9.646076681806523e-2, 1e-2, 4.798896504144996e-1, 1.379008574103742, -3.290069515436081,   \
            2.324710524099774                                                                      \
    }

const struct sweep_table sweep_table = {
    .stages = SWEEP_STAGES,
    .order = 5,
    .embedded = {4},
    .a = {[1] = {1.61e-1},
          [2] = {-8.480655492356989e-3, 3.35480655492357e-1},
          [3] = {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
          [4] = {5.325864828439257, -1.1748883564062828e1, 7.4955393428898365,
                 -9.249506636175525e-2},
          [5] = {5.86145544294642, -1.292096931784711e1, 8.159367898576159, -7.1584973281401e-2,
                 -2.8269050394068383e-2},
          [6] = RESULT},
    .b = RESULT,
    .estimate = {{-1.78001105222577714e-3, -8.164344596567469e-4, 7.880878010261995e-3,
                  -1.447110071732629e-1, 5.823571654525552e-1, -4.5808210592918697e-1, 1.0 / 66}},
};
