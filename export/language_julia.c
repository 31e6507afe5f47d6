/* Julia, for the ODEProblem of DifferentialEquations.jl: field!, jacobian!, start and parameters.
 *
 *     julia FILE.jl [TIME]     integrates to TIME (1) and prints the state; include("FILE.jl") gives `problem`
 *
 * All numbers are floating point, so that no whole power overflows an integer.  One assignment a line. */
#include "export/listing.h"

static const char *const reserved[] = {
    "baremodule", "begin",     "break",  "catch", "const",      "continue", "do",        "else",
    "elseif",     "end",       "export", "false", "finally",    "for",      "function",  "global",
    "if",         "import",    "let",    "local", "macro",      "module",   "quote",     "return",
    "struct",     "true",      "try",    "using", "while",      "in",       "isa",       "where",
    "im",         "pi",        "e",      "J",     "state",      "change",   "parameter", "time",
    "field!",     "jacobian!", "names",  "x0",    "parameters", "problem",  "solution",  "finish",
    "heav",       "abs",       "acos",   "asin",  "atan",       "cos",      "cosh",      "erf",
    "exp",        "log",       "log10",  "max",   "min",        "sign",     "sin",       "sinh",
    "sqrt",       "tan",       "tanh",   NULL};

static const struct language_call calls[] = {{&function_ln, "log"}, {NULL, NULL}};

static void real(const struct equations_number *number, FILE *file)
{
    const struct expression written = {.value = number->value, .text = number->text};
    language_real(NULL, &written, file);
}

/* function NAME(to, state, parameter, time), and its first lines */
static void function_begin(const struct listing *l, const char *name, const char *to, FILE *file)
{
    const struct equations *e = listing_equations(l);
    fprintf(file, "\nfunction %s(%s, state, parameter, time)\n", name, to);
    for (size_t i = 0; i < e->unknowns; i++)
        fprintf(file, "    %s = state[%zu]\n", listing_unknown(l, i), i + 1);
    for (size_t k = 0; k < e->parameters; k++)
        fprintf(file, "    %s = parameter[%zu]\n", listing_parameter(l, k), k + 1);
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
    function_begin(l, "field!", "change", file);
    for (size_t i = 0; i < e->unknowns; i++) {
        fprintf(file, "    change[%zu] = ", i + 1);
        listing_formula(l, e->right[i], file);
        fputc('\n', file);
    }
    fputs("    return nothing\nend\n", file);
    return OK;
}

static enum status jacobian(struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    const size_t n = e->unknowns;
    TRY(listing_plan(l, n * n, e->jacobian));
    function_begin(l, "jacobian!", "J", file);
    for (size_t k = 0; k < n * n; k++) {
        fprintf(file, "    J[%zu, %zu] = ", k / n + 1, k % n + 1);
        listing_formula(l, e->jacobian[k], file);
        fputc('\n', file);
    }
    fputs("    return nothing\nend\n", file);
    return OK;
}

static void head_write(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    fputs("using DifferentialEquations\n", file);
    if (listing_calls(l, &function_erf))
        fputs("using SpecialFunctions: erf\n", file);
    fputs("\nnames = [", file);
    for (size_t i = 0; i < e->unknowns; i++)
        fprintf(file, "%s\"%s\"", i ? ", " : "", listing_unknown(l, i));
    fputs("]\nx0 = [", file);
    for (size_t i = 0; i < e->unknowns; i++) {
        fputs(i ? ", " : "", file);
        real(&e->unknown[i], file);
    }
    fputs("]\nparameters = Float64[", file);
    for (size_t k = 0; k < e->parameters; k++) {
        fputs(k ? ", " : "", file);
        real(&e->parameter[k], file);
    }
    fputs("]  #", file);
    for (size_t k = 0; k < e->parameters; k++)
        fprintf(file, "%s %s", k ? "," : "", listing_parameter(l, k));
    fputs(e->parameters ? "\n" : " none\n", file);
    if (listing_calls(l, &function_heav))
        fputs("\nheav(u) = u >= 0 ? 1.0 : 0.0\n", file);
}

static const char main_part[] =
    "\n"
    "problem = ODEProblem(ODEFunction(field!; jac = jacobian!), x0, (0.0, 1.0), parameters)\n"
    "\n"
    "if abspath(PROGRAM_FILE) == @__FILE__\n"
    "    finish = isempty(ARGS) ? 1.0 : parse(Float64, ARGS[1])\n"
    "    solution = solve(remake(problem; tspan = (0.0, finish)), Vern9(); reltol = 1e-12, abstol "
    "= 1e-13)\n"
    "    println(join(solution.u[end], \" \"))\n"
    "end\n";

static enum status julia_write(struct listing *l, const struct language_head *head, FILE *file)
{
    language_comment(l, head, "# ", file);
    head_write(l, file);
    TRY(field(l, file));
    TRY(jacobian(l, file));
    fputs(main_part, file);
    return OK;
}

const struct language language_julia = {.name = "julia",
                                        .title = "Julia with DifferentialEquations.jl",
                                        .power = "^",
                                        .reserved = reserved,
                                        .call = calls,
                                        .name_most = UNKNOWN_NAME_MAX - 2,
                                        .number = language_real,
                                        .write = julia_write};
