/* SUNLinSol_SPGMR outside of an integrator.  Source: SUNDIALS 6.4 user guide, section 9.5. */
#include "ode/krylov.h"

#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_linearsolver.h>
#include <sunlinsol/sunlinsol_spgmr.h>

enum { VECTORS_MOST = 60, RESTARTS = 1 }; /* of memory 60 n; a spectrum in clusters needs few */

struct krylov {
    size_t n;
    krylov_apply *apply;
    void *data;
    SUNContext context;
    N_Vector b, d;
    SUNLinearSolver solver;
};

static int times(void *user, N_Vector v, N_Vector Av)
{
    const struct krylov *krylov = user;
    return krylov->apply(krylov->data, N_VGetArrayPointer(v), N_VGetArrayPointer(Av)) == OK ? 0 : 1;
}

void krylov_free(struct krylov *krylov)
{
    if (!krylov)
        return;
    if (krylov->solver)
        SUNLinSolFree(krylov->solver);
    if (krylov->b)
        N_VDestroy(krylov->b);
    if (krylov->d)
        N_VDestroy(krylov->d);
    if (krylov->context)
        SUNContext_Free(&krylov->context);
    free(krylov);
}

struct krylov *krylov_create(size_t n, krylov_apply *apply, void *data)
{
    struct krylov *krylov = calloc(1, sizeof *krylov);
    if (!krylov)
        return NULL;
    const int vectors = n < VECTORS_MOST ? (int)n : VECTORS_MOST;
    krylov->n = n;
    krylov->apply = apply;
    krylov->data = data;
    if (!SUNContext_Create(NULL, &krylov->context) &&
        (krylov->b = N_VNew_Serial((sunindextype)n, krylov->context)) &&
        (krylov->d = N_VNew_Serial((sunindextype)n, krylov->context)) &&
        (krylov->solver = SUNLinSol_SPGMR(krylov->d, SUN_PREC_NONE, vectors, krylov->context)) &&
        !SUNLinSol_SPGMRSetMaxRestarts(krylov->solver, RESTARTS) &&
        !SUNLinSolSetATimes(krylov->solver, krylov, times) && !SUNLinSolInitialize(krylov->solver))
        return krylov;
    krylov_free(krylov);
    return NULL;
}

enum status krylov_solve(struct krylov *krylov, const double *b, double tolerance, double *d)
{
    memcpy(N_VGetArrayPointer(krylov->b), b, krylov->n * sizeof *b);
    N_VConst(0, krylov->d);
    int code = SUNLinSolSetZeroGuess(krylov->solver, SUNTRUE);
    code = code ? code : SUNLinSolSetup(krylov->solver, NULL);
    code = code ? code : SUNLinSolSolve(krylov->solver, NULL, krylov->d, krylov->b, tolerance);
    if (code != SUNLS_SUCCESS && code != SUNLS_RES_REDUCED)
        return status_fail(SOLVER_FAILED, "GMRES: code %d", code);
    memcpy(d, N_VGetArrayPointer(krylov->d), krylov->n * sizeof *d);
    return OK;
}
