/* Python with NumPy and SciPy: field, Jacobian, start and parameters for scipy.integrate.solve_ivp.
 *
 *     python3 FILE.py [TIME [METHOD]]     integrates to TIME (1) by METHOD (DOP853), prints the state
 *
 * NumPy's functions return inf and nan where those of `math` would raise.  field() and jacobian() take the
 * parameters one by one, behind time and state, as solve_ivp's `args` passes them. */
#include "base/number.h"
#include "export/listing.h"

static const char *const reserved[] = {
    "False",   "None",     "True",     "and",    "as",   "assert", "async",      "await",
    "break",   "class",    "continue", "def",    "del",  "elif",   "else",       "except",
    "finally", "for",      "from",     "global", "if",   "import", "in",         "is",
    "lambda",  "nonlocal", "not",      "or",     "pass", "raise",  "return",     "try",
    "while",   "with",     "yield",    "np",     "sys",  "erf",    "solve_ivp",  "time",
    "state",   "field",    "jacobian", "J",      "x0",   "names",  "parameters", "print",
    "float",   "len",      NULL};

static const struct language_call calls[] = {{&function_abs, "np.abs"},
                                             {&function_acos, "np.arccos"},
                                             {&function_asin, "np.arcsin"},
                                             {&function_atan, "np.arctan"},
                                             {&function_cos, "np.cos"},
                                             {&function_cosh, "np.cosh"},
                                             {&function_erf, "erf"},
                                             {&function_exp, "np.exp"},
                                             {&function_heav, "np.heaviside($1, 1.0)"},
                                             {&function_ln, "np.log"},
                                             {&function_log10, "np.log10"},
                                             {&function_max, "np.maximum"},
                                             {&function_min, "np.minimum"},
                                             {&function_sign, "np.sign"},
                                             {&function_sin, "np.sin"},
                                             {&function_sinh, "np.sinh"},
                                             {&function_sqrt, "np.sqrt"},
                                             {&function_tan, "np.tan"},
                                             {&function_tanh, "np.tanh"},
                                             {NULL, NULL}};

static void fraction(const struct equations_number *number, FILE *file)
{
    const struct expression written = {.value = number->value, .text = number->text};
    language_real(NULL, &written, file);
}

/* def NAME(time, state, c1, ...): and its first lines */
static void function_begin(const struct listing *l, const char *name, FILE *file)
{
    const struct equations *e = listing_equations(l);
    fprintf(file, "\n\ndef %s(time, state", name);
    for (size_t k = 0; k < e->parameters; k++)
        fprintf(file, ", %s", listing_parameter(l, k));
    fputs("):\n    ", file);
    for (size_t i = 0; i < e->unknowns; i++)
        fprintf(file, "%s%s", i ? ", " : "", listing_unknown(l, i));
    fprintf(file, "%s = state\n", e->unknowns == 1 ? "," : "");
    for (size_t k = 0; k < listing_parts(l); k++) {
        fprintf(file, "    %s = ", listing_part(l, k));
        listing_part_formula(l, k, file);
        fputc('\n', file);
    }
}

static enum status field(struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    TRY(listing_plan(l, e->unknowns, e->right));
    function_begin(l, "field", file);
    fputs("    return np.array([", file);
    for (size_t i = 0; i < e->unknowns; i++) {
        fputs(i ? ",\n                     " : "", file);
        listing_formula(l, e->right[i], file);
    }
    fputs("], dtype=float)\n", file);
    return OK;
}

static enum status jacobian(struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    const size_t n = e->unknowns;
    TRY(listing_plan(l, n * n, e->jacobian));
    function_begin(l, "jacobian", file);
    fprintf(file, "    J = np.zeros((%zu, %zu))\n", n, n);
    for (size_t k = 0; k < n * n; k++) {
        if (expression_is(e->arena, e->jacobian[k], 0))
            continue;
        fprintf(file, "    J[%zu, %zu] = ", k / n, k % n);
        listing_formula(l, e->jacobian[k], file);
        fputc('\n', file);
    }
    fputs("    return J\n", file);
    return OK;
}

static void head_write(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    fputs("import sys\n\nimport numpy as np\nfrom scipy.integrate import solve_ivp\n", file);
    if (listing_calls(l, &function_erf))
        fputs("from scipy.special import erf\n", file);
    fputs("\nnames = [", file);
    for (size_t i = 0; i < e->unknowns; i++)
        fprintf(file, "%s\"%s\"", i ? ", " : "", listing_unknown(l, i));
    fputs("]\nx0 = [", file);
    for (size_t i = 0; i < e->unknowns; i++) {
        fputs(i ? ", " : "", file);
        fraction(&e->unknown[i], file);
    }
    fputs("]\nparameters = (", file);
    for (size_t k = 0; k < e->parameters; k++) {
        fraction(&e->parameter[k], file);
        fprintf(file, ",%s", k + 1 < e->parameters ? " " : "");
    }
    fputs(")  #", file);
    for (size_t k = 0; k < e->parameters; k++)
        fprintf(file, "%s %s", k ? "," : "", listing_parameter(l, k));
    fputs(e->parameters ? "\n" : " none\n", file);
}

static const char main_part[] =
    "\n\n"
    "if __name__ == \"__main__\":\n"
    "    end = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0\n"
    "    method = sys.argv[2] if len(sys.argv) > 2 else \"DOP853\"\n"
    "    more = {\"jac\": jacobian} if method in (\"Radau\", \"BDF\", \"LSODA\") else {}\n"
    "    run = solve_ivp(field, (0.0, end), x0, method=method, rtol=1e-12, atol=1e-13, "
    "args=parameters, **more)\n"
    "    if not run.success:\n"
    "        sys.exit(run.message)\n"
    "    print(\" \".join(\"%.17g\" % value for value in run.y[:, -1]))\n";

static enum status python_write(struct listing *l, const struct language_head *head, FILE *file)
{
    language_comment(l, head, "# ", file);
    head_write(l, file);
    TRY(field(l, file));
    TRY(jacobian(l, file));
    fputs(main_part, file);
    return OK;
}

const struct language language_python = {.name = "python",
                                         .title = "Python with SciPy",
                                         .power = "**",
                                         .reserved = reserved,
                                         .call = calls,
                                         .name_most = UNKNOWN_NAME_MAX - 2,
                                         .number = language_fraction,
                                         .write = python_write};
