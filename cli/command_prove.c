/* settle prove: what can be decided exactly.
 *
 * Steps: the problem and its start, read as rationals; the exact limit; its certificate, where --out
 * asks for one; print.  Nothing is integrated.
 * The exit status is the verdict: decided, or undecided with a reason. */
#include "cli/command.h"

#include "cli/exact_from_options.h"
#include "cli/exact_result.h"
#include "cli/prove_box.h"
#include "cli/prove_certificate.h"
#include "cli/prove_convergence.h"
#include "cli/prove_folder.h"
#include "cli/prove_integrals.h"
#include "cli/prove_theorem.h"
#include "cli/terminal.h"

#include <string.h>

enum { DIGITS_STANDARD = 50 };
static const double COUNT_WORTH_SAYING = 0.1; /* s */

static enum status text_print(const struct exact_result *result, const struct options *options,
                              const struct prove_certificate *certificate)
{
    struct columns *columns = columns_create("ll");
    exact_result_question_lines(result, columns);
    exact_result_lines(result, columns);
    if (options_given(options, OPTION_out))
        prove_certificate_lines(certificate, options->text[OPTION_out], columns);
    if (result->limit) {
        columns_cell(columns, "time");
        columns_seconds(columns, result->seconds);
        if (result->seconds_of_index > COUNT_WORTH_SAYING) {
            columns_cell(columns, "  count of zeros");
            columns_seconds(columns, result->seconds_of_index);
        }
    }
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static enum status result_print(const struct exact_result *result, const struct options *options,
                                const struct prove_certificate *certificate)
{
    if (options_given(options, OPTION_json))
        return json_print(exact_result_json(result), stdout);
    return text_print(result, options, certificate);
}

/* Certificate and answer; closes the manifest. */
static enum status result_save(struct exact_result *result, const struct options *options,
                               struct manifest *manifest, struct prove_certificate *certificate)
{
    struct progress *progress = terminal_wait_begin(options, "certificate");
    const enum status status = prove_certificate_save(result, options, manifest, certificate);
    terminal_wait_end(progress);
    result->certificate = *certificate->file ? certificate->file : NULL;
    if (status == OK)
        return prove_folder_close(manifest, exact_result_json(result));
    manifest_free(manifest);
    return status;
}

/* Saves if the manifest is there, and prints. */
static enum status save_and_print(const struct exact_result *result, const struct options *options,
                                  struct manifest *manifest)
{
    struct prove_certificate certificate = {.file = ""};
    struct exact_result with_file = *result;
    enum status status = OK;
    if (manifest)
        status = result_save(&with_file, options, manifest, &certificate);
    if (status == OK)
        status = result_print(&with_file, options, &certificate);
    prove_certificate_free(&certificate);
    return status;
}

static enum status prove_statement(struct exact_result *result, const struct options *options,
                                   enum exit_code *exit_code)
{
    struct limit *limit = NULL;
    struct manifest *manifest = NULL;
    TRY(prove_folder_open(options, &manifest));
    enum status status = OK;
    struct progress *progress = terminal_wait_begin(options, result->given->flow->title);
    if (result->statement)
        status = exact_result_decide(result, &limit);
    terminal_wait_end(progress);
    if (status != OK) {
        manifest_free(manifest);
        return status;
    }
    if (limit && limit->ending != ENDING_HORIZON) {
        *exit_code = EXIT_HOLDS;
        status = save_and_print(result, options, manifest);
    } else {
        const struct prove_convergence question = {.options = options,
                                                   .given = result->given,
                                                   .why_not_exact =
                                                       limit ? limit->reason : result->why_not,
                                                   .manifest = manifest};
        status = prove_convergence_run(&question, exit_code);
    }
    limit_free(limit);
    return status;
}

/* A box of starts: there is no one limit to decide. */
static enum status prove_box(const struct options *options, const struct problem_given *given,
                             enum exit_code *exit_code)
{
    struct prove_convergence question = {.options = options, .given = given};
    TRY(prove_folder_open(options, &question.manifest));
    return prove_convergence_run(&question, exit_code);
}

static enum status prove_given(const struct options *options, const struct problem_given *given,
                               enum exit_code *exit_code)
{
    struct statement *statement = NULL;
    struct exact_result result = {.given = given, .digits = DIGITS_STANDARD};
    if (options_given(options, OPTION_digits))
        result.digits = (slong)options->digits;
    if (options_given(options, OPTION_radius))
        return prove_box(options, given, exit_code);
    TRY(exact_from_options(options, given, &statement, &result.why_not));
    result.statement = statement;
    const enum status status = prove_statement(&result, options, exit_code);
    statement_free(statement);
    return status;
}

/* What is to be proved of a system. */
typedef enum status prove_way(const struct options *options, const struct problem_given *given,
                              enum exit_code *exit_code);

static prove_way *way_of(const struct options *options)
{
    if (prove_integrals_is_asked(options))
        return prove_integrals_run;
    return options_given(options, OPTION_within) ? prove_box_run : prove_given;
}

/* Limits of x' = Q(x) are roots of Q, which the prediction isolates; there is nothing else to prove
 * of one trajectory. */
static enum status check_system(const struct options *options)
{
    if (strcmp(options->word[0], "polynomial") != 0)
        return OK;
    return status_fail(BAD_ARGUMENT,
                       "polynomial: the limit is the next root of Q, which settle run polynomial "
                       "--q ... predicts; no certificate is made of it; settle verify t1-limit "
                       "tries the theorem");
}

static enum status prove_run(const struct options *options, enum exit_code *exit_code)
{
    struct problem_given given;
    if (prove_theorem_is_asked(options))
        return prove_theorem_run(options, exit_code);
    TRY(check_system(options));
    TRY(problem_from_options(options, &given));
    const enum status status = way_of(options)(options, &given, exit_code);
    problem_given_free(&given);
    return status;
}

const struct command command_prove = {
    .name = "prove",
    .title = "exact limits to any number of digits, first integrals, theorems, certificates",
    .arguments = "SYSTEM|THEOREM|FILE.ode",
    .help =
        "Decides where a trajectory goes in exact rationals and rigorous balls, without\n"
        "integrating: the limit, which zero of the error on its leaf it is, its multiplicity, the\n"
        "rate, and the theorem of notes/exact.md that stands behind it.  Covered are chain and "
        "fan\n"
        "under bp, rbp, srbp, arbp and asrbp, chains of whole powers, and the autoencoder "
        "A[N,1,N]\n"
        "with white inputs.  Every other linear network (hidden, deep, and what is undecided) is\n"
        "followed to many digits with a bound on what that leaves out, until it is in a trap from\n"
        "which the error decays: convergence certified, notes/trap.md; --radius R does it for all\n"
        "starts that differ by at most R in every coordinate.  Numbers of the command line are\n"
        "rationals: 0.1 is 1/10.  What is printed as `direct c` is the feedback weight of each "
        "layer\n"
        "under srbp; under rbp it is the product of the weights --c from the layer up.\n"
        "A rate is the eigenvalue at the limit, negative where the orbit settles; `at least` is "
        "said of\n"
        "the speed, positive.  The radius is that of the ball around the limit of which the digits "
        "are.\n"
        "Of a THEOREM (settle list theorems) it runs the exact proof, for all parameters at once,\n"
        "step by step, and shows that the proof fails without its hypothesis; --out DIR saves the\n"
        "steps, and of convergence on chains a certificate for each depth up to 24.\n"
        "With --within it is one proof for a box of data: chains under rbp and srbp, every number "
        "of\n"
        "c, init, alpha and beta varied; a limit box, a uniform rate, or the share of the volume "
        "that\n"
        "is undecided.\n"
        "With --integrals, --integral, --cofactor or --laws it proves what is conserved instead:\n"
        "all polynomial first integrals up to a degree, with the proof that there are no others;\n"
        "one that is given; Darboux polynomials; how many laws hold whatever the data are.\n"
        "--out DIR saves the answer as --json prints it, answer.json, and what was proved of a "
        "SYSTEM\n"
        "as certificates, which settle-check proves again without this program;\n"
        "notes/certificates.md.\n"
        "Exit status: 0 decided or proved, 1 a given integral is refuted, 3 undecided (with the\n"
        "reason).\n"
        "\n"
        "example: a tie that doubles cannot see.  From (-2, 1/2) the error has a double zero at\n"
        "(-1, -1), where the orbit stops.  One digit in the fortieth place moves the limit to (2, "
        "1/2):\n"
        "  settle prove chain --init -2,1/2\n"
        "  settle prove chain --init -2,0.5000000000000000000000000000000000000001\n"
        "The second start is another trajectory, with another limit; as doubles the two are the\n"
        "same.\n"
        "\n"
        "example: a blow-up time to 40 digits\n"
        "  settle prove chain --rule srbp --c 1,-1 --init 2,-1 --digits 40\n"
        "\n"
        "example: convergence of A[2,2,2], certified, from a point and from a box\n"
        "  settle prove hidden --sizes 2,2,2 --init 1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5\n"
        "  settle prove hidden --sizes 2,2,2 --init 1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5 --radius "
        "1/1000\n"
        "\n"
        "example: Theorem 4 of Baldi, Sadowski and Lu (2018), for all data at once\n"
        "  settle prove t4-converges\n"
        "and the curve at which equilibria of A[1,1,1] are born, drawn in curve/\n"
        "  settle prove t2-leaf-intersections --out curve\n"
        "\n"
        "example: convergence of A[1,1,1,1] for all seven data, ten per cent up and down\n"
        "  settle prove chain --depth 3 --within 1/10\n"
        "\n"
        "example: what one hidden layer conserves under random backpropagation\n"
        "  settle prove hidden --sizes 2,2,2 --integrals --degree 4 --laws\n"
        "and whether a given polynomial is conserved, for all parameters\n"
        "  settle prove chain --integral \"a1^2 - 2*c1*a2\"\n"
        "\n"
        "example: a certificate, and its check\n"
        "  settle prove chain --init -2,1 --out proofs\n"
        "  settle-check proofs/limit.certificate\n",
    .options =
        "activation alpha beta c cofactor data degree depth digits horizon init integral integrals "
        "json lambda laws mu no-derivative out par quiet radius rates rule sigma-ii sigma-ti sizes "
        "within",
    .least = 1,
    .most = 1,
    .run = prove_run,
};
